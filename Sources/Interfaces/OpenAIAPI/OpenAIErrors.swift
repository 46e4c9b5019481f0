import Access
import Generations
import HTTP
import Text
import WebInterface

/// Errors in the form that OpenAI's clients read: `{"error": {"message", "type", "param", "code"}}`.
struct OpenAIErrors: ErrorRenderer {
    func render(_ error: GenerationError, requestID: String) -> HTTPError {
        let (status, code) = Self.answer(to: error.code)
        // Their clients show the sentence alone.
        let sentences = [error.message, error.suggestion].filter { !$0.isEmpty }.joined(separator: " ")
        return Self.error(
            status, code, sentences, parameter: error.field.flatMap(Self.parameter), detail: error.detail)
    }

    func render(_ failure: AuthenticationFailure, requestID: String) -> HTTPError {
        if let forbidden = Self.forbidden(failure) {
            return Self.error(.forbidden, forbidden.code, "\(forbidden.message) \(forbidden.suggestion)")
        }
        let message =
            failure == .missing
            ? "You need a key of this server in the header Authorization: Bearer KEY." : "The key opens nothing here."
        return Self.error(.unauthorized, "invalid_api_key", message)
    }

    func translate(_ error: RequestError) -> any Error {
        switch error {
        case .fields(let errors):
            let first = errors.first
            let name = first?.place.compactMap(\.text).joined(separator: ".") ?? ""
            let code = first?.cause == .missing ? "missing_required_parameter" : "invalid_value"
            return Self.error(
                .badRequest, code, "'\(name)' \(first?.cause.predicate ?? "is wrong.")", parameter: name)
        case .body(.empty), .body(.syntax):
            return Self.error(.badRequest, "invalid_json", "The body is not JSON.")
        case .body(.mediaType), .body(.notAnObject):
            return Self.error(.badRequest, "invalid_json", "The body must be a JSON object.")
        case .linkClosed: return Self.error(.unauthorized, "invalid_api_key", "The link's token is wrong or too old.")
        case .fileGone: return Self.error(.notFound, "not_found", "The file does not exist any more.")
        }
    }

    func response(to error: HTTPError, requestID: String) -> HTTPResponse {
        Self.response(error.status, error.code, error.message, parameter: nil, headers: error.headers)
    }

    private static func answer(to code: FailureCode) -> (HTTPStatus, String) {
        switch code {
        case .requestInvalid, .textTooLong, .voiceNotFound, .providerRefused: (.badRequest, "invalid_value")
        case .notOffered, .notOfferedHere: (.notFound, "model_not_found")
        case .rateLimited, .activeLimitReached: (.tooManyRequests, "rate_limit_exceeded")
        case .providerQuotaExceeded, .creditsExhausted, .storageQuotaReached: (.tooManyRequests, "insufficient_quota")
        case .partUnavailable, .providerUnavailable, .providerTimedOut, .providerKeyRefused, .resourcesExhausted,
            .diskFull, .storageFailed:
            (.serviceUnavailable, "service_unavailable")
        // No other failure comes of a text that is spoken.
        default: (.internalServerError, "internal_error")
        }
    }

    private static func parameter(_ field: RequestField) -> String? {
        switch field {
        case .voice: "voice"
        case .script: "input"
        default: nil
        }
    }

    private static func error(
        _ status: HTTPStatus, _ code: String, _ message: String, parameter: String? = nil, detail: String = ""
    ) -> HTTPError {
        HTTPError(
            status, code, message, detail: detail,
            response: response(status, code, message, parameter: parameter, headers: [:]))
    }

    private static func response(
        _ status: HTTPStatus, _ code: String, _ message: String, parameter: String?, headers: HTTPHeaders
    ) -> HTTPResponse {
        let type =
            switch status.rawValue {
            case 429: "rate_limit_error"
            case 500...: "server_error"
            default: "invalid_request_error"
            }
        return .json(
            [
                "error": [
                    "message": .string(message), "type": .string(type), "param": .text(parameter),
                    "code": .string(code),
                ]
            ], status: status, headers: headers)
    }
}
