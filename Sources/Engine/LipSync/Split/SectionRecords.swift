import Media
import Records
import Rendering
import Speech

/// Everything that drawing one section of an output needs, and nothing else: the faces in the rows that are shown, the mouth
/// pictures that were chosen, and what is done in each frame.
struct SectionScript: StepRecord {
    static let kind = "script"

    var number: Int
    var count: Int
    var frames: Range<Int>
    var timeline: OutputTimeline
    /// What the section's frames are encoded as; says too what the clip must be like.
    var video: VideoOutputSettings
    var scenes: [SceneScript]
    var mouths: PlannedMouths
    /// For those of the plan's parts in which a feeling shows.
    var tracks: [Int: MouthTrack]
    /// What is looked at of the section's frames; `nil` where nothing is measured.
    var measured: MeasurePlan.Frames?
    var labelCorner: VisibleLabel.Corner

    /// The plans of the section's frames.
    ///
    /// - Throws: `RenderFailure` of code `stepUnusable` where they name what is not there.
    func sceneSet(_ plan: RenderPlan) throws -> SceneSet {
        let scenes = scenes.map(\.scene)
        let expressions = plan.parts.indices.map { index in
            tracks[index].flatMap { PartExpression(plan.parts[index], track: $0, seed: plan.seed) }
        }
        guard mouths.values.count == frames.count, frames.lowerBound >= 0, frames.upperBound <= timeline.frameCount,
            timeline.pieces.allSatisfy({ $0.part.map { plan.parts.indices.contains($0) } ?? true })
        else { throw StepFile.unusable("a script of \(mouths.values.count) frames") }
        let instructions = try zip(frames, mouths.values).map { index, mouth in
            try instruction(index, mouth, scenes, expressions)
        }
        return SceneSet(
            scenes: scenes, numbers: self.scenes.map(\.number), frames: frames, instructions: instructions,
            expressions: expressions)
    }

    private func instruction(
        _ index: Int, _ mouth: PlannedMouths.Mouth, _ scenes: [SceneSet.Scene], _ expressions: [PartExpression?]
    ) throws -> (scene: Int, instruction: MouthInstruction)? {
        guard let (number, planned) = mouth.planned else { return nil }
        guard scenes.indices.contains(number), scenes[number].speaker.frameNumbers.indices.contains(planned.row),
            planned.choice.parts.allSatisfy({ part in
                scenes[number].bank.entries.indices.contains(part.entry)
                    && scenes[number].speaker.frameNumbers.indices.contains(scenes[number].bank.entries[part.entry].row)
            })
        else { throw StepFile.unusable("frame \(index) of a script names what it has not") }
        var instruction = planned
        let piece = timeline.piece(at: index)
        if let part = piece.part {
            expressions[part]?.apply(to: &instruction, frame: index - piece.firstFrame)
        }
        return (number, instruction)
    }
}

/// A scene in a script.
struct SceneScript: Codable, Sendable {
    /// Its number in the whole output.
    var number: Int
    private var speaker: SpeakerScene
    private var bank: MouthBank
    private var occluders: OccluderMasks?
    private var expressionTrack: LandmarkTrack
    private var reference: MouthReference?

    /// Takes of a scene what some frames show.
    ///
    /// - Parameters:
    ///   - rows: Those with a mouth of the frames, ascending.
    ///   - entries: The pictures of the bank that are chosen, ascending.
    /// - Returns: For each row the row that it has become.
    static func make(
        _ scene: SceneSet.Scene, number: Int, rows: [Int], entries: [Int]
    ) -> (script: SceneScript, rows: [Int: Int]) {
        let kept = Set(rows + entries.map { scene.bank.entries[$0].row }).sorted()
        let places = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
        let driven = rows.first.flatMap { first in rows.last.map { first...$0 } }
        let script = SceneScript(
            number: number, speaker: scene.speaker.selecting(kept, driven: driven),
            bank: scene.bank.selecting(entries) { places[$0] ?? 0 }, occluders: scene.occluders?.selecting(kept),
            expressionTrack: scene.expressionTrack.count > 0
                ? scene.expressionTrack.selecting(kept) : scene.expressionTrack,
            reference: scene.bank.hasMovingMouth ? nil : scene.reference)
        return (script, places)
    }

    var scene: SceneSet.Scene {
        SceneSet.Scene(
            speaker: speaker, bank: bank.painting(reference?.interior(speaker)), occluders: occluders,
            expressionTrack: expressionTrack, reference: reference)
    }
}

/// What the mouths of a section do, frame by frame; feelings are added from the plan.
struct PlannedMouths: Codable, Sendable {
    /// One frame, in plain numbers.
    struct Mouth: BitwiseCopyable, Sendable {
        /// -1 where nothing is drawn.
        private var scene: Int32 = -1
        private var row: Int32 = 0
        private var curves = MouthCurves()
        private var strength: Float = 0
        private var first = Picture()
        private var second = Picture()

        private struct Picture: BitwiseCopyable, Sendable {
            /// -1 for none.
            var entry: Int32 = -1
            var weight: Float = 0
            var inside: Float = 0
        }

        init(_ planned: (scene: Int, instruction: MouthInstruction)?) {
            guard let (scene, instruction) = planned else { return }
            self.scene = Int32(scene)
            row = Int32(instruction.row)
            curves = instruction.curves
            strength = instruction.strength
            let pictures = instruction.choice.parts.map {
                Picture(entry: Int32($0.entry), weight: $0.weight, inside: $0.inside)
            }
            // A cross-fade is of two pictures.
            precondition(pictures.count <= 2)
            if pictures.count > 0 { first = pictures[0] }
            if pictures.count > 1 { second = pictures[1] }
        }

        var planned: (scene: Int, instruction: MouthInstruction)? {
            guard scene >= 0 else { return nil }
            let parts = [first, second].filter { $0.entry >= 0 }.map {
                MouthPictureChoice.Part(entry: Int($0.entry), weight: $0.weight, inside: $0.inside)
            }
            return (
                Int(scene),
                MouthInstruction(
                    row: Int(row), curves: curves, strength: strength, choice: MouthPictureChoice(parts: parts))
            )
        }
    }

    var values: [Mouth]

    init(_ values: [Mouth]) { self.values = values }

    private enum CodingKeys: CodingKey { case values }

    init(from decoder: any Decoder) throws {
        values = try decoder.container(keyedBy: CodingKeys.self).decodePacked(Mouth.self, forKey: .values)
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodePacked(values, forKey: .values)
    }
}

extension SectionScript {
    /// The script of some frames of a planned output.
    init(
        number: Int, count: Int, frames: Range<Int>, of planned: PlannedOutput, plan: RenderPlan,
        video: VideoOutputSettings, measured: MeasurePlan.Frames?
    ) {
        let all = planned.scenes
        var rows: [Int: Set<Int>] = [:]
        var entries: [Int: Set<Int>] = [:]
        for index in frames {
            guard let (scene, instruction) = all.instruction(at: index) else { continue }
            rows[scene, default: []].insert(instruction.row)
            entries[scene, default: []].formUnion(instruction.choice.parts.map(\.entry))
        }
        var scripts: [SceneScript] = []
        var places: [Int: (scene: Int, rows: [Int: Int], entries: [Int: Int])] = [:]
        for scene in rows.keys.sorted() {
            let chosen = (entries[scene] ?? []).sorted()
            let (script, kept) = SceneScript.make(
                all.scenes[scene], number: scene, rows: (rows[scene] ?? []).sorted(), entries: chosen)
            places[scene] = (
                scripts.count, kept, Dictionary(uniqueKeysWithValues: zip(chosen, chosen.indices))
            )
            scripts.append(script)
        }
        let mouths = frames.map { index in
            guard let (scene, planned) = all.instruction(at: index), let place = places[scene] else {
                return PlannedMouths.Mouth(nil)
            }
            var instruction = planned
            instruction.row = place.rows[planned.row] ?? 0
            instruction.choice.parts = planned.choice.parts.map { part in
                var part = part
                part.entry = place.entries[part.entry] ?? 0
                return part
            }
            return PlannedMouths.Mouth((place.scene, instruction))
        }
        var tracks: [Int: MouthTrack] = [:]
        let shown = Set(planned.timeline.pieces.filter { $0.frames.overlaps(frames) }.compactMap(\.part))
        for part in shown where plan.parts[part].expression != nil { tracks[part] = planned.tracks[part] }
        self.init(
            number: number, count: count, frames: frames, timeline: planned.timeline, video: video, scenes: scripts,
            mouths: PlannedMouths(mouths), tracks: tracks, measured: measured?.within(frames),
            labelCorner: planned.labelCorner)
    }
}

/// What the steps behind the planning know of the whole output.
struct JointRecord: StepRecord {
    static let kind = "joint"

    var timeline: OutputTimeline
    var sections: [Range<Int>]
    var video: VideoOutputSettings
    var tags: FileTags
    var format: SoundFormat
    var sounds: [PartSound]
    /// The report but for what later steps find out.
    var report: RenderReport
    /// `nil` where nothing is measured.
    var measures: MeasurePlan?
    /// Output frames that show the middles of the report's gaps.
    var gapFrames: [Int]
}

/// How a section was made.
struct SectionRecord: StepRecord {
    static let kind = "section"

    var number: Int
    var frames: Range<Int>
    var seconds: Double
    var drawSeconds: Double
    var encodeSeconds: Double
    /// `nil` where nothing is measured.
    var readings: RenderMeasurement.Readings?
    /// What its frames look like (`FingerprintRecorder`); `nil` where nobody asks.
    var looks: [Int: UInt64]?
}

/// How the sound was made.
struct SoundRecord: StepRecord {
    static let kind = "sound"

    var seconds: Double
    /// The clip's own sound, where it is heard, is damaged.
    var isClipSoundDamaged: Bool
    /// `nil` where nothing is measured.
    var heard: MeasurePlan.Heard?
}
