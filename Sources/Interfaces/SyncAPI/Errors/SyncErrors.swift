import Access
import Generations
import HTTP
import Text
import WebInterface

/// The body of every refusal: the contract's keys, of which `statusCode` and `message` are always there.
struct SyncErrors: ErrorRenderer {
    /// Whether ComfyUI's own nodes read them: those show one text, know 400 alone for what is wrong with a request, and take
    /// an unexplained 409 for trouble with an account.
    var areForComfyUI = false

    func render(_ failure: AuthenticationFailure, requestID: String) -> HTTPError {
        if let forbidden = Self.forbidden(failure) {
            return httpError(
                HTTPError(.forbidden, forbidden.code, "\(forbidden.message) \(forbidden.suggestion)"),
                requestID: requestID)
        }
        let message: JSONValue =
            failure == .missing
            ? "This request needs a key in the x-api-key or Authorization header." : "Unauthorized"
        let members: [String: JSONValue] = ["statusCode": 401, "message": message, "error": "Unauthorized"]
        return HTTPError(
            .unauthorized, "unauthorized", "Unauthorized",
            response: .json(.object(members), status: .unauthorized, headers: ["WWW-Authenticate": "Bearer"]))
    }

    func translate(_ error: RequestError) -> any Error {
        let code = SyncCode.generationInputValidationFailed
        switch error {
        case .fields(let errors):
            return SyncError(errors.map(FieldProblem.init)) ?? SyncError(code)
        case .body(.empty(let error)), .body(.syntax(let error)):
            return SyncError(code, "The body is not JSON: \(error).")
        case .body(.mediaType), .body(.notAnObject): return SyncError(code, "The body must be a JSON object.")
        case .linkClosed:
            return HTTPError(.unauthorized, "unauthorized", "The link's token is missing, wrong or too old.")
        case .fileGone: return HTTPError(.notFound, "not_found", "The file does not exist any more.")
        }
    }

    /// The answer to an error that arose outside of the endpoints.
    func response(to error: HTTPError, requestID: String) -> HTTPResponse {
        let code: SyncCode? =
            switch error.status.rawValue {
            case 400, 413, 415, 431: .generationInputValidationFailed
            case 500: .internalError
            case 503: .generationInfraServiceUnavailable
            default: nil
            }
        var members: [String: JSONValue] = [
            "statusCode": .integer(Int64(error.status.rawValue)), "message": .string(error.message),
            "error": .string(error.status.reason),
        ]
        if let code {
            members["errorCode"] = .string(code.rawValue)
            members["suggestion"] = .string(code.entry.suggestion)
        }
        if error.status.rawValue >= 500 { members["requestId"] = .string(requestID) }
        return .json(.object(members), status: error.status, headers: error.headers)
    }

    func render(own error: any Error, requestID: String) -> HTTPError? {
        (error as? SyncError).map { render($0, requestID: requestID) }
    }

    func render(_ error: GenerationError, requestID: String) -> HTTPError {
        render(SyncError(error), requestID: requestID)
    }

    private func render(_ error: SyncError, requestID: String) -> HTTPError {
        let isKeyReused = error.code == .idempotencyKeyConflict
        let isPlain = areForComfyUI && (error.status == 422 || error.status == 409 && !isKeyReused)
        let status = HTTPStatus(rawValue: isPlain ? 400 : error.status)
        var members = error.parameters
        members["statusCode"] = .integer(Int64(status.rawValue))
        members["message"] =
            error.messages.count == 1 || areForComfyUI
            ? .string(error.messages.joined(separator: " ")) : .array(error.messages.map(JSONValue.string))
        members["errorCode"] = .string(error.code.rawValue)
        members["error"] = .string(status.reason)
        members["suggestion"] = .string(error.suggestion)
        if let field = error.field { members["field"] = .string(field) }
        if error.status >= 500 { members["requestId"] = .string(requestID) }
        if error.code == .concurrencyLimitReached {
            members["retryAfterSeconds"] = members["retryAfterSeconds"] ?? 5
            members["upgradeUrl"] = .null
        }
        var headers: HTTPHeaders = [:]
        if error.status == 429 || error.status == 503 {
            headers["Retry-After"] = String(members["retryAfterSeconds"]?.int ?? 2)
        }
        if areForComfyUI, isKeyReused { headers["X-Comfy-Error-Type"] = "idempotency_mismatch" }
        return HTTPError(
            status, error.code.rawValue, error.message, detail: error.detail,
            response: .json(.object(members), status: status, headers: headers))
    }
}
