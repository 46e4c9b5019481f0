public import Access
public import Generations
public import HTTP
public import Text

/// What an interface answers where a request is refused or fails.
public protocol ErrorRenderer: Sendable {
    /// The answer to an error of the domain.
    func render(_ error: GenerationError, requestID: String) -> HTTPError

    /// The answer to an error type of the interface's own; `nil` for every other error.
    func render(own error: any Error, requestID: String) -> HTTPError?

    /// The answer to a request that was not let in.
    func render(_ failure: AuthenticationFailure, requestID: String) -> HTTPError

    /// What the kit's own refusal of a request is in this interface: an error of the domain, an `HTTPError`, or an error
    /// of the interface that has an answer.
    func translate(_ error: RequestError) -> any Error

    /// The answer to an error that arose outside of the endpoints, such as a path that nobody serves.
    func response(to error: HTTPError, requestID: String) -> HTTPResponse
}

extension ErrorRenderer {
    /// An interface without such errors.
    public func render(own error: any Error, requestID: String) -> HTTPError? { nil }

    /// What programs are told that came in where cookies are taken or operators alone may call.
    public static func forbidden(_ failure: AuthenticationFailure) -> (
        code: String, message: String, suggestion: String
    )? {
        switch failure {
        case .missing, .wrong: nil
        case .crossSite:
            (
                "cross-site-request", "A page of another site has sent this request.",
                "Use the pages of this server; programs send a key."
            )
        case .outOfScope(let scope):
            (
                "out-of-scope",
                scope.map { "The key lacks the scope \($0)." } ?? "The key opens parts of Hedra's API v3 alone.",
                scope.map { "Use a key that has \($0), or one without scopes." } ?? "Use a key without scopes."
            )
        case .operatorOnly:
            (
                "operator-only", "This is for operators alone.",
                "Come with an operator's key or sign-in link; `lipsmith keys create --operator` makes a key."
            )
        }
    }

    /// What any error of an endpoint means to the client, with the detail for the access log.
    public func httpError(_ error: any Error, requestID: String) -> HTTPError {
        if let own = render(own: error, requestID: requestID) { return own }
        switch error {
        case let error as GenerationError: return render(error, requestID: requestID)
        case let error as StoreError: return render(error.publicError, requestID: requestID)
        case let failure as AuthenticationFailure: return render(failure, requestID: requestID)
        case let error as RequestError: return httpError(translate(error), requestID: requestID)
        case let error as any HTTPErrorConvertible:
            var error = error.httpError
            error.response = error.response ?? response(to: error, requestID: requestID)
            return error
        case is CancellationError, is HTTPConnectionClosed:
            return render(GenerationError(.partUnavailable), requestID: requestID)
        default:
            return render(GenerationError(.internalError, detail: "\(error)"), requestID: requestID)
        }
    }
}

/// What the kit refuses by itself. Each interface has its own words for it.
public enum RequestError: Error, Hashable, Sendable {
    /// Wrong fields; at least one.
    case fields([FieldError])
    /// A body that is no JSON object.
    case body(BodyFailure)
    /// The token of a link is missing, wrong or too old.
    case linkClosed
    /// A link leads to a file that does not exist any more.
    case fileGone
}

/// Why a body is no JSON object.
public enum BodyFailure: Hashable, Sendable {
    /// It has no bytes; with what the parser says of that.
    case empty(JSONSyntaxError)
    /// It claims another media type.
    case mediaType
    case syntax(JSONSyntaxError)
    /// It is another JSON value.
    case notAnObject
}
