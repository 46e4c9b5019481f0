import Access
import Generations
import HTTP
import Text
import WebInterface

/// Errors as fal's clients read them: `detail` is a list of wrong fields, or a text. JavaScript's reads `message`.
struct FalErrors: ErrorRenderer {
    /// What a failure of the domain is here.
    struct Failure: Sendable {
        let status: HTTPStatus
        let type: String

        /// How a failure is told, of a request or of a job.
        init(_ code: FailureCode) {
            let (number, type): (Int, String) =
                switch code {
                case .videoInaccessible, .audioInaccessible, .imageInaccessible, .assetNotFound, .assetForeign,
                    .assetEmpty, .uploadMissing:
                    (422, "file_download_error")
                case .subjectNotFound, .speakerInvalid: (422, "face_detection_error")
                case .inputTooLong, .modelLimitExceeded, .dubTooLong: (422, "video_duration_too_long")
                case .videoUnusable, .pictureSizeUnsupported, .mediaFactsMissing: (422, "unsupported_video_format")
                case .audioUnusable: (422, "unsupported_audio_format")
                case .fileTooLarge: (422, "file_too_large")
                case .generationNotFound: (404, "not_found")
                case .generationNotEnded, .generationEnded: (400, "request_state")
                case .cancelled: (422, "request_cancelled")
                case .creditsExhausted: (402, "insufficient_balance")
                case .idempotencyKeyReused, .nameTaken: (409, "conflict")
                case .activeLimitReached, .rateLimited, .storageQuotaReached, .providerQuotaExceeded,
                    .resourcesExhausted:
                    (429, "rate_limited")
                case .timedOut, .inspectionTimedOut, .providerTimedOut, .dependencyTimedOut:
                    (504, "generation_timeout")
                case .inspectionUnavailable, .partUnavailable, .storageFailed, .diskFull, .providerUnavailable,
                    .providerKeyRefused, .dependencyUnavailable, .dependencyFaulty:
                    (503, "service_unavailable")
                case .processingFailed, .unknownFailure, .internalError: (500, "internal_server_error")
                default: (422, "value_error")
                }
            (status, self.type) = (HTTPStatus(rawValue: number), type)
        }
    }

    func render(_ error: GenerationError, requestID: String) -> HTTPError {
        Self.error(
            Failure(error.code), error.message, field: error.field?.syncPath, error.code.isRetryable,
            detail: error.detail)
    }

    func render(own error: any Error, requestID: String) -> HTTPError? {
        guard let error = error as? SyncError else { return nil }
        let status = HTTPStatus(rawValue: [400, 413].contains(error.status) ? 422 : error.status)
        let entries = error.messages.map { Self.entry("value_error", $0, at: error.field) }
        return Self.error(status, .array(entries), error.message, "value_error", false, detail: error.detail)
    }

    func render(_ failure: AuthenticationFailure, requestID: String) -> HTTPError {
        if let forbidden = Self.forbidden(failure) {
            let text = "\(forbidden.message) \(forbidden.suggestion)"
            return Self.error(.forbidden, .string(text), text, forbidden.code, false)
        }
        let text = "Authentication is required to access this application."
        return Self.error(.unauthorized, .string(text), text, "unauthorized", false)
    }

    func translate(_ error: RequestError) -> any Error {
        func refused(_ status: Int, _ text: String, _ type: String) -> HTTPError {
            Self.error(HTTPStatus(rawValue: status), .string(text), text, type, false)
        }
        switch error {
        case .fields(let errors):
            let entries = errors.map { error -> JSONValue in
                let type =
                    switch error.cause {
                    case .missing: "missing"
                    case .word: "literal_error"
                    default: "value_error"
                    }
                let name = error.place.compactMap(\.text).last ?? ""
                return [
                    "loc": .array(error.place), "msg": .string("\(name) \(error.cause.predicate)"),
                    "type": .string(type),
                ]
            }
            let first = entries.first?["msg"]?.text ?? "The input is wrong."
            return Self.error(HTTPStatus(rawValue: 422), .array(entries), first, "value_error", false)
        case .body: return refused(422, "The body must be a JSON object.", "json_invalid")
        case .linkClosed: return refused(401, "The address's token is missing, wrong or too old.", "unauthorized")
        case .fileGone: return refused(404, "The file does not exist any more.", "not_found")
        }
    }

    func response(to error: HTTPError, requestID: String) -> HTTPResponse {
        let text = error.status == .notFound ? "Application or path not found." : error.message
        return Self.response(
            error.status, .string(text), text, error.status.rawValue >= 500, type: error.code, headers: error.headers)
    }

    /// The answer that tells why a job has failed.
    static func error(of failure: FailureFacts, field: String) -> HTTPError {
        error(Failure(failure.code), failure.message, field: field, failure.code.isRetryable, detail: "")
    }

    private static func error(
        _ failure: Failure, _ message: String, field: String?, _ isRetryable: Bool, detail: String
    ) -> HTTPError {
        let isInput = failure.status.rawValue == 422
        let value: JSONValue = isInput ? [entry(failure.type, message, at: field)] : .string(message)
        return error(failure.status, value, message, failure.type, isRetryable, detail: detail)
    }

    private static func error(
        _ status: HTTPStatus, _ value: JSONValue, _ message: String, _ type: String, _ isRetryable: Bool,
        detail: String = ""
    ) -> HTTPError {
        HTTPError(
            status, type, message, detail: detail,
            response: response(status, value, message, isRetryable, type: type, headers: [:]))
    }

    private static func response(
        _ status: HTTPStatus, _ value: JSONValue, _ message: String, _ isRetryable: Bool, type: String,
        headers: HTTPHeaders
    ) -> HTTPResponse {
        var headers = headers
        headers["X-Fal-Retryable"] = String(isRetryable)
        headers["X-Fal-Needs-Retry"] = String(isRetryable)
        if status == .tooManyRequests, headers["Retry-After"] == nil { headers["Retry-After"] = "2" }
        return .json(
            ["detail": value, "message": .string(message), "error_type": .string(type)], status: status,
            headers: headers)
    }

    private static func entry(_ type: String, _ message: String, at field: String?) -> JSONValue {
        let name: String
        switch field ?? "" {
        case let field where field.hasPrefix("input[0]"): name = "video_url"
        case let field where field.hasPrefix("input[1]"): name = "audio_url"
        case let field: name = field.split(separator: ".").last.map(String.init) ?? field
        }
        let place: [JSONValue] = name.isEmpty ? ["body"] : ["body", .string(name)]
        return ["loc": .array(place), "msg": .string(message), "type": .string(type)]
    }
}
