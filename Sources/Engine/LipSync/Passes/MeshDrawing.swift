import Media
import Rendering
import Watermark

/// The mesh engine's drawing: the planned mouths, the feelings, and what stands before them.
struct MeshDrawing: FrameDrawing {
    let scenes: SceneSet
    let timeline: OutputTimeline
    /// Blends in two bands, with the frame's grain and sharpness.
    let isFine: Bool
    /// One for each of the plan's parts.
    let keepsOccluders: [Bool]
    /// The number of the watermark in redrawn faces; `nil` for none.
    let watermark: UInt32?
    /// Frames a second of the output, whose time the watermark follows.
    let framesPerSecond: Double

    func makeDrawer() -> any FrameDrawer { MeshDrawer(self) }
}

private final class MeshDrawer: FrameDrawer {
    private let drawing: MeshDrawing
    private let renderer: MouthRenderer
    private let warp = ExpressionWarp()
    private let painter: WatermarkPainter?

    init(_ drawing: MeshDrawing) {
        self.drawing = drawing
        painter = drawing.watermark.map {
            WatermarkPainter(key: .standard, identifier: $0, meshPoints: MouthRenderer.drawnMeshPoints)
        }
        renderer = MouthRenderer(isFine: drawing.isFine)
    }

    func draw(_ index: Int, into frame: VideoFrame) throws {
        let scenes = drawing.scenes
        guard let (number, instruction) = scenes.instruction(at: index) else { return }
        let scene = scenes.scenes[number]
        let piece = drawing.timeline.piece(at: index)
        let keepsOccluders = piece.part.map { drawing.keepsOccluders[$0] }
        try drawMouth(index, instruction, into: frame, scene, keepsOccluders: keepsOccluders)
        // The speaker's feeling, in the rest of the face.
        if let part = piece.part, let expression = scenes.expressions[part] {
            try expression.draw(instruction, frameInPart: index - piece.firstFrame, into: frame, scene, warp)
        }
    }

    private func drawMouth(
        _ index: Int, _ instruction: MouthInstruction, into frame: VideoFrame, _ scene: SceneSet.Scene,
        keepsOccluders: Bool?
    ) throws {
        guard keepsOccluders == true, let occluders = scene.occluders, occluders.covers(row: instruction.row),
            instruction.strength > 0
        else { return try drawMouth(index, instruction, into: frame, scene) }
        // Drawing copies the frame before it writes, so that a second reference keeps what was there.
        let original = try frame.reference()
        try drawMouth(index, instruction, into: frame, scene)
        occluders.restore(original, into: frame, scene: scene.speaker, row: instruction.row)
    }

    /// Draws a mouth and marks the face around it, as strongly as the mouth is new.
    private func drawMouth(
        _ index: Int, _ instruction: MouthInstruction, into frame: VideoFrame, _ scene: SceneSet.Scene
    ) throws {
        let changed = try renderer.draw(instruction, into: frame, scene: scene.speaker, bank: scene.bank)
        guard changed != nil, let painter else { return }
        painter.paint(
            into: frame, points: renderer.drawnPoints, seconds: Double(index) / drawing.framesPerSecond,
            strength: instruction.strength)
    }
}
