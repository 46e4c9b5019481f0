import CKernels
import Face
import Media

/// Layer 2: a mouth from the speaker's own pictures, brought to the wanted shape and pose.
///
/// Upper and lower lip are carried by two splines that are cut along the lip line: one spline for both would have to
/// take coincident points apart or together, and smears teeth over closed lips.
final class MouthPatch {
    /// Skin around the lips that the patch covers, in face units.
    private static let margin: Float = 0.16
    private static let gridStep: Float = 0.045
    private static let fineGridStep: Float = 0.03
    /// Wanted gaps below this are closing lips; at none they overlap by `touchingOverlap` on either side.
    private static let touchingGap: Float = 0.035
    private static let touchingOverlap: Float = 0.018
    /// The overlap along the lips, from corner to corner: the corners themselves are held in place.
    private static let overlapTaper: [Float] = [0, 0.3, 0.7, 1, 1, 1, 0.7, 0.3, 0]

    private static let upperPoints = MouthIndex.upperOuter + MouthIndex.upperInner + MouthIndex.corners + MouthIndex.jaw
    private static let lowerPoints = MouthIndex.lowerOuter + MouthIndex.lowerInner + MouthIndex.corners + MouthIndex.jaw

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

    /// - Parameter isFine: A finer grid, for pictures that are looked at closely.
    init(isFine: Bool) { gridStep = isFine ? Self.fineGridStep : Self.gridStep }

    /// The values of the last patch in one plane (0 luma, 1 and 2 chroma), line by line over `region`.
    func values(_ plane: Int) -> UnsafeMutablePointer<Float> { accumulated[plane].base }

    /// Draws the patch into memory of its own.
    ///
    /// - Returns: `false` when nothing lies inside the picture.
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
            draw(bank.entries[part.entry], part, placement, interior, painted, scene: scene)
        }
        return true
    }

    private func draw(
        _ entry: MouthBank.Entry, _ part: MouthPictureChoice.Part, _ placement: MouthPlacement,
        _ interior: MouthInterior, _ painted: PaintedInterior.View?, scene: SpeakerScene
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
    /// The mesh's inner edges run a little inside the mouth. Where the wanted lips meet and the picture's do not, lips
    /// that only touched would leave a bright line of teeth between them.
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
        let scale = Float(1 << shift)
        let (width, height) = (region.width >> shift, region.height >> shift)
        let chromaOffset = shift == 0 ? 0 : PixelRegion.chromaOffsetPixels
        // The middle of a sample in luma pixels.
        let lumaOffset: Float = shift == 0 ? 0 : 0.5
        let xs = lines.reserve(4 * width)
        let ys = xs + width
        let between = ys + width
        let sampled = between + width
        let target = accumulated[plane].base
        func motionGrid(_ nodes: UnsafeRawBufferPointer) -> lipsmith_motion_grid {
            lipsmith_motion_grid(
                nodes: nodes.assumingMemoryBound(to: Float.self).baseAddress!, columns: Int32(grid.columns),
                rows: Int32(grid.rows), cell_pixels: grid.step * unit / scale, offset_pixels: chromaOffset,
                scale: unit / scale)
        }
        picture.withPlane(plane) { source in
            upperNodes.withUnsafeBytes { upperNodes in
                lowerNodes.withUnsafeBytes { lowerNodes in
                    interior.gap.withKernelGap(softness: max(0.6 / unit, 0.003)) { gap in
                        for y in 0..<height {
                            let first = SIMD2(
                                Float(region.left) + lumaOffset, Float(region.top) + Float(y) * scale + lumaOffset)
                            let place = interior.plane.canonical(first)
                            let step = interior.plane.canonical(first + SIMD2(scale, 0)) - place
                            let origin = (first - corner - lumaOffset) / scale
                            let line = lipsmith_patch_start(
                                canonical_x: place.x, canonical_y: place.y, step_x: step.x, step_y: step.y,
                                source_x: origin.x, source_y: origin.y)
                            lipsmith_patch_line(
                                motionGrid(upperNodes), motionGrid(lowerNodes), gap, line, Int32(y), Int32(width), xs,
                                ys, between)
                            if plane == 0 {
                                lipsmith_sample_bicubic(source, xs, ys, Int32(width), sampled)
                            } else {
                                lipsmith_sample_bilinear(source, xs, ys, Int32(width), sampled)
                            }
                            if let painted {
                                paint(
                                    plane, painted, interior, place, step, first, scale, between, sampled, width)
                            } else if interior.amount > 0 || interior.isClosing {
                                paint(
                                    plane, source, interior, place, step, between, sampled, width, corner, scale,
                                    lumaOffset)
                            }
                            let sum = target + y * width
                            let (weight, more) = (part.weight, part.inside - part.weight)
                            if more == 0 {
                                for x in 0..<width { sum[x] += weight * sampled[x] }
                            } else {
                                for x in 0..<width {
                                    let inside = min(6 * min(between[x], 1 - between[x]), 1)
                                    sum[x] += (weight + more * inside) * sampled[x]
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Paints the inside of a mouth that never opens in its clip over one line of samples.
    private func paint(
        _ plane: Int, _ painted: PaintedInterior.View, _ interior: MouthInterior.View, _ place: SIMD2<Float>,
        _ step: SIMD2<Float>, _ first: SIMD2<Float>, _ scale: Float, _ between: UnsafeMutablePointer<Float>,
        _ sampled: UnsafeMutablePointer<Float>, _ width: Int
    ) {
        for x in 0..<width where between[x] > 0 && between[x] < 1 {
            let pixel = first + SIMD2(Float(x) * scale, 0)
            let alpha = interior.paintedShare(place + step * Float(x))
            if alpha > 0, let value = painted.value(plane, pixel) { sampled[x] += (value - sampled[x]) * alpha }
            if plane == 0, interior.isClosing {
                let light = interior.slitLight(place.x + step.x * Float(x), between: between[x])
                sampled[x] = interior.black + (sampled[x] - interior.black) * light
            }
        }
    }

    /// Paints the inside of the mouth over one line of samples.
    private func paint(
        _ plane: Int, _ source: lipsmith_plane, _ interior: MouthInterior.View, _ first: SIMD2<Float>,
        _ step: SIMD2<Float>, _ between: UnsafeMutablePointer<Float>, _ sampled: UnsafeMutablePointer<Float>,
        _ width: Int, _ corner: SIMD2<Float>, _ scale: Float, _ lumaOffset: Float
    ) {
        for x in 0..<width where between[x] > 0 && between[x] < 1 {
            let place = first + step * Float(x)
            let edges = interior.gap.edges(place.x)
            defer {
                if plane == 0 {
                    let light =
                        interior.slitLight(place.x, between: between[x]) * interior.cornerLight(place.x)
                    sampled[x] = interior.black + (sampled[x] - interior.black) * light
                }
            }
            let point = interior.point(place, edges: edges)
            guard point.alpha > 0 else { continue }
            var inside = interior.keepsPatch ? sampled[x] : interior.cavity(plane, depth: between[x])
            if point.rigidShare > 0 {
                let rigid = (interior.bankPixel(point.rigidPlace) - corner - lumaOffset) / scale
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

extension MouthPicture {
    /// One plane as the kernels read it.
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
