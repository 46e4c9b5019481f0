/// Why a network could not be loaded or run.
public struct InferenceError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: String, Sendable {
        /// The runtime library could not be loaded from its folder.
        case runtimeMissing
        /// The model's file is missing or not readable by the runtime.
        case modelUnreadable
        /// The runtime refused to run a loaded model.
        case runFailed
    }

    public let kind: Kind
    /// Detail for the log: it may hold paths and must not reach a client.
    public let detail: String

    package init(_ kind: Kind, detail: String) {
        self.kind = kind
        self.detail = detail
    }

    /// The kind and the detail, for the log.
    public var description: String { "\(kind.rawValue): \(detail)" }
}
