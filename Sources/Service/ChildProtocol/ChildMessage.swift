public import Foundation
public import LipSync

/// One line that a child process writes to its parent: JSON, one member beside the kind.
public struct ChildMessage: Codable, Sendable {
    /// What the line says.
    public enum Kind: String, Codable, Sendable {
        /// How far the work is.
        case progress
        /// The child waits for an answer.
        case question
        /// The work is done: the last line.
        case result
        /// The work failed: the last line.
        case failure
    }

    /// Why a child failed.
    public struct Failure: Codable, Hashable, Sendable {
        /// The name of an `EngineCode`.
        public var code: String
        /// One sentence that is safe to show.
        public var message: String
        /// What the user can do.
        public var suggestion: String
        /// Private detail for the log.
        public var detail: String

        /// The engine's code; `nil` where a child says something that this program does not know.
        public var engineCode: EngineCode? { EngineCode(rawValue: code) }

        /// Makes a failure of its parts.
        public init(code: String, message: String, suggestion: String, detail: String) {
            self.code = code
            self.message = message
            self.suggestion = suggestion
            self.detail = detail
        }
    }

    /// What the line says.
    public var kind: Kind
    /// With `progress`.
    public var progress: RenderProgress?
    /// With `progress` at times: a small picture of what is being made, a JPEG.
    public var preview: Data?
    /// With the `result` of a render or an upscaling: what was made.
    public var output: RenderReport.Output?
    /// With the `result` of a render: the part alone, if it was asked for and has any frame.
    public var segmentOutput: RenderReport.Output?
    /// With the `result` of a probe.
    public var media: MediaSummary?
    /// With the `result` of a check.
    public var check: MediaCheck?
    /// With the `result` of a mix or a cleaned sound.
    public var sound: SoundFacts?
    /// With the `result` of a step of a divided job.
    public var step: StepOutcome?
    /// With `question`.
    public var question: ChildQuestion?
    /// With the `result` of a render: what the video looks like (`VideoFingerprint`).
    public var fingerprint: [UInt64]?
    /// With the `result` of tracing.
    public var trace: MediaTrace?
    /// With the `result` of sealing.
    public var sealing: SealingOutcome?
    /// With `failure`.
    public var failure: Failure?

    /// How far a render is.
    public static func progress(_ progress: RenderProgress) -> ChildMessage {
        ChildMessage(kind: .progress, progress: progress)
    }

    /// A small picture of what is being made.
    public static func preview(_ jpeg: [UInt8]) -> ChildMessage {
        ChildMessage(kind: .progress, preview: Data(jpeg))
    }

    /// What a task gave.
    public static func result(_ result: EngineResult) -> ChildMessage {
        switch result {
        case .render(let report):
            ChildMessage(kind: .result, output: report.output, segmentOutput: report.segmentOutput)
        case .picture(let output): ChildMessage(kind: .result, output: output)
        case .sound(let sound): ChildMessage(kind: .result, sound: sound)
        case .step(let outcome): ChildMessage(kind: .result, step: outcome)
        }
    }

    /// What the child has to know to go on.
    public static func question(_ question: ChildQuestion) -> ChildMessage {
        var message = ChildMessage(kind: .question)
        message.question = question
        return message
    }

    /// What became of files that were to be sealed.
    public static func result(_ outcome: SealingOutcome) -> ChildMessage {
        var message = ChildMessage(kind: .result)
        message.sealing = outcome
        return message
    }

    /// What says where a file comes from.
    public static func result(_ trace: MediaTrace) -> ChildMessage {
        var message = ChildMessage(kind: .result)
        message.trace = trace
        return message
    }

    /// What a probe found.
    public static func result(_ media: MediaSummary) -> ChildMessage { ChildMessage(kind: .result, media: media) }

    /// What a check found.
    public static func result(_ check: MediaCheck) -> ChildMessage { ChildMessage(kind: .result, check: check) }

    /// Why there is no result.
    public static func failure(_ error: any Error) -> ChildMessage {
        let failure = RenderFailure(error)
        return ChildMessage(
            kind: .failure,
            failure: Failure(
                code: failure.code.rawValue, message: failure.message, suggestion: failure.suggestion,
                detail: failure.detail))
    }

    /// The line, without its end.
    public func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads a line; nil where it is none of a child's.
    public init?(line: [UInt8]) {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        guard let message = try? decoder.decode(ChildMessage.self, from: Data(line)) else { return nil }
        self = message
    }

    private init(
        kind: Kind, progress: RenderProgress? = nil, preview: Data? = nil, output: RenderReport.Output? = nil,
        segmentOutput: RenderReport.Output? = nil, media: MediaSummary? = nil, check: MediaCheck? = nil,
        sound: SoundFacts? = nil, step: StepOutcome? = nil, failure: Failure? = nil
    ) {
        self.kind = kind
        self.progress = progress
        self.preview = preview
        self.output = output
        self.segmentOutput = segmentOutput
        self.media = media
        self.check = check
        self.sound = sound
        self.step = step
        self.failure = failure
    }
}
