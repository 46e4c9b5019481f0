import Access
import Generations
import HTTP
import Text
import WebInterface

/// Errors in the contract's form.
struct HedraErrors: ErrorRenderer {
    func render(_ error: GenerationError, requestID: String) -> HTTPError { Refusal(error).httpError }

    func render(_ failure: AuthenticationFailure, requestID: String) -> HTTPError {
        Refusal(
            .unauthorized, "The X-API-Key header is missing or names no valid key.",
            suggestion: "Send a key of this server in the X-API-Key header."
        ).httpError
    }

    func translate(_ error: RequestError) -> any Error {
        switch error {
        case .fields(let errors): return Refusal(fields: errors.map(InvalidField.init))
        case .body(.empty): return Refusal(.missing(["body"], input: .null))
        case .body(.mediaType), .body(.notAnObject): return Refusal(fields: [.bodyIsNoObject])
        case .body(.syntax(let error)):
            return Refusal(fields: [
                InvalidField(
                    type: "json_invalid", location: ["body", .integer(Int64(error.offset))],
                    message: "JSON decode error", input: [:], context: ["error": .string(error.reason)])
            ])
        case .linkClosed: return Refusal(.unauthorized, "The link's token is missing, wrong or too old.")
        case .fileGone: return Refusal(.notFound, "The file does not exist any more.")
        }
    }

    /// A path and a method that nobody serves have the words of the hosted service's framework.
    func response(to error: HTTPError, requestID: String) -> HTTPResponse {
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
