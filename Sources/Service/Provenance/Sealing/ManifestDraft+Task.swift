import Foundation
import Generations
public import LipSync
import Text

/// What is to be said of an output beside what its task says.
public struct OutputFactsToState: Sendable {
    /// The name of the model that the user has asked for.
    public var model: String?
    /// The program's version.
    public var version: String
    /// What readers show as the file's name.
    public var title: String
    /// SHA-256 of the render's report, in hexadecimal digits.
    public var reportDigest: String?
    /// What the user has said about the consent of who is seen and heard.
    public var consent: String?
    /// The voice that spoke a text, if the sound was made here.
    public var voice: String?
    /// The generation, where a server has made the output.
    public var generation: String?

    public init(version: String, title: String) {
        self.version = version
        self.title = title
    }
}

extension ManifestDraft {
    /// The manifest of what a task of the engine has made.
    ///
    /// - Parameters:
    ///   - task: With the paths of its inputs as they are at the time of sealing.
    ///   - contentType: Of the output.
    public init(_ task: EngineTask, contentType: String, _ facts: OutputFactsToState) {
        let (making, sources) = Self.origin(of: task)
        self.init(
            title: facts.title, contentType: contentType, making: making, sources: sources, version: facts.version,
            statement: Self.statement(task, facts), watermark: task.marks.watermark)
    }

    /// Where something comes from in which no lips move.
    public enum Origin: Hashable, Sendable {
        /// A text was spoken.
        case speech(voice: String)
        /// A file came out clearer or larger.
        case enhanced(path: String)
        /// What a file says is said by another voice.
        case convertedVoice(path: String)
    }

    /// The manifest of something in which no lips move.
    public init(_ origin: Origin, contentType: String, _ facts: OutputFactsToState) {
        let making: Making
        var sources: [Source] = []
        switch origin {
        case .speech(let voice):
            making = .created(Self.hasLearnt(voice) ? .trainedAlgorithmicMedia : .algorithmicMedia)
        case .enhanced(let path):
            making = .edited(.algorithmicallyEnhanced)
            sources = [Source(title: "source", relationship: .parentOf, path: path)]
        case .convertedVoice(let path):
            making = .edited(.compositeWithTrainedAlgorithmicMedia)
            sources = [Source(title: "source", relationship: .parentOf, path: path)]
        }
        self.init(
            title: facts.title, contentType: contentType, making: making, sources: sources, version: facts.version,
            statement: .compact([
                "model": facts.model.map { .string($0) }, "voice": facts.voice.map { .string($0) },
                "generation": facts.generation.map { .string($0) }, "consent": facts.consent.map { .string($0) },
            ]))
    }

    /// The manifest of a small picture of the file.
    public var ofThumbnail: ManifestDraft {
        ManifestDraft(
            title: title, contentType: "image/jpeg", making: .created(.compositeWithTrainedAlgorithmicMedia),
            sources: [], version: version, statement: statement)
    }

    /// Whether a voice was trained on recordings of people; those of espeak-ng and flite are made of rules and of recorded
    /// pieces.
    private static func hasLearnt(_ voice: String) -> Bool { !voice.hasPrefix("espeak-") && !voice.hasPrefix("flite-") }

    private static func origin(of task: EngineTask) -> (Making, [Source]) {
        func sound(_ path: String, _ number: Int) -> Source {
            Source(title: number == 0 ? "voice" : "voice \(number + 1)", relationship: .componentOf, path: path)
        }
        func clip(_ plan: RenderPlan) -> (Making, [Source]) {
            var sounds: [String] = []
            for part in plan.parts where !sounds.contains(part.audioPath) { sounds.append(part.audioPath) }
            return (
                .edited(.compositeWithTrainedAlgorithmicMedia),
                [Source(title: "source video", relationship: .parentOf, path: plan.videoPath)]
                    + sounds.enumerated().map { sound($1, $0) }
            )
        }
        switch task {
        case .sync(let plan): return clip(plan)
        case .step(let step): return clip(step.plan)
        case .animation(let plan):
            let pictures = plan.pictures.enumerated().map { number, cue in
                Source(
                    title: number == 0 ? "picture" : "picture \(number + 1)", relationship: .componentOf, path: cue.path
                )
            }
            let drive = plan.drivePath.map {
                [Source(title: "driving video", relationship: .inputTo, path: $0)]
            }
            return (
                .created(.compositeWithTrainedAlgorithmicMedia),
                pictures + (plan.audioPath.map { [sound($0, 0)] } ?? []) + (drive ?? [])
            )
        case .processing(let processing):
            return (
                .edited(.algorithmicallyEnhanced),
                [Source(title: "source", relationship: .parentOf, path: processing.inputPath)]
            )
        case .mix: return (.edited(.algorithmicallyEnhanced), [])
        }
    }

    private static func statement(_ task: EngineTask, _ facts: OutputFactsToState) -> JSONValue {
        var seed: UInt64?
        var parts: [JSONValue]?
        switch task {
        case .sync(let plan): (seed, parts) = (plan.seed, plan.parts.map(range))
        case .step(let step): (seed, parts) = (step.plan.seed, step.plan.parts.map(range))
        case .animation(let plan): seed = plan.seed
        case .processing, .mix: break
        }
        return .compact([
            "model": facts.model.map { .string($0) }, "profile": .string(task.profile.rawValue),
            // Beyond 53 bits a JSON number is not read alike everywhere.
            "seed": seed.map { .string(String($0)) }, "planDigest": .string(planDigest(of: task)),
            "redrawnParts": parts.map { .array($0) }, "reportDigest": facts.reportDigest.map { .string($0) },
            "voice": facts.voice.map { .string($0) }, "consent": facts.consent.map { .string($0) },
            "generation": facts.generation.map { .string($0) },
        ])
    }

    private static func range(_ part: RenderPart) -> JSONValue {
        switch part.range {
        case nil: ["whole": true]
        case .seconds(let start, let end): ["startSeconds": .number(start), "endSeconds": .number(end)]
        case .frames(let start, let end): ["startFrame": .integer(Int64(start)), "endFrame": .integer(Int64(end))]
        }
    }

    /// SHA-256 of the task as JSON with sorted members, without paths and without what is known of the inputs.
    public static func planDigest(of task: EngineTask) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        var task = task
        // What is done in steps is the same work.
        if case .step(let step) = task { task = .sync(step.plan) }
        guard let data = try? encoder.encode(task), let value = try? JSONValue(parsing: Array(data)) else { return "" }
        return Hexadecimal.encode(Digest.sha256(withoutPlaces(value).utf8))
    }

    private static let placeMembers: Set<String> = ["faces", "speech", "texts", "isMeasured", "folder", "marks"]

    private static func withoutPlaces(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            return .object(
                members.filter { name, _ in
                    !placeMembers.contains(name) && name != "path" && !name.hasSuffix("Path")
                }.mapValues(withoutPlaces))
        case .array(let elements): return .array(elements.map(withoutPlaces))
        default: return value
        }
    }
}
