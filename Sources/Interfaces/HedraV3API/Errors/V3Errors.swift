import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Errors in the contract's form: `{"error": {…}, "trace_id": …}`, whatever went wrong.
struct V3Errors: ErrorRenderer {
    /// How many requests a key may send in a minute; 0 for any number.
    var requestsPerMinute = 0

    func render(_ error: GenerationError, requestID: String) -> HTTPError {
        httpError(V3Refusal(error), requestID: requestID)
    }

    func render(own error: any Error, requestID: String) -> HTTPError? {
        (error as? V3Refusal).map { httpError($0, requestID: requestID) }
    }

    func render(_ failure: AuthenticationFailure, requestID: String) -> HTTPError {
        if let forbidden = Self.forbidden(failure) {
            let refusal = V3Refusal(.permissionDenied, "\(forbidden.message) \(forbidden.suggestion)")
            return httpError(refusal, requestID: requestID)
        }
        let message =
            failure == .missing
            ? "This request needs a key of this server in the header Authorization: Bearer KEY."
            : "The credential opens nothing here."
        return httpError(V3Refusal(.unauthorized, message), requestID: requestID)
    }

    func translate(_ error: RequestError) -> any Error {
        switch error {
        case .fields(let errors): V3Refusal(fields: errors.map(InvalidInput.init))
        case .body(.empty), .body(.syntax): V3Refusal(.invalidArgument, "The body is not JSON.")
        case .body(.mediaType), .body(.notAnObject): V3Refusal(.invalidArgument, "The body must be a JSON object.")
        case .linkClosed: V3Refusal(.unauthorized, "The address's token is missing, wrong or too old.")
        case .fileGone: V3Refusal.notFound("The file does not exist any more.")
        }
    }

    func response(to error: HTTPError, requestID: String) -> HTTPResponse {
        let message =
            switch error.status.rawValue {
            case 404: "There is nothing at this path."
            case 405: "This path is not called with this method."
            default: error.message
            }
        var refusal = V3Refusal(V3Code(status: error.status), message, status: error.status)
        refusal.isRetryable = error.status.rawValue >= 500 || error.status == .tooManyRequests
        return response(refusal, requestID: requestID, headers: error.headers)
    }

    private func httpError(_ refusal: V3Refusal, requestID: String) -> HTTPError {
        HTTPError(
            refusal.status, refusal.code.rawValue, refusal.message, detail: refusal.detail,
            response: response(refusal, requestID: requestID, headers: [:]))
    }

    private func response(_ refusal: V3Refusal, requestID: String, headers: HTTPHeaders) -> HTTPResponse {
        let trace = TraceID.text(requestID)
        var headers = headers
        headers[TraceID.header] = trace
        if let seconds = refusal.retryAfterSeconds { headers["Retry-After"] = String(seconds) }
        if refusal.status == .tooManyRequests {
            headers["X-RateLimit-Remaining"] = "0"
            if requestsPerMinute > 0 { headers["X-RateLimit-Limit"] = String(requestsPerMinute) }
            let pause = refusal.retryAfterSeconds ?? 1
            headers["X-RateLimit-Reset"] = String(SystemClock().now.seconds + Int64(pause))
        }
        return .json(
            ["error": refusal.json, "trace_id": .string(trace)], status: refusal.status, headers: headers)
    }
}

/// The name of a request, which every answer carries.
enum TraceID {
    static let header = "X-Trace-Id"

    /// 32 hexadecimal digits.
    static func text(_ requestID: String) -> String {
        let digits = requestID.lowercased().filter(\.isHexDigit)
        return digits.count == 32 ? digits : Hexadecimal.encode(Array(Digest.sha256(requestID.utf8).prefix(16)))
    }
}
