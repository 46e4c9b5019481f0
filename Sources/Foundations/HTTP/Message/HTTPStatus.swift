/// A response status code.
public struct HTTPStatus: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The three digits.
    public let rawValue: Int

    /// Wraps a code, 100 … 599.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The three digits.
    public var description: String { String(rawValue) }

    /// Whether the code begins with 2.
    public var isSuccess: Bool { rawValue / 100 == 2 }

    /// 200
    public static let ok = HTTPStatus(rawValue: 200)
    /// 201
    public static let created = HTTPStatus(rawValue: 201)
    /// 202
    public static let accepted = HTTPStatus(rawValue: 202)
    /// 204
    public static let noContent = HTTPStatus(rawValue: 204)
    /// 206
    public static let partialContent = HTTPStatus(rawValue: 206)
    /// 302
    public static let found = HTTPStatus(rawValue: 302)
    /// 304
    public static let notModified = HTTPStatus(rawValue: 304)
    /// 400
    public static let badRequest = HTTPStatus(rawValue: 400)
    /// 401
    public static let unauthorized = HTTPStatus(rawValue: 401)
    /// 403
    public static let forbidden = HTTPStatus(rawValue: 403)
    /// 404
    public static let notFound = HTTPStatus(rawValue: 404)
    /// 405
    public static let methodNotAllowed = HTTPStatus(rawValue: 405)
    /// 408
    public static let requestTimeout = HTTPStatus(rawValue: 408)
    /// 409
    public static let conflict = HTTPStatus(rawValue: 409)
    /// 412
    public static let preconditionFailed = HTTPStatus(rawValue: 412)
    /// 413
    public static let contentTooLarge = HTTPStatus(rawValue: 413)
    /// 415
    public static let unsupportedMediaType = HTTPStatus(rawValue: 415)
    /// 416
    public static let rangeNotSatisfiable = HTTPStatus(rawValue: 416)
    /// 422
    public static let unprocessableContent = HTTPStatus(rawValue: 422)
    /// 429
    public static let tooManyRequests = HTTPStatus(rawValue: 429)
    /// 431
    public static let headTooLarge = HTTPStatus(rawValue: 431)
    /// 500
    public static let internalServerError = HTTPStatus(rawValue: 500)
    /// 503
    public static let serviceUnavailable = HTTPStatus(rawValue: 503)

    /// The customary words after the code (RFC 9110, section 15); `Status` for codes without any.
    public var reason: String {
        switch rawValue {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 302: "Found"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 422: "Unprocessable Entity"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Status"
        }
    }
}
