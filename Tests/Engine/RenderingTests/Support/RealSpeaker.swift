import Face
import Media
import Rendering
import TestSupport

/// The portrait, tracked by the real networks, as a clip of a few still frames.
struct RealSpeaker {
    static let frameCount = 12

    let frame: VideoFrame
    let landmarks: [SIMD3<Float>]
    let scene: SpeakerScene
    let bank: MouthBank

    /// Tracks the portrait after some of FFmpeg's filters.
    init(_ filters: String = "crop=300:300:75:0,scale=640:640") throws {
        let frame = try TestPictures.portrait(filters)
        let faces = try TestFaces.tracker().track(frame).faces
        guard let face = faces.first else { throw Program.Failed("no face in the portrait") }
        self.init(frame: frame, landmarks: face.landmarks)
    }

    /// Takes a picture whose face is known.
    init(frame: VideoFrame, landmarks: [SIMD3<Float>]) {
        self.frame = frame
        self.landmarks = landmarks
        scene = SyntheticSpeaker.scene(Array(repeating: landmarks, count: Self.frameCount))
        var builder = MouthBankBuilder()
        for number in 0..<Self.frameCount { builder.add(frame, number: number, landmarks: landmarks) }
        bank = MouthBank(builder, scene: scene)
    }

    /// The bank of a speaker without pictures, whose mouth is only bent.
    var emptyBank: MouthBank { MouthBank(MouthBankBuilder(), scene: scene) }

    /// Draws a mouth and gives the new frame with the region that may have changed.
    func drawn(
        _ curves: MouthCurves, bank: MouthBank, renderer: MouthRenderer = MouthRenderer()
    ) throws -> (frame: VideoFrame, region: FaceBox?) {
        let copy = try frame.copy()
        let instruction = MouthPlanner(scene: scene, bank: bank).plan(rows: [5], curves: [curves])[0]
        let region = try renderer.draw(instruction, into: copy, scene: scene, bank: bank)
        return (copy, region)
    }
}
