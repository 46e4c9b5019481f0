import Media
import Rendering

/// The mesh engine's drawing: the planned mouths, the feelings, and what stands before them.
struct MeshDrawing: FrameDrawing {
    let scenes: SceneSet
    let timeline: OutputTimeline
    /// Blends in two bands, with the frame's grain and sharpness.
    let isFine: Bool
    /// One for each of the plan's parts.
    let keepsOccluders: [Bool]

    func makeDrawer() -> any FrameDrawer { MeshDrawer(self) }
}

private final class MeshDrawer: FrameDrawer {
    private let drawing: MeshDrawing
    private let renderer: MouthRenderer
    private let warp = ExpressionWarp()

    init(_ drawing: MeshDrawing) {
        self.drawing = drawing
        renderer = MouthRenderer(isFine: drawing.isFine)
    }

    func draw(_ index: Int, into frame: VideoFrame) throws {
        let scenes = drawing.scenes
        guard let (number, instruction) = scenes.instruction(at: index) else { return }
        let scene = scenes.scenes[number]
        let piece = drawing.timeline.piece(at: index)
        try drawMouth(instruction, into: frame, scene, keepsOccluders: piece.part.map { drawing.keepsOccluders[$0] })
        // The speaker's feeling, in the rest of the face.
        if let part = piece.part, let expression = scenes.expressions[part] {
            try expression.draw(instruction, frameInPart: index - piece.firstFrame, into: frame, scene, warp)
        }
    }

    private func drawMouth(
        _ instruction: MouthInstruction, into frame: VideoFrame, _ scene: SceneSet.Scene, keepsOccluders: Bool?
    ) throws {
        guard keepsOccluders == true, let occluders = scene.occluders, occluders.covers(row: instruction.row),
            instruction.strength > 0
        else {
            try renderer.draw(instruction, into: frame, scene: scene.speaker, bank: scene.bank)
            return
        }
        // Drawing copies the frame before it writes, so that a second reference keeps what was there.
        let original = try frame.reference()
        try renderer.draw(instruction, into: frame, scene: scene.speaker, bank: scene.bank)
        occluders.restore(original, into: frame, scene: scene.speaker, row: instruction.row)
    }
}
