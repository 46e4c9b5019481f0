public import Generations
public import Text

/// A refusal as this interface's clients are told of it.
public struct SyncError: Error, Hashable, Sendable {
    public let code: SyncCode
    /// What to show: one sentence, or one for each wrong field.
    public let messages: [String]
    /// What to do about it.
    public let suggestion: String
    /// The field that the first sentence is about, as `input[0].url`.
    public let field: String?
    /// The status number of the answer.
    public let status: Int
    /// Further members of the answer, such as the number of a batch's line.
    public let parameters: [String: JSONValue]
    /// Private particulars for logs.
    public let detail: String

    /// Makes a refusal from the catalogue's entry; whatever is given takes the place of the entry's own.
    public init(
        _ code: SyncCode, _ message: String? = nil, suggestion: String? = nil, field: String? = nil,
        status: Int? = nil, parameters: [String: JSONValue] = [:], detail: String = ""
    ) {
        self.init(
            code, messages: message.map { [$0] } ?? [], suggestion: suggestion, field: field, status: status,
            parameters: parameters, detail: detail)
    }

    /// Makes a refusal with several sentences; none means the catalogue's.
    init(
        _ code: SyncCode, messages: [String], suggestion: String? = nil, field: String?, status: Int? = nil,
        parameters: [String: JSONValue] = [:], detail: String = ""
    ) {
        let entry = code.entry
        self.code = code
        self.messages = messages.isEmpty ? [entry.message] : messages
        self.suggestion = suggestion ?? entry.suggestion
        self.field = field
        self.status = status ?? entry.status
        self.parameters = parameters
        self.detail = detail
    }

    /// Makes the refusal of a request with several wrong fields; `nil` where none is wrong.
    public init?(_ problems: [FieldProblem]) {
        guard let first = problems.first else { return nil }
        self.init(.generationInputValidationFailed, messages: problems.map(\.message), field: first.field)
    }

    /// What a failure of the domain means here.
    public init(_ error: GenerationError) {
        let cause = SyncCause(error.code)
        self.init(
            cause.code, messages: [error.message], suggestion: error.suggestion, field: error.field?.syncPath,
            status: cause.status, parameters: error.parameters, detail: error.detail)
    }

    /// The same refusal seen from elsewhere, where its field has another name, its sentences a line number or its answer
    /// another status; whatever is not given stays.
    init(
        _ error: SyncError, messages: [String]? = nil, field: String?, status: Int? = nil,
        parameters: [String: JSONValue]? = nil
    ) {
        self.init(
            error.code, messages: messages ?? error.messages, suggestion: error.suggestion, field: field,
            status: status ?? error.status, parameters: parameters ?? error.parameters, detail: error.detail)
    }

    /// The first sentence.
    public var message: String { messages[0] }

    /// The refusal behind an error of this interface or of the domain; `nil` for others.
    static func refusal(_ error: any Error) -> SyncError? {
        switch error {
        case let error as SyncError: error
        case let error as GenerationError: SyncError(error)
        default: nil
        }
    }
}
