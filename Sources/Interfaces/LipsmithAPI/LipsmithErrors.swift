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
        if cause.status == .tooManyRequests || cause.status == .serviceUnavailable {
            headers["Retry-After"] = String(error.parameters["retryAfterSeconds"]?.int ?? 2)
        }
        return HTTPError(
            cause.status, error.code.rawValue, error.message, detail: error.detail,
            response: Self.response(
                cause.status, error.code.rawValue, error.message, suggestion: error.suggestion,
                field: error.field?.place, requestID: requestID, headers: headers))
    }

    func render(_ failure: AuthenticationFailure) -> HTTPError {
        let (code, message) =
            failure == .missing
            ? ("credential-missing", "This needs a key or a session.")
            : ("credential-invalid", "The key or the session opens nothing here.")
        return Self.error(
            .unauthorized, code, message,
            suggestion: "Send a key of this server as x-api-key, or open a new sign-in link.")
    }

    func render(own error: any Error, requestID: String) -> HTTPError? {
        guard let refusal = error as? LipsmithRefusal else { return nil }
        return Self.error(
            refusal.status, refusal.code, refusal.message, suggestion: refusal.suggestion, field: refusal.field,
            requestID: requestID)
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
            error.status, error.code, error.message, suggestion: "", field: nil, requestID: requestID,
            headers: error.headers)
    }

    /// An error of this interface alone.
    static func error(
        _ status: HTTPStatus, _ code: String, _ message: String, suggestion: String, field: String? = nil,
        requestID: String = ""
    ) -> HTTPError {
        HTTPError(
            status, code, message,
            response: response(
                status, code, message, suggestion: suggestion, field: field, requestID: requestID))
    }

    private static func response(
        _ status: HTTPStatus, _ code: String, _ message: String, suggestion: String, field: String?,
        requestID: String, headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        .json(
            [
                "error": [
                    "code": .string(code), "message": .string(message), "suggestion": .string(suggestion),
                    "field": .text(field), "requestId": .string(requestID),
                ]
            ], status: status, headers: headers)
    }
}

/// A refusal in this interface's own words.
struct LipsmithRefusal: Error {
    var status: HTTPStatus
    var code: String
    var message: String
    var suggestion: String
    /// The field's place in the body.
    var field: String?

    init(_ status: HTTPStatus, _ code: String, _ message: String, suggestion: String, field: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.suggestion = suggestion
        self.field = field
    }
}
