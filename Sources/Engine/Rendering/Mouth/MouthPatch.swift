import CKernels
import Face
import Media

/// Layer 2 of a drawn mouth: a mouth from the speaker's own pictures, warped to the wanted shape and pose.
///
/// Upper and lower lip are warped by two splines that are cut along the lip line: a single spline would have to
/// separate or join coincident points, and smears teeth over closed lips.
final class MouthPatch {
    // Lengths are in face units.

    /// The skin around the outer lips that the patch covers: more than the mask of `PatchBlend` (0.13) needs.
    private static let margin: Float = 0.16
    /// The distance of the splines' grid nodes. Lipsmith's video study (version B) has 32 nodes over about 1.1.
    /// Unmeasured.
    private static let gridStep: Float = 0.045
    /// The distance of the nodes of a fine patch. Unmeasured.
    private static let fineGridStep: Float = 0.03
    /// In wanted gaps below this the lips are pushed together beyond touching. Unmeasured.
    private static let touchingGap: Float = 0.035
    /// How far either lip is pushed over the other in a wanted gap of 0. Unmeasured.
    private static let touchingOverlap: Float = 0.018
    /// The share of the overlap for the inner lip points from corner to corner: the corners stay in place.
    private static let overlapTaper: [Float] = [0, 0.3, 0.7, 1, 1, 1, 0.7, 0.3, 0]

    private static let upperPoints = MouthIndex.upperOuter + MouthIndex.upperInner + MouthIndex.corners + MouthIndex.jaw
    private static let lowerPoints = MouthIndex.lowerOuter + MouthIndex.lowerInner + MouthIndex.corners + MouthIndex.jaw

    /// `gridStep` or `fineGridStep`.
    private let gridStep: Float
    private var upperSpline = ThinPlateSpline()
    private var lowerSpline = ThinPlateSpline()
    private var upperNodes: [SIMD2<Float>] = []
    private var lowerNodes: [SIMD2<Float>] = []
    /// The chosen picture's mouth: canonical places and pixels of `SpeakerPoints.mouthPoints`.
    private var shownShape: [SIMD3<Float>] = []
    private var source: [SIMD2<Float>] = []
    private var targets: [SIMD2<Float>] = []
    private var centers: [SIMD2<Float>] = []
    private var motions: [SIMD2<Float>] = []
    private let lines = Scratch<Float>()
    private let accumulated = [Scratch<Float>(), Scratch<Float>(), Scratch<Float>()]

    /// The region of the last patch.
    private(set) var region = PixelRegion(from: .zero, to: .zero, pictureWidth: 0, pictureHeight: 0)

    /// - Parameter isFine: Whether the splines are evaluated on a finer grid, for close-ups.
    init(isFine: Bool) { gridStep = isFine ? Self.fineGridStep : Self.gridStep }

    /// The values of the last patch in one plane (0 luma, 1 and 2 chroma), line by line over `region`.
    func values(_ plane: Int) -> UnsafeMutablePointer<Float> { accumulated[plane].base }

    /// Draws the patch into its own memory (`region`, `values`).
    ///
    /// - Returns: `false` when the patch lies outside the picture.
    func draw(
        _ placement: MouthPlacement, interior: MouthInterior, choice: MouthPictureChoice, scene: SpeakerScene,
        bank: MouthBank, frame: VideoFrame
    ) -> Bool {
        let (unit, outline) = (placement.unit, placement.outline)
        let low = outline.reduce(outline[0], pointwiseMin) - Self.margin * unit
        let high = outline.reduce(outline[0], pointwiseMax) + Self.margin * unit
        region = PixelRegion(from: low, to: high, pictureWidth: frame.width, pictureHeight: frame.height)
        guard !region.isEmpty else { return false }
        for plane in 0..<3 {
            let count = (region.width * region.height) >> (plane == 0 ? 0 : 2)
            accumulated[plane].reserve(count).update(repeating: 0, count: count)
        }
        let painted = bank.painted?.view(placement, skin: interior.skin, black: interior.black)
        for part in choice.parts where part.weight > 0 {
            draw(
                bank.entries[part.entry], part, at: placement, interior: interior, painted: painted, scene: scene)
        }
        return true
    }

    private func draw(
        _ entry: MouthBank.Entry, _ part: MouthPictureChoice.Part, at placement: MouthPlacement,
        interior: MouthInterior, painted: PaintedInterior.View?, scene: SpeakerScene
    ) {
        let (pose, unit) = (placement.pose, placement.unit)
        let center = (placement.to[MouthIndex.upperMiddle] + placement.to[MouthIndex.lowerMiddle]) / 2
        let corner = SIMD2(Float(entry.picture.left), Float(entry.picture.top))
        scene.readOwnShape(entry.row, into: &shownShape)
        source.refill(SpeakerPoints.mouth) { scene.picturePoint(entry.row, $0) }
        let shownOpening = MouthPath.opening(shownShape)
        let down = pose.picture(SIMD3(0, 1, 0)) - pose.picture(.zero)
        func fit(_ spline: inout ThinPlateSpline, _ points: [Int], inner: [Int], direction: Float) {
            targets.refill(placement.to) { $0 }
            for (place, index) in inner.enumerated() {
                let overlap = lipOverlap(at: place, placement.shape, shown: shownOpening)
                targets[index] += down * (overlap * direction)
            }
            centers.refill(points) { (targets[$0] - center) / unit }
            motions.refill(points) { (source[$0] - targets[$0]) / unit }
            for slot in SpeakerPoints.anchors {
                let to = pose.picture(scene.canonicalPoint(entry.row, slot))
                centers.append((to - center) / unit)
                motions.append((scene.picturePoint(entry.row, slot) - to) / unit)
            }
            spline.fit(centers: centers, values: motions)
        }
        fit(&upperSpline, Self.upperPoints, inner: MouthIndex.upperInner, direction: 1)
        fit(&lowerSpline, Self.lowerPoints, inner: MouthIndex.lowerInner, direction: -1)
        let origin = (SIMD2(Float(region.left), Float(region.top)) - center) / unit
        let size = SIMD2(Float(region.width), Float(region.height)) / unit
        let grid = Grid(from: origin, to: origin + size, step: gridStep)
        upperSpline.evaluate(on: grid, into: &upperNodes)
        lowerSpline.evaluate(on: grid, into: &lowerNodes)

        let view = interior.view(
            of: placement.shape, pose: pose, from: shownShape, bankPose: scene.poses[entry.row])
        for plane in 0..<3 {
            drawPlane(
                plane, entry.picture, part, unit: unit, grid: grid, corner: corner, interior: view,
                painted: painted)
        }
    }

    /// How far a pair of inner lip points is pushed together beyond touching, in face units.
    ///
    /// The mesh's inner edges lie a little inside the mouth. Where the wanted lips meet and the picture's do not, a
    /// bright line of teeth would remain between lips that only touch.
    ///
    /// - Parameters:
    ///   - place: The pair's index in `MouthIndex.upperInner`.
    ///   - shown: The opening in the picture.
    private func lipOverlap(at place: Int, _ shape: [SIMD3<Float>], shown: Float) -> Float {
        let need = smoothStep(0.01, 0.05, shown)
        let gap = shape[MouthIndex.lowerInner[place]].y - shape[MouthIndex.upperInner[place]].y
        return Self.touchingOverlap * Self.overlapTaper[place] * need * smoothStep(Self.touchingGap, 0, gap)
    }

    private func drawPlane(
        _ plane: Int, _ picture: MouthPicture, _ part: MouthPictureChoice.Part, unit: Float, grid: Grid,
        corner: SIMD2<Float>, interior: MouthInterior.View, painted: PaintedInterior.View?
    ) {
        let shift = plane == 0 ? 0 : 1
        let (width, height) = (region.width >> shift, region.height >> shift)
        let sampling = PlaneSampling(plane: plane, corner: corner)
        let xs = lines.reserve(4 * width)
        let ys = xs + width
        let (between, sampled) = (ys + width, ys + 2 * width)
        picture.withPlane(plane) { source in
            interior.gap.withKernelGap(softness: max(0.6 / unit, 0.003)) { gap in
                withMotionGrids(grid, unit: unit, sampling) { upper, lower in
                    for y in 0..<height {
                        let line = SampleLine(
                            row: y, of: region, sampling, interior.plane, between: between, values: sampled,
                            width: width)
                        lipsmith_patch_line(
                            upper, lower, gap, line.start(in: sampling), Int32(y), Int32(width), xs, ys, between)
                        if plane == 0 {
                            lipsmith_sample_bicubic(source, xs, ys, Int32(width), sampled)
                        } else {
                            lipsmith_sample_bilinear(source, xs, ys, Int32(width), sampled)
                        }
                        if let painted {
                            paint(painted, interior, over: line, sampling)
                        } else if interior.amount > 0 || interior.isClosing {
                            paint(interior, from: source, over: line, sampling)
                        }
                        add(line, part, to: accumulated[plane].base + y * width)
                    }
                }
            }
        }
    }

    /// Gives the nodes of both splines to `body`, as the C kernels take them.
    private func withMotionGrids(
        _ grid: Grid, unit: Float, _ sampling: PlaneSampling,
        _ body: (_ upper: lipsmith_motion_grid, _ lower: lipsmith_motion_grid) -> Void
    ) {
        func motionGrid(_ nodes: UnsafeRawBufferPointer) -> lipsmith_motion_grid {
            lipsmith_motion_grid(
                nodes: nodes.assumingMemoryBound(to: Float.self).baseAddress!, columns: Int32(grid.columns),
                rows: Int32(grid.rows), cell_pixels: grid.step * unit / sampling.scale,
                offset_pixels: sampling.chromaOffset, scale: unit / sampling.scale)
        }
        upperNodes.withUnsafeBytes { upper in
            lowerNodes.withUnsafeBytes { lower in body(motionGrid(upper), motionGrid(lower)) }
        }
    }

    /// Adds a finished line to the patch, with the part's weights outside and between the lips.
    private func add(_ line: SampleLine, _ part: MouthPictureChoice.Part, to sum: UnsafeMutablePointer<Float>) {
        let (weight, more) = (part.weight, part.inside - part.weight)
        let (between, sampled) = (line.between, line.values)
        if more == 0 {
            for x in 0..<line.width { sum[x] += weight * sampled[x] }
        } else {
            for x in 0..<line.width {
                let inside = min(6 * min(between[x], 1 - between[x]), 1)
                sum[x] += (weight + more * inside) * sampled[x]
            }
        }
    }

    /// Paints the inside of a mouth that never opens in its clip over one line of samples.
    private func paint(
        _ painted: PaintedInterior.View, _ interior: MouthInterior.View, over line: SampleLine,
        _ sampling: PlaneSampling
    ) {
        let (between, sampled) = (line.between, line.values)
        for x in 0..<line.width where between[x] > 0 && between[x] < 1 {
            let pixel = line.first + SIMD2(Float(x) * sampling.scale, 0)
            let alpha = interior.paintedShare(line.place + line.step * Float(x))
            if alpha > 0, let value = painted.value(sampling.plane, pixel) {
                sampled[x] += (value - sampled[x]) * alpha
            }
            if sampling.plane == 0, interior.isClosing {
                let light = interior.slitLight(line.place.x + line.step.x * Float(x), between: between[x])
                sampled[x] = interior.black + (sampled[x] - interior.black) * light
            }
        }
    }

    /// Paints the inside of the mouth over one line of samples, with the interior of the bank's picture.
    ///
    /// - Parameter source: The picture's plane.
    private func paint(
        _ interior: MouthInterior.View, from source: lipsmith_plane, over line: SampleLine, _ sampling: PlaneSampling
    ) {
        let (between, sampled) = (line.between, line.values)
        for x in 0..<line.width where between[x] > 0 && between[x] < 1 {
            let place = line.place + line.step * Float(x)
            let edges = interior.gap.edges(place.x)
            defer {
                if sampling.plane == 0 {
                    let light =
                        interior.slitLight(place.x, between: between[x]) * interior.cornerLight(place.x)
                    sampled[x] = interior.black + (sampled[x] - interior.black) * light
                }
            }
            let point = interior.point(place, edges: edges)
            guard point.alpha > 0 else { continue }
            var inside = interior.keepsPatch ? sampled[x] : interior.cavity(sampling.plane, depth: between[x])
            if point.rigidShare > 0 {
                let rigid = sampling.sourcePlace(interior.bankPixel(point.rigidPlace))
                var value: Float = 0
                withUnsafePointer(to: rigid.x) { rigidX in
                    withUnsafePointer(to: rigid.y) { rigidY in
                        lipsmith_sample_bicubic(source, rigidX, rigidY, 1, &value)
                    }
                }
                inside += (value - inside) * point.rigidShare
            }
            sampled[x] += (inside - sampled[x]) * point.alpha
        }
    }
}

/// How the samples of one plane of a patch lie in the frame and in the bank's picture.
private struct PlaneSampling {
    /// 0 luma, 1 and 2 chroma.
    let plane: Int
    /// The upper left corner of the bank's picture, in luma pixels of its frame.
    let corner: SIMD2<Float>
    /// Luma pixels from one sample to the next.
    let scale: Float
    /// The middle of the first sample, in luma pixels.
    let lumaOffset: Float
    /// The same in the kernels' terms, see `PixelRegion.chromaOffsetPixels`.
    let chromaOffset: Float

    init(plane: Int, corner: SIMD2<Float>) {
        self.plane = plane
        self.corner = corner
        scale = plane == 0 ? 1 : 2
        lumaOffset = plane == 0 ? 0 : 0.5
        chromaOffset = plane == 0 ? 0 : PixelRegion.chromaOffsetPixels
    }

    /// The place in the picture's plane of a place in luma pixels of its frame.
    @inline(__always)
    func sourcePlace(_ pixel: SIMD2<Float>) -> SIMD2<Float> { (pixel - corner - lumaOffset) / scale }
}

/// One line of samples of a patch in one plane.
private struct SampleLine {
    /// The middle of the first sample, in luma pixels of the frame.
    let first: SIMD2<Float>
    /// The canonical place of the first sample, in the plane of the lips.
    let place: SIMD2<Float>
    /// The canonical vector from one sample to the next.
    let step: SIMD2<Float>
    /// For each sample its place between the lips: 0 on the upper lip or above, 1 on the lower lip or below.
    let between: UnsafeMutablePointer<Float>
    /// The samples.
    let values: UnsafeMutablePointer<Float>
    let width: Int

    init(
        row: Int, of region: PixelRegion, _ sampling: PlaneSampling, _ plane: CanonicalPlane,
        between: UnsafeMutablePointer<Float>, values: UnsafeMutablePointer<Float>, width: Int
    ) {
        let (scale, lumaOffset) = (sampling.scale, sampling.lumaOffset)
        first = SIMD2(Float(region.left) + lumaOffset, Float(region.top) + Float(row) * scale + lumaOffset)
        place = plane.canonical(first)
        step = plane.canonical(first + SIMD2(scale, 0)) - place
        self.between = between
        self.values = values
        self.width = width
    }

    /// The line's start as the C kernels take it.
    func start(in sampling: PlaneSampling) -> lipsmith_patch_start {
        let origin = sampling.sourcePlace(first)
        return lipsmith_patch_start(
            canonical_x: place.x, canonical_y: place.y, step_x: step.x, step_y: step.y, source_x: origin.x,
            source_y: origin.y)
    }
}

extension MouthPicture {
    /// One plane as the C kernels take it.
    func withPlane<Result>(_ plane: Int, _ body: (lipsmith_plane) -> Result) -> Result {
        let shift = plane == 0 ? 0 : 1
        let offset = plane == 0 ? 0 : width * height * (3 + plane) / 4
        return pixels.withUnsafeBufferPointer { pixels in
            body(
                lipsmith_plane(
                    base: pixels.baseAddress! + offset, width: Int32(width >> shift), height: Int32(height >> shift),
                    stride: width >> shift))
        }
    }
}
