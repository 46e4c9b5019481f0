import Face
import Media
import Rendering
import Speech

/// The chosen speaker's scenes, ready to be drawn, and the instruction for every output frame.
struct SceneSet: Sendable {
    struct Scene: Sendable {
        var speaker: SpeakerScene
        var bank: MouthBank
    }

    let scenes: [Scene]
    /// One an output frame; `nil` where nothing is drawn.
    let instructions: [(scene: Int, instruction: MouthInstruction)?]

    /// Output frames in which a mouth is drawn.
    var drawnCount: Int { instructions.count { ($0?.instruction.strength ?? 0) > 0 } }

    /// Plans every output frame.
    ///
    /// - Parameters:
    ///   - chosen: The speaker's record of each shot.
    ///   - track: In shares of the speaker's range, one value an output frame.
    init(
        chosen: consuming [FaceRecord], timeline: Timeline, track: MouthTrack, profile: EngineProfile,
        framesPerSecond: Double
    ) {
        chosen.sort { $0.frameNumbers[0] < $1.frameNumbers[0] }
        var scenes: [Scene] = []
        for index in chosen.indices {
            let track = chosen[index].takeTrack()
            let record = chosen[index]
            let speaker = SpeakerScene(
                shot: record.shot, identity: record.identity, frameNumbers: record.frameNumbers,
                track: track, confidences: record.confidences, framesPerSecond: framesPerSecond)
            let bank = MouthBank(profile == .mouthBank ? record.bank : MouthBankBuilder(), scene: speaker)
            scenes.append(Scene(speaker: speaker, bank: bank))
        }
        var owners: [Int: (scene: Int, row: Int)] = [:]
        for (index, scene) in scenes.enumerated() {
            for (row, number) in scene.speaker.frameNumbers.enumerated() { owners[number] = (index, row) }
        }
        var instructions = [(scene: Int, instruction: MouthInstruction)?](repeating: nil, count: timeline.frameCount)
        var start = 0
        while start < timeline.frameCount {
            guard let first = owners[timeline.sourceFrame(at: start)] else {
                start += 1
                continue
            }
            var rows: [Int] = []
            var end = start
            while end < timeline.frameCount, let owner = owners[timeline.sourceFrame(at: end)],
                owner.scene == first.scene
            {
                rows.append(owner.row)
                end += 1
            }
            let scene = scenes[first.scene]
            let curves = (start..<end).map {
                MouthCurves(opening: track.opening[$0], width: track.width[$0], jaw: track.jaw[$0])
            }
            let planned = MouthPlanner(scene: scene.speaker, bank: scene.bank).plan(rows: rows, curves: curves)
            for (offset, instruction) in planned.enumerated() {
                instructions[start + offset] = (first.scene, instruction)
            }
            start = end
        }
        self.scenes = scenes
        self.instructions = instructions
    }
}
