import CKernels
import Face
import Media

/// Layer 2: a mouth from the speaker's own pictures, brought to the wanted shape and pose.
///
/// Upper and lower lip are carried by two splines that are cut along the lip line: one spline for both would have to
/// take coincident points apart or together, and smears teeth over closed lips.
final class MouthPatch {
    /// Skin around the lips that the patch covers, in face units.
    private static let margin: Float = 0.25
    private static let gridStep: Float = 0.045

    private static let upperPoints = MouthIndex.upperOuter + MouthIndex.upperInner + MouthIndex.corners + MouthIndex.jaw
    private static let lowerPoints = MouthIndex.lowerOuter + MouthIndex.lowerInner + MouthIndex.corners + MouthIndex.jaw

    private var upperSpline = ThinPlateSpline()
    private var lowerSpline = ThinPlateSpline()
    private var upperNodes: [SIMD2<Float>] = []
    private var lowerNodes: [SIMD2<Float>] = []
    private let lines = Scratch<Float>()
    private let accumulated = [Scratch<Float>(), Scratch<Float>(), Scratch<Float>()]

    /// The region of the last patch.
    private(set) var region = PixelRegion(from: .zero, to: .zero, pictureWidth: 0, pictureHeight: 0)

    /// The values of the last patch in one plane (0 luma, 1 and 2 chroma), line by line over `region`.
    func values(_ plane: Int) -> UnsafeMutablePointer<Float> { accumulated[plane].base }

    /// What one frame wants.
    struct Wish {
        var pose: FacePose
        /// Canonical and pixel places of `SpeakerPoints.mouthPoints`.
        var shape: [SIMD3<Float>]
        var pixels: [SIMD2<Float>]
        var interior: MouthInterior
    }

    /// Draws the patch into memory of its own.
    ///
    /// - Returns: `false` when nothing lies inside the picture.
    func draw(_ wish: Wish, choice: MouthPictureChoice, scene: SpeakerScene, bank: MouthBank, frame: VideoFrame) -> Bool {
        let unit = wish.pose.unitPixels
        let outline = MouthIndex.outline.map { wish.pixels[$0] }
        let low = outline.reduce(outline[0], pointwiseMin) - Self.margin * unit
        let high = outline.reduce(outline[0], pointwiseMax) + Self.margin * unit
        region = PixelRegion(from: low, to: high, pictureWidth: frame.width, pictureHeight: frame.height)
        guard !region.isEmpty else { return false }
        for plane in 0..<3 {
            let count = (region.width * region.height) >> (plane == 0 ? 0 : 2)
            accumulated[plane].reserve(count).update(repeating: 0, count: count)
        }
        for part in choice.parts where part.weight > 0 {
            draw(bank.entries[part.entry], weight: part.weight, wish, scene: scene)
        }
        return true
    }

    private func draw(_ entry: MouthBank.Entry, weight: Float, _ wish: Wish, scene: SpeakerScene) {
        let unit = wish.pose.unitPixels
        let center = (wish.pixels[MouthIndex.upperMiddle] + wish.pixels[MouthIndex.lowerMiddle]) / 2
        let corner = SIMD2(Float(entry.picture.left), Float(entry.picture.top))
        let source = SpeakerPoints.mouth.map { scene.picturePoint(entry.row, $0) }
        let anchors = SpeakerPoints.anchors.map { slot in
            (to: wish.pose.picture(scene.canonicalPoint(entry.row, slot)), from: scene.picturePoint(entry.row, slot))
        }
        func fit(_ spline: inout ThinPlateSpline, _ points: [Int]) {
            let centers = points.map { (wish.pixels[$0] - center) / unit } + anchors.map { ($0.to - center) / unit }
            let values =
                points.map { (source[$0] - wish.pixels[$0]) / unit } + anchors.map { ($0.from - $0.to) / unit }
            spline.fit(centers: centers, values: values)
        }
        fit(&upperSpline, Self.upperPoints)
        fit(&lowerSpline, Self.lowerPoints)
        let origin = (SIMD2(Float(region.left), Float(region.top)) - center) / unit
        let size = SIMD2(Float(region.width), Float(region.height)) / unit
        let grid = Grid(from: origin, to: origin + size, step: Self.gridStep)
        upperSpline.evaluate(on: grid, into: &upperNodes)
        lowerSpline.evaluate(on: grid, into: &lowerNodes)

        let ownShape = scene.ownShape(entry.row)
        let interior = wish.interior.view(
            of: wish.shape, pose: wish.pose, from: ownShape, bankPose: scene.poses[entry.row])
        for plane in 0..<3 {
            drawPlane(
                plane, entry.picture, weight: weight, wish, grid: grid, corner: corner, interior: interior)
        }
    }

    private func drawPlane(
        _ plane: Int, _ picture: MouthPicture, weight: Float, _ wish: Wish, grid: Grid, corner: SIMD2<Float>,
        interior: MouthInterior.View
    ) {
        let shift = plane == 0 ? 0 : 1
        let scale = Float(1 << shift)
        let (width, height) = (region.width >> shift, region.height >> shift)
        let unit = wish.pose.unitPixels
        let cellPixels = grid.step * unit / scale
        let chromaOffset: Float = shift == 0 ? 0 : 0.25
        let lumaOffset: Float = shift == 0 ? 0 : 0.5
        let gap = interior.gap
        let canonicalPlane = interior.plane
        let softness = max(0.6 / unit, 0.006)
        let xs = lines.reserve(8 * width)
        let ys = xs + width
        let sampled = ys + width
        let rigidXs = sampled + width
        let rigidYs = rigidXs + width
        let rigidSampled = rigidYs + width
        let paint = rigidSampled + width
        let cavity = paint + width
        let target = accumulated[plane].base
        picture.pixels.withUnsafeBufferPointer { pixels in
            let lumaCount = picture.width * picture.height
            let offset = plane == 0 ? 0 : plane == 1 ? lumaCount : lumaCount * 5 / 4
            let source = lipsmith_plane(
                base: pixels.baseAddress! + offset, width: Int32(picture.width >> shift),
                height: Int32(picture.height >> shift), stride: picture.width >> shift)
            for y in 0..<height {
                let row = (Float(y) + chromaOffset) / cellPixels
                let upperRow = min(Int(row), grid.rows - 2)
                let part = row - Float(upperRow)
                var hasPaint = false
                for x in 0..<width {
                    let column = (Float(x) + chromaOffset) / cellPixels
                    let index = upperRow * grid.columns + min(Int(column), grid.columns - 2)
                    let along = column - Float(min(Int(column), grid.columns - 2))
                    let pixel = SIMD2(
                        Float(region.left) + Float(x) * scale + lumaOffset,
                        Float(region.top) + Float(y) * scale + lumaOffset)
                    let place = canonicalPlane.canonical(pixel)
                    let edges = gap.edges(place.x)
                    // 0 on the upper lip, 1 on the lower, in between across the gap; softer beyond the corners.
                    let soft = softness + 0.6 * edges.beyond
                    let t = min(max((place.y - edges.upper + soft) / (edges.lower - edges.upper + 2 * soft), 0), 1)
                    var motion = SIMD2<Float>.zero
                    if t < 1 { motion += Self.read(upperNodes, grid, index, along, part) * (1 - t) }
                    if t > 0 { motion += Self.read(lowerNodes, grid, index, along, part) * t }
                    let from = pixel + motion * unit - corner
                    xs[x] = (from.x - lumaOffset) / scale
                    ys[x] = (from.y - lumaOffset) / scale
                    paint[x] = 0
                    if interior.amount > 0 {
                        let point = interior.point(place, edges: edges)
                        if point.alpha > 0 {
                            hasPaint = true
                            paint[x] = point.alpha
                            cavity[x] = interior.cavity(plane, depth: t)
                            let rigid = interior.bankPixel(point.rigidPlace) - corner
                            rigidXs[x] = (rigid.x - lumaOffset) / scale
                            rigidYs[x] = (rigid.y - lumaOffset) / scale
                            // The share of the bank's own interior travels in the sampled slot until it is read.
                            rigidSampled[x] = point.rigidShare
                        }
                    }
                }
                if plane == 0 {
                    lipsmith_sample_bicubic(source, xs, ys, Int32(width), sampled)
                } else {
                    lipsmith_sample_bilinear(source, xs, ys, Int32(width), sampled)
                }
                let line = target + y * width
                if hasPaint {
                    for x in 0..<width where paint[x] > 0 {
                        var inside = interior.keepsPatch ? sampled[x] : cavity[x]
                        let share = rigidSampled[x]
                        if share > 0 {
                            var value: Float = 0
                            lipsmith_sample_bicubic(source, rigidXs + x, rigidYs + x, 1, &value)
                            inside += (value - inside) * share
                        }
                        sampled[x] += (inside - sampled[x]) * paint[x]
                    }
                }
                for x in 0..<width { line[x] += weight * sampled[x] }
            }
        }
    }

    @inline(__always)
    private static func read(
        _ nodes: [SIMD2<Float>], _ grid: Grid, _ index: Int, _ along: Float, _ down: Float
    ) -> SIMD2<Float> {
        nodes.withUnsafeBufferPointer { nodes in
            let above = nodes[index] + (nodes[index + 1] - nodes[index]) * along
            let below =
                nodes[index + grid.columns] + (nodes[index + grid.columns + 1] - nodes[index + grid.columns]) * along
            return above + (below - above) * down
        }
    }
}
