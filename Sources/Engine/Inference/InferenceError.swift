/// Why a network could not be loaded or run.
public struct InferenceError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: String, Sendable {
        /// The runtime library is not where it should be.
        case runtimeMissing
        /// The model's file is missing or not readable by the runtime.
        case modelUnreadable
        /// The runtime refused to run a loaded model.
        case runFailed
    }

    /// What kind of failure this is.
    public let kind: Kind
    /// Private detail for the log.
    public let detail: String

    package init(_ kind: Kind, detail: String) {
        self.kind = kind
        self.detail = detail
    }

    /// The kind and the private detail.
    public var description: String { "\(kind.rawValue): \(detail)" }
}
