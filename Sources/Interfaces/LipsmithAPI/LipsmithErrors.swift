import Access
import Generations
import HTTP
import Text
import WebInterface

/// Errors as `{"error": {"code", "message", "suggestion", "field", "requestId"}}`.
struct LipsmithErrors: ErrorRenderer {
    func render(_ error: GenerationError, requestID: String) -> HTTPError {
        let cause = LipsmithCause(error.code)
        var headers: HTTPHeaders = [:]
        // What waiting does not help is not worth asking again.
        if error.code.isRetryable, cause.status == .tooManyRequests || cause.status == .serviceUnavailable {
            headers["Retry-After"] = String(error.parameters["retryAfterSeconds"]?.int ?? 2)
        }
        return HTTPError(
            cause.status, error.code.rawValue, error.message, detail: error.detail,
            response: Self.response(
                cause.status, error.code.rawValue, error.message, suggestion: error.suggestion,
                field: error.field?.place, requestID: requestID, headers: headers))
    }

    func render(_ failure: AuthenticationFailure, requestID: String) -> HTTPError {
        if let forbidden = Self.forbidden(failure) {
            return httpError(
                LipsmithRefusal(.forbidden, forbidden.code, forbidden.message, suggestion: forbidden.suggestion),
                requestID: requestID)
        }
        let (code, message) =
            failure == .missing
            ? ("credential-missing", "This needs a key or a session.")
            : ("credential-invalid", "The key or the session opens nothing here.")
        return httpError(
            LipsmithRefusal(
                .unauthorized, code, message,
                suggestion: "Send a key of this server as x-api-key, or open a new sign-in link."),
            requestID: requestID)
    }

    func render(own error: any Error, requestID: String) -> HTTPError? {
        guard let error = error as? LipsmithRefusal else { return nil }
        return HTTPError(
            error.status, error.code, error.message,
            response: Self.response(
                error.status, error.code, error.message, suggestion: error.suggestion, field: error.field,
                requestID: requestID, facts: error.facts))
    }

    func translate(_ error: RequestError) -> any Error {
        switch error {
        case .fields(let errors):
            let first = errors.first
            let name = first.map { Self.path($0.place) } ?? ""
            return LipsmithRefusal(
                .badRequest, FailureCode.requestInvalid.rawValue, "\(name) \(first?.cause.predicate ?? "is wrong.")",
                suggestion: "docs/lipsmith-api.md describes the body.", field: name)
        case .body:
            return LipsmithRefusal(
                .badRequest, FailureCode.requestInvalid.rawValue, "The body is no JSON object.",
                suggestion: "Send a JSON object with Content-Type: application/json.")
        case .linkClosed:
            return LipsmithRefusal(
                .unauthorized, "link-closed", "The link's token is wrong or too old.",
                suggestion: "Ask for the thing again; its answer has a new link.")
        case .fileGone:
            return LipsmithRefusal(
                .notFound, "file-gone", "The file does not exist any more.",
                suggestion: "It was deleted or has expired.")
        }
    }

    /// A place as `parts[1].startSeconds`.
    private static func path(_ place: [JSONValue]) -> String {
        place.reduce(into: "") { path, step in
            if let index = step.int {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + (step.text ?? "")
            }
        }
    }

    func response(to error: HTTPError, requestID: String) -> HTTPResponse {
        Self.response(
            error.status, error.code.replacing("_", with: "-"), error.message, suggestion: Self.suggestion(for: error),
            field: nil, requestID: requestID, headers: error.headers)
    }

    /// What helps where the server's own parts refuse a request.
    private static func suggestion(for error: HTTPError) -> String {
        switch error.code {
        case "not_found": "GET /v1/openapi.json lists every path."
        case "method_not_allowed": "The header Allow names the methods that it takes."
        case "body_too_large", "field_too_large", "file_too_large", "head_too_large", "too_many_fields":
            "Send less at once; docs/lipsmith-api.md has the limits."
        case "unsupported_media_type": "Send a JSON object with Content-Type: application/json."
        case "range_not_satisfiable": "Ask for a range inside the file, or for all of it."
        case "precondition_failed": "Ask again without the condition."
        default:
            error.status.rawValue < 500
                ? "Correct the form of the request; a common HTTP client writes it right."
                : "Try again in a minute; an operator finds the request in the log by its requestId."
        }
    }

    private static func response(
        _ status: HTTPStatus, _ code: String, _ message: String, suggestion: String, field: String?,
        requestID: String, headers: HTTPHeaders = [:], facts: [String: JSONValue] = [:]
    ) -> HTTPResponse {
        let error: [String: JSONValue] = [
            "code": .string(code), "message": .string(message), "suggestion": .string(suggestion),
            "field": .text(field), "requestId": .string(requestID),
        ]
        return .json(
            ["error": .object(error.merging(facts) { first, _ in first })], status: status, headers: headers)
    }
}
