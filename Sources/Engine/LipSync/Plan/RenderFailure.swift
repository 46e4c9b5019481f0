import Inference
import Media

/// Why a video could not be made: a stable code, a sentence and a suggestion for the user, and detail for the log.
public struct RenderFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure this is.
    public let code: EngineCode
    /// One sentence for the user.
    public let message: String
    /// What the user can do.
    public let suggestion: String
    /// Private detail for the log.
    public let detail: String

    public init(_ code: EngineCode, message: String, suggestion: String, detail: String = "") {
        self.code = code
        self.message = message
        self.suggestion = suggestion
        self.detail = detail
    }

    /// The code and the sentence.
    public var description: String { "\(code.rawValue): \(message)" }

    static let cancelled = RenderFailure(
        .cancelled, message: "The work was cancelled.", suggestion: "Start it again.")

    /// The failure that an error of the parts below means for the user.
    public init(_ error: any Error) {
        switch error {
        case let failure as RenderFailure: self = failure
        case let error as MediaError:
            self.init(
                EngineCode(error.code), message: error.message, suggestion: error.suggestion, detail: error.detail)
        case let error as InferenceError where error.kind != .runFailed:
            self.init(
                .installationIncomplete, message: "The networks could not be loaded.",
                suggestion: "Run `make setup`, then `lipsmith doctor`.", detail: error.description)
        default:
            self.init(
                .engineFailed, message: "The video could not be rendered.",
                suggestion: "Try again; if it fails again, report it with the log.", detail: "\(error)")
        }
    }
}
