import Face
import Media
import Rendering
import Speech

/// The speakers' scenes, ready to be drawn, and the instruction for every output frame.
struct SceneSet: Sendable {
    struct Scene: Sendable {
        var speaker: SpeakerScene
        var bank: MouthBank
        /// What stands before the mouth; `nil` where it is not looked for.
        var occluders: OccluderMasks?
        /// The points that feelings move, with the speaker's rows.
        var expressionTrack: LandmarkTrack
        /// What the bank's painted inside of the mouth is made of, where it has one.
        var reference: MouthReference?
    }

    /// What one part needs: who speaks and what the mouth shall do.
    struct PartPlan: Sendable {
        var selection: SpeakerTimeline
        /// In shares of the speaker's range, one value a frame of the part's piece.
        var track: MouthTrack
        /// What the speaker feels.
        var expression: PartExpression?
    }

    /// Seconds in which a mouth turns into the new one where the same face goes on from a frame that stays as it is.
    private static let rampSeconds = 0.08

    let scenes: [Scene]
    /// For each of them its number in the whole output.
    let numbers: [Int]
    /// The output frames that are planned.
    let frames: Range<Int>
    /// One a frame of `frames`; `nil` where nothing is drawn.
    private let instructions: [(scene: Int, instruction: MouthInstruction)?]

    /// What the speakers feel, one for each of the plan's parts.
    let expressions: [PartExpression?]

    /// What is drawn in an output frame, and in which scene; `nil` where nothing is.
    func instruction(at index: Int) -> (scene: Int, instruction: MouthInstruction)? {
        instructions[index - frames.lowerBound]
    }

    /// Whether a mouth is drawn in an output frame.
    func isDrawn(_ index: Int) -> Bool { (instruction(at: index)?.instruction.strength ?? 0) > 0 }

    /// Output frames in which a mouth is drawn.
    var drawnCount: Int { drawnCount(in: frames) }

    /// Output frames of a range in which a mouth is drawn.
    func drawnCount(in frames: Range<Int>) -> Int { frames.count { isDrawn($0) } }

    /// Plans that were made before.
    ///
    /// - Parameters:
    ///   - numbers: For each scene its number in the whole output.
    ///   - instructions: One a frame of `frames`.
    ///   - expressions: One for each of the plan's parts.
    init(
        scenes: [Scene], numbers: [Int], frames: Range<Int>,
        instructions: [(scene: Int, instruction: MouthInstruction)?],
        expressions: [PartExpression?]
    ) {
        self.scenes = scenes
        self.numbers = numbers
        self.frames = frames
        self.instructions = instructions
        self.expressions = expressions
    }

    /// Plans every output frame.
    ///
    /// - Parameters:
    ///   - records: What the selections' indices mean.
    ///   - parts: One for each of the plan's parts; `nil` for one that replaces nothing.
    ///   - keepsOccluders: One for each of the plan's parts.
    init(
        records: consuming [FaceRecord], parts: [PartPlan?], keepsOccluders: [Bool], timeline: OutputTimeline,
        usesPictures: Bool, framesPerSecond: Double
    ) {
        let used = Set(parts.compactMap { $0 }.flatMap(\.selection.records))
        let seen = Set(zip(parts, keepsOccluders).flatMap { part, keeps in keeps ? part?.selection.records ?? [] : [] })
        var scenes: [Scene] = []
        var sceneOfRecord: [Int: Int] = [:]
        for index in used.sorted() {
            sceneOfRecord[index] = scenes.count
            scenes.append(
                Self.scene(
                    &records[index], keepsOccluders: seen.contains(index), usesPictures: usesPictures,
                    framesPerSecond: framesPerSecond))
        }
        var instructions = [(scene: Int, instruction: MouthInstruction)?](repeating: nil, count: timeline.frameCount)
        for piece in timeline.pieces {
            guard let number = piece.part, let part = parts[number] else { continue }
            Self.plan(part, piece, scenes: scenes, sceneOfRecord: sceneOfRecord, into: &instructions)
        }
        self.scenes = scenes
        numbers = Array(scenes.indices)
        frames = 0..<timeline.frameCount
        expressions = parts.map { $0?.expression }
        self.instructions = Self.ramped(instructions, scenes, timeline, framesPerSecond: framesPerSecond)
    }

    /// Makes a record's face ready to be drawn. The record gives its track and its pictures away.
    private static func scene(
        _ record: inout FaceRecord, keepsOccluders: Bool, usesPictures: Bool, framesPerSecond: Double
    ) -> Scene {
        let track = record.takeTrack()
        var occluders: OccluderMasks?
        if keepsOccluders {
            let found = OccluderMasks(
                record.thumbnails, frameNumbers: record.frameNumbers, framesPerSecond: framesPerSecond)
            record.bank.remove(frames: found.coveredFrames)
            occluders = found
        } else {
            // What stands before the mouth may be painted over, but must not become the mouth.
            record.bank.removeCovered(framesPerSecond: framesPerSecond)
        }
        let (speaker, reference) = speaker(record, track: track, framesPerSecond: framesPerSecond)
        let bank = MouthBank(
            usesPictures ? record.bank : MouthBankBuilder(), scene: speaker, painted: reference?.interior(speaker))
        return Scene(
            speaker: speaker, bank: bank, occluders: occluders, expressionTrack: record.expressionTrack,
            reference: reference)
    }

    /// Plans a piece of the output: each stretch in which one face is seen in every frame is planned as a whole.
    private static func plan(
        _ part: PartPlan, _ piece: OutputTimeline.Piece, scenes: [Scene], sceneOfRecord: [Int: Int],
        into instructions: inout [(scene: Int, instruction: MouthInstruction)?]
    ) {
        func scene(at index: Int) -> Int? {
            part.selection.record(inFrame: piece.sourceFrame(at: index)).flatMap { sceneOfRecord[$0] }
        }
        var start = piece.frames.lowerBound
        while start < piece.frames.upperBound {
            guard let first = scene(at: start) else {
                start += 1
                continue
            }
            var rows: [Int] = []
            var curves: [MouthCurves] = []
            var end = start
            while end < piece.frames.upperBound, scene(at: end) == first,
                let row = scenes[first].speaker.row(ofFrame: piece.sourceFrame(at: end))
            {
                let place = end - piece.firstFrame
                rows.append(row)
                curves.append(
                    MouthCurves(
                        opening: part.track.opening[place], width: part.track.width[place], jaw: part.track.jaw[place]))
                end += 1
            }
            let planned = MouthPlanner(scene: scenes[first].speaker, bank: scenes[first].bank)
                .plan(rows: rows, curves: curves)
            for (offset, var instruction) in planned.enumerated() {
                part.expression?.apply(to: &instruction, frame: start + offset - piece.firstFrame)
                instructions[start + offset] = (first, instruction)
            }
            start = max(end, start + 1)
        }
    }

    /// The scene of a record, and of what is painted between lips that never move in it.
    private static func speaker(
        _ record: FaceRecord, track: LandmarkTrack, framesPerSecond: Double
    ) -> (SpeakerScene, MouthReference?) {
        func scene(isPartedAtRest: Bool) -> SpeakerScene {
            SpeakerScene(
                shot: record.shot, identity: record.identity, frameNumbers: record.frameNumbers, track: track,
                confidences: record.confidences, framesPerSecond: framesPerSecond, isPartedAtRest: isPartedAtRest)
        }
        let speaker = scene(isPartedAtRest: false)
        guard !speaker.hasMovingMouth, let reference = record.reference else { return (speaker, nil) }
        let resting = reference.isParted ? scene(isPartedAtRest: true) : speaker
        return (resting, reference)
    }

    /// Lets the new mouth come and go over a few frames where its face is seen beyond the drawn frames without a jump.
    private static func ramped(
        _ instructions: [(scene: Int, instruction: MouthInstruction)?], _ scenes: [Scene],
        _ timeline: OutputTimeline, framesPerSecond: Double
    ) -> [(scene: Int, instruction: MouthInstruction)?] {
        let length = max(1, Int((rampSeconds * framesPerSecond).rounded()))
        let count = instructions.count
        /// Whether the face of the drawn frame `index` goes on, undrawn, in the frame `beyond` beside it.
        func goesOn(_ index: Int, _ beyond: Int) -> Bool {
            guard (0..<count).contains(beyond), let scene = instructions[index]?.scene,
                instructions[beyond]?.scene != scene
            else { return false }
            let (here, there) = (timeline.sourceFrame(at: index), timeline.sourceFrame(at: beyond))
            return abs(here - there) <= 1 && scenes[scene].speaker.row(ofFrame: there) != nil
        }
        var factors: [Int: Float] = [:]
        func ramp(from index: Int, step: Int) {
            let scene = instructions[index]?.scene
            for offset in 0..<length {
                let place = index + offset * step
                guard (0..<count).contains(place), instructions[place]?.scene == scene else { return }
                factors[place, default: 1] *= Float(offset + 1) / Float(length + 1)
            }
        }
        for index in 0..<count where instructions[index] != nil {
            if goesOn(index, index - 1) { ramp(from: index, step: 1) }
            if goesOn(index, index + 1) { ramp(from: index, step: -1) }
        }
        var ramped = instructions
        for (index, factor) in factors { ramped[index]?.instruction.strength *= factor }
        return ramped
    }
}
