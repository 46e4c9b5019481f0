/// A failure that has an answer of its own.
public struct HTTPError: Error, Sendable, HTTPErrorConvertible, CustomStringConvertible {
    /// The status of the answer.
    public var status: HTTPStatus
    /// A stable name.
    public var code: String
    /// One sentence that is safe to show.
    public var message: String
    /// Fields to add to the answer, `Allow` for example.
    public var headers: HTTPHeaders
    /// Private particulars, for the access log only.
    public var detail: String
    /// The whole answer, when the thrower has its own form for it; otherwise the server's `renderError` makes one.
    public var response: HTTPResponse?

    /// Makes an error of its parts.
    public init(
        _ status: HTTPStatus, _ code: String, _ message: String, headers: HTTPHeaders = [:], detail: String = "",
        response: HTTPResponse? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
        self.detail = detail
        self.response = response
    }

    /// Itself.
    public var httpError: HTTPError { self }

    /// Status, code and detail in one line, for logs.
    public var description: String { "\(status) \(code): \(message)" + (detail.isEmpty ? "" : " (\(detail))") }

    static func bodyTooLarge(limit: Int64) -> HTTPError {
        HTTPError(.contentTooLarge, "body_too_large", "The request body is larger than \(limit) bytes.")
    }

    static func malformed(_ code: String, _ message: String) -> HTTPError { HTTPError(.badRequest, code, message) }
}

/// An error that a handler may throw and that knows its answer. Every other error is answered with 500 and a request id,
/// and its description goes to the access log only.
public protocol HTTPErrorConvertible: Error {
    /// The answer's status, code and sentence.
    var httpError: HTTPError { get }
}

/// Thrown where a request's body is read or a response is written after the client left or the server gave it up.
public struct HTTPConnectionClosed: Error, Sendable {
    /// Makes one.
    public init() {}
}
