/// A refusal or failure with a stable code, sentences that are safe to show, and private detail for logs.
public struct GenerationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stable name.
    public let code: ErrorCode
    /// What to show: one sentence, or one for each wrong field.
    public let messages: [String]
    /// What to do about it.
    public let suggestion: String
    /// The field that the first sentence is about, in the Sync interface's spelling: `input[0].url`.
    public let field: String?
    /// The status number of an answer.
    public let status: Int
    /// Whether the same request may succeed later.
    public let isRetryable: Bool
    /// Further public members of the answer, such as the number of a batch's line.
    public let parameters: [String: JSONValue]
    /// Private particulars for logs.
    public let detail: String

    /// Makes an error from the catalogue's entry; whatever is given takes the place of the entry's own.
    public init(
        _ code: ErrorCode, _ message: String? = nil, suggestion: String? = nil, field: String? = nil,
        status: Int? = nil, parameters: [String: JSONValue] = [:], detail: String = ""
    ) {
        self.init(
            code, messages: message.map { [$0] } ?? [], suggestion: suggestion, field: field, status: status,
            parameters: parameters, detail: detail)
    }

    /// Makes an error with several sentences; none means the catalogue's.
    public init(
        _ code: ErrorCode, messages: [String], suggestion: String? = nil, field: String?, status: Int? = nil,
        parameters: [String: JSONValue] = [:], detail: String = ""
    ) {
        let entry = code.entry
        self.code = code
        self.messages = messages.isEmpty ? [entry.message] : messages
        self.suggestion = suggestion ?? entry.suggestion
        self.field = field
        self.status = status ?? entry.status
        isRetryable = entry.isRetryable
        self.parameters = parameters
        self.detail = detail
    }

    /// Makes the refusal of a request with several wrong fields; nil where none is wrong.
    public init?(_ problems: [FieldProblem]) {
        guard let first = problems.first else { return nil }
        self.init(.generationInputValidationFailed, messages: problems.map(\.message), field: first.field)
    }

    /// The same refusal seen from elsewhere, where its field has another name, its sentences a line number or its answer
    /// another status; whatever is not given stays.
    public init(
        _ error: GenerationError, messages: [String]? = nil, field: String?, status: Int? = nil,
        parameters: [String: JSONValue]? = nil
    ) {
        self.init(
            error.code, messages: messages ?? error.messages, suggestion: error.suggestion, field: field,
            status: status ?? error.status, parameters: parameters ?? error.parameters, detail: error.detail)
    }

    /// The refusal of an asset's name that stands for something already.
    public static func assetExists(_ id: AssetID) -> GenerationError {
        GenerationError(
            .generationConflict, "The asset \(id) exists already.", suggestion: "Choose a new UUID.", field: "assetId")
    }

    /// The first sentence.
    public var message: String { messages[0] }

    /// Code and sentences, without the private detail.
    public var description: String { "\(code): \(messages.joined(separator: " "))" }
}

/// How a generation failed, as it is kept: what both interfaces show afterwards.
public struct FailureFacts: Hashable, Sendable {
    /// The stable name.
    public let code: ErrorCode
    /// One sentence for people.
    public let message: String

    /// Keeps a code and a sentence.
    public init(code: ErrorCode, message: String) {
        self.code = code
        self.message = message
    }

    /// Keeps what an error says in public.
    public init(_ error: GenerationError) {
        self.init(code: error.code, message: error.message)
    }
}
