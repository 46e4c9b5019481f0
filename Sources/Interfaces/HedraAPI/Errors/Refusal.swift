import Access
import Generations
import HTTP
import Text
import WebInterface

/// A name of the contract's list of errors, and the status that follows from it.
struct FailureClass: RawRepresentable, Hashable, Sendable {
    let rawValue: String
    init(rawValue: String) { self.rawValue = rawValue }

    static let invalidArgument = FailureClass(rawValue: "INVALID_ARGUMENT")
    static let failedPrecondition = FailureClass(rawValue: "FAILED_PRECONDITION")
    static let unauthorized = FailureClass(rawValue: "UNAUTHORIZED")
    static let missingCredits = FailureClass(rawValue: "MISSING_CREDITS")
    static let notFound = FailureClass(rawValue: "NOT_FOUND")
    static let alreadyExists = FailureClass(rawValue: "ALREADY_EXISTS")
    static let moderationFailed = FailureClass(rawValue: "MODERATION_FAILED")
    static let resourceExhausted = FailureClass(rawValue: "RESOURCE_EXHAUSTED")
    static let internalFault = FailureClass(rawValue: "INTERNAL")
    static let unavailable = FailureClass(rawValue: "UNAVAILABLE")
    static let deadlineExceeded = FailureClass(rawValue: "DEADLINE_EXCEEDED")

    var status: Int {
        switch self {
        case .invalidArgument, .failedPrecondition: 400
        case .unauthorized: 401
        case .missingCredits: 402
        case .notFound: 404
        case .alreadyExists: 409
        case .moderationFailed: 422
        case .resourceExhausted: 429
        case .unavailable: 503
        case .deadlineExceeded: 504
        default: 500
        }
    }
}

/// A request that is refused, in both forms that clients of this interface read.
struct Refusal: HTTPErrorConvertible, Hashable, Sendable {
    let failureClass: FailureClass
    let status: Int
    let message: String
    let suggestion: String?
    /// Not empty where the request's form is wrong.
    let fields: [InvalidField]
    var retryAfterSeconds: Int?
    /// Private particulars for the log.
    var detail = ""

    /// A refusal for its sense.
    init(_ failureClass: FailureClass, _ message: String, suggestion: String? = nil, status: Int? = nil) {
        self.failureClass = failureClass
        self.status = status ?? failureClass.status
        self.message = message
        self.suggestion = suggestion
        fields = []
    }

    /// A refusal for its form.
    init(fields: [InvalidField]) {
        failureClass = .invalidArgument
        status = 422
        message = fields.first?.sentence ?? ""
        suggestion = nil
        self.fields = fields
    }

    /// A refusal for one wrong field.
    init(_ error: FieldError) { self.init(fields: [InvalidField(error)]) }

    /// A refusal of the domain.
    init(_ error: GenerationError) {
        // A text in `detail` at 422 makes the published SDK fail, so that status is for wrong fields alone.
        self.init(HedraCause(error.code).failureClass, error.message, suggestion: error.suggestion)
        detail = error.detail
        if status == 429 || status == 503 { retryAfterSeconds = error.parameters["retryAfterSeconds"]?.int ?? 2 }
    }

    var json: JSONValue {
        let sentences = fields.isEmpty ? [message] : fields.map(\.sentence)
        return [
            "code": .integer(Int64(status)), "messages": .array(sentences.map(JSONValue.string)),
            "detail": fields.isEmpty && status != 422 ? .string(message) : .array(fields.map(\.json)),
            "error": .compact([
                "type": .string(failureClass.rawValue), "message": .string(sentences[0]),
                "suggestion": suggestion.map(JSONValue.string),
            ]),
        ]
    }

    var httpError: HTTPError {
        let status = HTTPStatus(rawValue: status)
        var headers: HTTPHeaders = [:]
        if let retryAfterSeconds { headers["Retry-After"] = String(retryAfterSeconds) }
        return HTTPError(
            status, failureClass.rawValue, message, detail: detail,
            response: .json(json, status: status, headers: headers))
    }
}
