/// An error with a response of its own.
public struct HTTPError: Error, Sendable, HTTPErrorConvertible, CustomStringConvertible {
    public var status: HTTPStatus
    /// A stable name of the error for clients.
    public var code: String
    /// One sentence that is safe to show.
    public var message: String
    /// Fields to add to the response, such as `Allow`.
    public var headers: HTTPHeaders
    /// Detail for the access log; never sent.
    public var detail: String
    /// The whole response, when the thrower makes it itself; otherwise the server's `renderError` makes it.
    public var response: HTTPResponse?

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

    public var httpError: HTTPError { self }

    /// Status, code and detail in one line, for logs.
    public var description: String { "\(status) \(code): \(message)" + (detail.isEmpty ? "" : " (\(detail))") }

    static func bodyTooLarge(limit: Int64) -> HTTPError {
        HTTPError(.contentTooLarge, "body_too_large", "The request body is larger than \(limit) bytes.")
    }

    static func malformed(_ code: String, _ message: String) -> HTTPError { HTTPError(.badRequest, code, message) }
}

/// An error that a handler may throw and that has a response. All other errors are answered with 500 and a request id,
/// and their description goes to the access log only.
public protocol HTTPErrorConvertible: Error {
    /// Status, code and message of the response.
    var httpError: HTTPError { get }
}

/// Thrown by reading a request's body or writing a response after the client has left or the server has closed the
/// connection.
public struct HTTPConnectionClosed: Error, Sendable {
    public init() {}
}
