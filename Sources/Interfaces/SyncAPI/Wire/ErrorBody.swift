import Gateway
import Generations
import HTTP

/// The body of every refusal: the contract's keys, of which `statusCode` and `message` are always there.
enum ErrorBody {
    /// The answer to a request that ended with `error`, with the detail for the access log.
    static func httpError(_ error: any Error, requestID: String) -> HTTPError {
        switch error {
        case let error as GenerationError: return refusal(error, requestID: requestID)
        case let error as StoreError: return refusal(error.publicError, requestID: requestID)
        case let failure as AuthenticationFailure:
            let message: JSONValue =
                failure == .missing
                ? "This request needs a key in the x-api-key or Authorization header." : "Unauthorized"
            let members: [String: JSONValue] = ["statusCode": 401, "message": message, "error": "Unauthorized"]
            return HTTPError(
                .unauthorized, "unauthorized", "Unauthorized",
                response: .json(.object(members), status: .unauthorized, headers: ["WWW-Authenticate": "Bearer"]))
        case let error as any HTTPErrorConvertible:
            var error = error.httpError
            error.response = error.response ?? response(error, requestID: requestID)
            return error
        case is CancellationError, is HTTPConnectionClosed:
            return refusal(GenerationError(.generationInfraServiceUnavailable), requestID: requestID)
        default:
            return refusal(GenerationError(.internalError, detail: "\(error)"), requestID: requestID)
        }
    }

    /// The answer to an error that arose outside of the routes.
    static func response(_ error: HTTPError, requestID: String) -> HTTPResponse {
        let code: ErrorCode? =
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

    private static func refusal(_ error: GenerationError, requestID: String) -> HTTPError {
        let status = HTTPStatus(rawValue: error.status)
        var members = error.parameters
        members["statusCode"] = .integer(Int64(error.status))
        members["message"] =
            error.messages.count == 1 ? .string(error.message) : .array(error.messages.map(JSONValue.string))
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
        return HTTPError(
            status, error.code.rawValue, error.message, detail: error.detail,
            response: .json(.object(members), status: status, headers: headers))
    }
}
