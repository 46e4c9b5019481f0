import Face
public import Media

/// Warps brows, lids, cheeks and nose of a filmed face to an emotion, and turns the head by a few degrees.
///
/// The mouth is drawn by `MouthRenderer`. A warp keeps its memory and is used by one thread at a time.
public final class ExpressionWarp: @unchecked Sendable {
    /// Half the width and height of the region that can move, around the middle of the face, in face units: a little
    /// less than that of stills (1.95 × 2.05 in Lipsmith's photo study). Unmeasured.
    private static let reach = SIMD2<Float>(1.8, 1.9)
    /// The distance of the grid's nodes in face units: 0.05 to 0.06 is enough for a face (photo study, section 2).
    private static let gridStep: Float = 0.06
    /// Motion is faded out over this distance from the region's border, in face units. Unmeasured.
    private static let fade: Float = 0.35

    /// The mesh points that `apply` needs of every frame.
    public static let trackedPoints: [Int] = {
        // Two thirds of the jaw's points hold it as well as all of them, in less time.
        let jaw = Set(Landmarks.jaw.enumerated().filter { $0.offset % 3 != 0 }.map(\.element))
        return PortraitPoints.common.filter { !jaw.contains($0) || PortraitPoints.oval.contains($0) }
    }()
    private static let outline = PortraitPoints.oval.map { trackedPoints.firstIndex(of: $0)! }

    private var spline = ThinPlateSpline()
    private var centers: [SIMD2<Float>] = []
    private var values: [SIMD2<Float>] = []
    private var nodes: [SIMD2<Float>] = []
    private let warp = RegionWarp()

    public init() {}

    /// Warps the face of one frame in place.
    ///
    /// - Parameters:
    ///   - frame: Is made writable first.
    ///   - track: The points `trackedPoints`, with the rows of `scene`.
    ///   - offsets: For each of the 468 points, in canonical units; empty for none.
    ///   - share: The share of `offsets` and `turn` that is applied, 0…1.
    /// - Throws: `MediaError` when the frame cannot be made writable.
    public func apply(
        _ frame: VideoFrame, scene: SpeakerScene, track: LandmarkTrack, row: Int, offsets: [SIMD3<Float>],
        turn: HeadTurn, share: Float
    ) throws {
        guard share > 0 else { return }
        try frame.makeWritable()
        let pose = scene.poses[row]
        let unit = pose.unitPixels
        let turn = turn.scaled(by: share)
        centers.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        var outline: [SIMD3<Float>] = []
        for (slot, point) in Self.trackedPoints.enumerated() {
            let place = track.point(row, slot)
            let canonical = pose.canonical(place)
            let offset = offsets.isEmpty ? .zero : offsets[point] * share
            move(SIMD2(place.x, place.y), to: pose.picture(turn.apply(canonical + offset)), unit)
        }
        for slot in Self.outline { outline.append(pose.canonical(track.point(row, slot))) }
        let middle = outline.reduce(.zero, +) / Float(outline.count)
        // Hair and neck follow the head (ring 1 of the photo study); a ring further out stands still.
        for (index, point) in outline.enumerated() where index % 2 == 0 {
            let offset = point - middle
            let near = middle + SIMD3(offset.x * 1.38, offset.y * 1.42, offset.z + 0.25)
            move(pose.picture(near), to: pose.picture(turn.apply(near, share: near.y > 1 ? 0.35 : 0.9)), unit)
            let far = pose.picture(middle + SIMD3(offset.x * 2.3, offset.y * 2.1, offset.z))
            move(far, to: far, unit)
        }
        spline.fit(centers: centers, values: values)
        let center = pose.picture(middle)
        let region = PixelRegion(
            from: center - Self.reach * unit, to: center + Self.reach * unit, pictureWidth: frame.width,
            pictureHeight: frame.height)
        guard !region.isEmpty else { return }
        let low = SIMD2(Float(region.left), Float(region.top)) / unit
        let high = low + SIMD2(Float(region.width), Float(region.height)) / unit
        let grid = Grid(from: low, to: high, step: Self.gridStep)
        spline.evaluate(on: grid, into: &nodes)
        for line in 0..<grid.rows {
            for column in 0..<grid.columns {
                let place = grid.origin + SIMD2(Float(column), Float(line)) * grid.step
                // Motion ends before the region does, so that its border is not visible.
                let inside = min(
                    min(place.x - low.x, high.x - place.x), min(place.y - low.y, high.y - place.y))
                nodes[line * grid.columns + column] *= smoothStep(grid.step, Self.fade, inside)
            }
        }
        warp.apply(nodes, grid, to: frame, region, unit: unit)
    }

    private func move(_ from: SIMD2<Float>, to: SIMD2<Float>, _ unit: Float) {
        centers.append(to / unit)
        values.append((from - to) / unit)
    }
}
