import CKernels
import Face
public import Media

/// Draws a still face in a pose.
///
/// From back to front: the still, the warped head, the inside of the mouth, the upper lip's layer, the lower lip's
/// layer. A renderer keeps its memory and is used by one thread at a time; the same pose gives the same pixels.
public final class PortraitRenderer: @unchecked Sendable {
    private let portrait: Portrait
    private var memory = WarpOperator.Memory()
    private var meshMotions: [SIMD4<Float>] = []
    private var ringMotions: [SIMD4<Float>] = []
    private var motions: [SIMD4<Float>] = []
    private var faceNodes: [SIMD2<Float>] = []
    private var lipNodes: [SIMD2<Float>] = []
    private var shape: [SIMD3<Float>] = []
    private var displacements = [SIMD3<Float>](repeating: .zero, count: 468)
    private let layers = [LayerBuffer(), LayerBuffer()]
    private let line = Scratch<UInt8>()

    public init(_ portrait: Portrait) { self.portrait = portrait }

    /// The still in a pose, as a new frame.
    ///
    /// - Throws: `MediaError` when there is no memory for a picture.
    public func draw(_ pose: PortraitPose) throws -> VideoFrame {
        let source = try lidded(pose.blink)
        let frame = try source.copy()
        place(pose)
        move(pose.turn)
        warpHead(source, frame)
        // The still's own mouth needs no layers.
        let strength: Float = portrait.isMouthOpen ? smoothStep(0, 0.3, pose.speaking) : 1
        if strength > 0 { drawMouth(frame, pose, strength: strength) }
        return frame
    }

    /// The smallest and largest factor by which a turn of the head changes areas of the picture; negative where it
    /// folds.
    func areas(_ turn: HeadTurn) -> ClosedRange<Float> {
        for index in displacements.indices { displacements[index] = .zero }
        move(turn)
        setMotions(PortraitPoints.common)
        return portrait.operators.region.isEmpty ? 1...1 : portrait.operators.faceGrid.areas(motions, memory: &memory)
    }

    /// The 468 points of the face in the last drawn frame, in pixels.
    public var places: [SIMD2<Float>] {
        let face = portrait.face
        return meshMotions.enumerated().map { point, motion in
            face.pixel(point) + (motion.lowHalf + motion.highHalf) * face.unit
        }
    }

    private func lidded(_ blink: SIMD2<Float>) throws -> VideoFrame {
        guard blink.x > 0 || blink.y > 0 else { return portrait.still }
        let still = try portrait.still.copy()
        for (side, lid) in portrait.lids.enumerated() { lid.paint(min(blink[side], 1), into: still) }
        return still
    }

    // MARK: Places

    /// Computes `shape` (the wanted mouth before the head turns) and `displacements`.
    private func place(_ pose: PortraitPose) {
        for index in displacements.indices { displacements[index] = .zero }
        MouthShape.drive(portrait.neutral, pose.mouth, mouthWidth: portrait.mouthWidth, into: &shape) { _ in .zero }
        for (index, point) in SpeakerPoints.mouthPoints.enumerated() {
            displacements[point] = (shape[index] - portrait.own[index]) * pose.speaking
        }
        for (index, offset) in pose.offsets.enumerated() { displacements[index] += offset }
        for (index, point) in SpeakerPoints.mouthPoints.enumerated() {
            shape[index] = portrait.own[index] + displacements[point]
        }
        // Emotions may move the lips through each other.
        MouthShape.separateLips(&shape)
        for (index, point) in SpeakerPoints.mouthPoints.enumerated() {
            displacements[point] = shape[index] - portrait.own[index]
        }
    }

    /// Computes the motions that all layers share, in face units: that of the head, and what the expression adds to it.
    private func move(_ turn: HeadTurn) {
        let face = portrait.face
        let unit = face.unit
        meshMotions.refill(face.shape.indices) { point in
            let still = face.pixel(point)
            let head = (face.pose.picture(turn.apply(face.shape[point])) - still) / unit
            let total = (face.pose.picture(turn.apply(face.shape[point] + displacements[point])) - still) / unit
            return SIMD4(lowHalf: head, highHalf: total - head)
        }
        ringMotions.refill(portrait.operators.ring) { place, share in
            let head = face.pose.picture(turn.apply(place, share: share)) - face.pose.picture(place)
            return SIMD4(lowHalf: head / unit, highHalf: .zero)
        }
    }

    /// Sets the motions of one grid's centres: its mesh points, the ring, the fixed centres.
    private func setMotions(_ points: [Int]) {
        motions.refill(points) { meshMotions[$0] }
        motions += ringMotions
        for _ in 0..<portrait.operators.fixedCount { motions.append(.zero) }
    }

    // MARK: Head

    private func warpHead(_ source: VideoFrame, _ frame: VideoFrame) {
        let operators = portrait.operators
        guard !operators.region.isEmpty else { return }
        setMotions(PortraitPoints.common)
        operators.faceGrid.pull(motions, memory: &memory, backward: &faceNodes)
        for number in 0..<3 {
            let shift = number == 0 ? 0 : 1
            let target = frame.plane(number)
            let region = operators.region
            warp(
                source.plane(number).kernelPlane, over: region, left: region.left >> shift, top: region.top >> shift,
                by: faceNodes, on: operators.faceGrid.grid, shift: shift, isCubic: number == 0, still: 1 / 32,
                into: target.base + (region.top >> shift) * target.stride + (region.left >> shift),
                stride: target.stride)
        }
    }

    /// - Parameters:
    ///   - left: The window's first column in the source plane, in the plane's own pixels.
    ///   - top: The window's first row, likewise.
    ///   - still: Pixels that move by less than this, in pixels, keep the target's value.
    private func warp(
        _ source: lipsmith_plane, over region: PixelRegion, left: Int, top: Int, by nodes: [SIMD2<Float>],
        on grid: Grid, shift: Int, isCubic: Bool, still: Float, into target: UnsafeMutablePointer<UInt8>, stride: Int
    ) {
        let cell = grid.step * portrait.face.unit / Float(1 << shift)
        nodes.withUnsafeBytes { bytes in
            let motions = lipsmith_motion_grid(
                nodes: bytes.assumingMemoryBound(to: Float.self).baseAddress!, columns: Int32(grid.columns),
                rows: Int32(grid.rows), cell_pixels: cell,
                offset_pixels: shift == 0 ? 0 : PixelRegion.chromaOffsetPixels, scale: cell)
            let window = lipsmith_window(
                left: Int32(left), top: Int32(top), width: Int32(region.width >> shift),
                height: Int32(region.height >> shift))
            lipsmith_warp_plane(source, window, motions, still, isCubic ? 1 : 0, target, stride)
        }
    }

    // MARK: Mouth

    private func drawMouth(_ frame: VideoFrame, _ pose: PortraitPose, strength: Float) {
        let operators = portrait.operators
        let region = operators.lipRegion
        guard !region.isEmpty, !portrait.masks.region.isEmpty else { return }
        for (number, points) in [PortraitPoints.upperLayer, PortraitPoints.lowerLayer].enumerated() {
            setMotions(points)
            operators.lipGrids[number].pull(motions, memory: &memory, backward: &lipNodes)
            let mask = number == 0 ? portrait.masks.upper : portrait.masks.lower
            fill(layers[number], from: portrait.lips, mask: mask, nodes: lipNodes)
        }
        let face = portrait.face
        let jaw = MouthIndex.jawTips.reduce(Float(0)) { $0 + shape[$1].y - portrait.neutral[$1].y }
        let view = portrait.drawn.view(
            shape: shape, jawDrop: jaw / Float(MouthIndex.jawTips.count), unit: face.unit, still: portrait.still,
            stillPose: face.pose)
        let interior = DrawnMouth.PixelView(view, shape: shape, depth: portrait.drawn.planeDepth) {
            face.pose.picture(pose.turn.apply($0))
        }
        let inside = insideRegion(pose.turn)
        for number in 0..<3 {
            compose(number, into: frame, over: region, interior, inside: inside, strength: strength)
        }
    }

    /// The region in which the inside of the mouth can be visible.
    private func insideRegion(_ turn: HeadTurn) -> PixelRegion {
        let face = portrait.face
        var low = SIMD2<Float>(repeating: .infinity)
        var high = -low
        for index in MouthIndex.upperInnerEdge + MouthIndex.lowerInnerEdge {
            let pixel = face.pose.picture(turn.apply(shape[index]))
            low = pointwiseMin(low, pixel)
            high = pointwiseMax(high, pixel)
        }
        let margin = 0.04 * face.unit
        return PixelRegion(
            from: low - margin, to: high + margin, pictureWidth: portrait.still.width,
            pictureHeight: portrait.still.height)
    }

    /// Darkens the line where lips that were open in the still now touch.
    private func shadeLipLine(
        _ target: UnsafeMutablePointer<UInt8>, row: Int, columns: Range<Int>, of region: PixelRegion,
        _ interior: DrawnMouth.PixelView
    ) {
        let black = portrait.drawn.colors.color.black
        for x in columns {
            let light = interior.lipLineLight(SIMD2(Float(region.left + x), Float(region.top + row)))
            guard light < 1 else { continue }
            target[x] = UInt8(max((Float(target[x]) - black) * light + black + 0.5, 0))
        }
    }

    /// Warps the still and a mask into a layer.
    private func fill(_ layer: LayerBuffer, from source: VideoFrame, mask: [UInt8], nodes: [SIMD2<Float>]) {
        let region = portrait.operators.lipRegion
        let grid = portrait.operators.lipGrids[0].grid
        for number in 0..<3 {
            let shift = number == 0 ? 0 : 1
            warp(
                source.plane(number).kernelPlane, over: region, left: region.left >> shift, top: region.top >> shift,
                by: nodes, on: grid, shift: shift, isCubic: number == 0, still: -1,
                into: layer.colors[number].reserve((region.width >> shift) * (region.height >> shift)),
                stride: region.width >> shift)
        }
        let masks = portrait.masks.region
        let alpha = layer.alphas[0].reserve(region.width * region.height)
        mask.withUnsafeBufferPointer { values in
            let plane = lipsmith_plane(
                base: values.baseAddress!, width: Int32(masks.width), height: Int32(masks.height), stride: masks.width)
            warp(
                plane, over: region, left: region.left - masks.left, top: region.top - masks.top, by: nodes, on: grid,
                shift: 0,
                isCubic: false, still: -1, into: alpha, stride: region.width)
        }
        let (width, height) = (region.width / 2, region.height / 2)
        let half = layer.alphas[1].reserve(width * height)
        for y in 0..<height {
            let (above, below) = (alpha + 2 * y * region.width, alpha + (2 * y + 1) * region.width)
            for x in 0..<width {
                let sum = Int(above[2 * x]) + Int(above[2 * x + 1]) + Int(below[2 * x]) + Int(below[2 * x + 1])
                half[y * width + x] = UInt8((sum + 2) / 4)
            }
        }
    }

    /// Lays the inside of the mouth and both layers over one plane of a frame.
    private func compose(
        _ number: Int, into frame: VideoFrame, over region: PixelRegion, _ interior: DrawnMouth.PixelView,
        inside: PixelRegion, strength: Float
    ) {
        let shift = number == 0 ? 0 : 1
        let (width, height) = (region.width >> shift, region.height >> shift)
        let plane = frame.plane(number)
        let base = number == 0 ? portrait.drawn.colors.color.black : 128
        let upper = (layers[0].colors[number].base, layers[0].alphas[shift].base)
        let lower = (layers[1].colors[number].base, layers[1].alphas[shift].base)
        let own = line.reserve(width)
        let insideRows = (inside.top - region.top) >> shift..<(inside.top + inside.height - region.top) >> shift
        let insideColumns =
            ((inside.left - region.left) >> shift..<(inside.left + inside.width - region.left) >> shift)
            .clamped(to: 0..<width)
        for y in 0..<height {
            let target = plane.base + ((region.top >> shift) + y) * plane.stride + (region.left >> shift)
            let at = y * width
            own.update(from: target, count: width)
            for x in insideRows.contains(y) ? insideColumns : 0..<0 {
                let hole = (255 - Int(upper.1[at + x])) * (255 - Int(lower.1[at + x]))
                guard hole > 300 else { continue }
                let pixel = SIMD2(
                    Float(region.left + x << shift) + Float(shift) * 0.5,
                    Float(region.top + y << shift) + Float(shift) * 0.5)
                guard let value = interior.value(number, pixel) else { continue }
                target[x] = UInt8(min(max(value + base + 0.5, 0), 255))
            }
            lipsmith_lay_over(target, upper.0 + at, upper.1 + at, Int32(width))
            lipsmith_lay_over(target, lower.0 + at, lower.1 + at, Int32(width))
            if number == 0, portrait.isMouthOpen, insideRows.contains(y) {
                shadeLipLine(target, row: y, columns: insideColumns, of: region, interior)
            }
            guard strength < 1 else { continue }
            for x in 0..<width {
                target[x] = UInt8(Float(own[x]) + (Float(target[x]) - Float(own[x])) * strength + 0.5)
            }
        }
    }
}

/// The warped pixels and masks of one lip's layer.
private final class LayerBuffer {
    let colors = [Scratch<UInt8>(), Scratch<UInt8>(), Scratch<UInt8>()]
    /// The layer's opacity at full and at half size.
    let alphas = [Scratch<UInt8>(), Scratch<UInt8>()]
}
