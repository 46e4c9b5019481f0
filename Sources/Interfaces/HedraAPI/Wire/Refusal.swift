import Gateway
import Generations
import HTTP

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

    /// The class of a code of the catalogue.
    init(_ code: ErrorCode) {
        switch code {
        case .assetNotFound, .assetForbidden, .generationNotFound, .modelNotFound, .voiceNotFound: self = .notFound
        case .generationConflict: self = .alreadyExists
        case .assetNotUploaded, .planFeatureUnavailable: self = .failedPrecondition
        case .unauthorized: self = .unauthorized
        case .insufficientBalance: self = .missingCredits
        case .moderationFailed: self = .moderationFailed
        case .concurrencyLimitReached, .rateLimitExceeded, .elevenlabsQuotaExceeded,
            .generationInfraResourceExhausted:
            self = .resourceExhausted
        case .generationTimeout, .controllerTimeout: self = .deadlineExceeded
        case .elevenlabsServiceUnavailable, .elevenlabsApiKeyInvalid, .generationMediaProbeTimeout,
            .generationMediaProbeUnavailable, .generationInfraServiceUnavailable:
            self = .unavailable
        default:
            switch code.entry.category {
            case .request, .media, .resource, .voice: self = .invalidArgument
            case .account: self = .resourceExhausted
            case .processing: self = .internalFault
            case .service: self = code == .internalError ? .internalFault : .unavailable
            }
        }
    }
}

/// A request that is refused, in both forms that clients of this interface read.
struct Refusal: Error, Hashable, Sendable {
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

    /// A refusal for its form; nil where nothing is wrong.
    init?(_ fields: [InvalidField]) {
        guard let first = fields.first else { return nil }
        failureClass = .invalidArgument
        status = 422
        message = first.sentence
        suggestion = nil
        self.fields = fields
    }

    /// A refusal for one wrong field.
    init(_ field: InvalidField) {
        failureClass = .invalidArgument
        status = 422
        message = field.sentence
        suggestion = nil
        fields = [field]
    }

    /// A refusal of the domain.
    init(_ error: GenerationError) {
        let failureClass = FailureClass(error.code)
        // A text in `detail` at 422 makes the published SDK fail, so that status is for wrong fields alone.
        let status = error.status == 413 ? 413 : failureClass.status
        self.init(failureClass, error.message, suggestion: error.suggestion, status: status)
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

extension Refusal {
    /// What any error of a route means for the client.
    static func httpError(_ error: any Error) -> HTTPError {
        switch error {
        case let refusal as Refusal: return refusal.httpError
        case let error as GenerationError: return Refusal(error).httpError
        case let error as StoreError: return Refusal(error.publicError).httpError
        case is AuthenticationFailure:
            return Refusal(
                .unauthorized, "The X-API-Key header is missing or names no valid key.",
                suggestion: "Send a key of this server in the X-API-Key header."
            ).httpError
        case let error as any HTTPErrorConvertible:
            var error = error.httpError
            error.response = error.response ?? response(error)
            return error
        case is CancellationError, is HTTPConnectionClosed:
            return Refusal(GenerationError(.generationInfraServiceUnavailable)).httpError
        default:
            return Refusal(GenerationError(.internalError, detail: "\(error)")).httpError
        }
    }

    /// The answer to an error that arose outside of the routes; a path and a method that nobody serves have the words of
    /// the hosted service's framework.
    static func response(_ error: HTTPError) -> HTTPResponse {
        let message =
            switch error.status.rawValue {
            case 404: "Not Found"
            case 405: "Method Not Allowed"
            default: error.message
            }
        let failureClass: FailureClass =
            switch error.status.rawValue {
            case 401: .unauthorized
            case 404: .notFound
            case 429: .resourceExhausted
            case 503: .unavailable
            case 500...: .internalFault
            default: .invalidArgument
            }
        let refusal = Refusal(failureClass, message, status: error.status.rawValue)
        return .json(refusal.json, status: error.status, headers: error.headers)
    }
}

extension HTTPResponse {
    /// A value as JSON.
    static func json(_ value: JSONValue, status: HTTPStatus = .ok, headers: HTTPHeaders = [:]) -> HTTPResponse {
        var fields = headers
        fields["Content-Type"] = "application/json"
        return HTTPResponse(status, headers: fields, bytes: value.utf8)
    }
}
