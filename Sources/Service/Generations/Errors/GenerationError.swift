public import Text

/// A refusal or failure with a stable code, a sentence that is safe to show, and private detail for logs.
public struct GenerationError: Error, Hashable, Sendable, CustomStringConvertible {
    public let code: FailureCode
    /// What to show, one sentence.
    public let message: String
    /// What to do about it.
    public let suggestion: String
    /// What the sentence is about.
    public let field: RequestField?
    /// Further public facts, such as how long to wait.
    public let parameters: [String: JSONValue]
    /// Private particulars for logs.
    public let detail: String

    /// Makes an error with the code's own sentences; whatever is given takes their place.
    public init(
        _ code: FailureCode, _ message: String? = nil, suggestion: String? = nil, field: RequestField? = nil,
        parameters: [String: JSONValue] = [:], detail: String = ""
    ) {
        self.code = code
        self.message = message ?? code.message
        self.suggestion = suggestion ?? code.suggestion
        self.field = field
        self.parameters = parameters
        self.detail = detail
    }

    /// The same error about another place.
    public init(_ error: GenerationError, field: RequestField?) {
        self.init(
            error.code, error.message, suggestion: error.suggestion, field: field, parameters: error.parameters,
            detail: error.detail)
    }

    /// The refusal of an asset's name that stands for something already.
    public static func assetExists(_ id: AssetID) -> GenerationError {
        GenerationError(
            .nameTaken, "The asset \(id) exists already.", suggestion: "Choose a new UUID.", field: .asset)
    }

    /// The refusal of a cursor whose item is gone.
    ///
    /// - Parameter noun: What it names none of, as in `project of this organisation`.
    public static func cursorGone(_ noun: String) -> GenerationError {
        GenerationError(
            .requestInvalid, "cursor names no \(noun).", suggestion: "Begin with the first page again.", field: .cursor)
    }

    /// Whether the same request may succeed later.
    public var isRetryable: Bool { code.isRetryable }

    /// Code and sentence, without the private detail.
    public var description: String { "\(code): \(message)" }
}

/// How a generation failed, as it is kept: what every interface shows afterwards.
public struct FailureFacts: Hashable, Sendable {
    public let code: FailureCode
    /// One sentence for people.
    public let message: String

    /// Keeps a code and a sentence; the code's own where none is given.
    public init(code: FailureCode, message: String? = nil) {
        self.code = code
        self.message = message ?? code.message
    }

    /// Keeps what an error says in public.
    public init(_ error: GenerationError) {
        self.init(code: error.code, message: error.message)
    }
}
