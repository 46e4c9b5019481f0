import Generations
public import HTTP

/// The cookie by which a browser that has signed in is known.
public enum SessionCookie {
    /// Its name.
    public static let name = "lipsmith_session"
    /// The longest value that is looked up; ours have 43 bytes.
    private static let longestValue = 200

    /// The secret that a browser sends; nil where it sends none, or two: a page of a neighbouring host or port can add one of its
    /// own, and nobody can tell which is which.
    static func secret(in headers: HTTPHeaders) -> String? {
        let values = Set(headers.cookies(name))
        guard values.count == 1, let value = values.first, !value.isEmpty, value.utf8.count <= longestValue else {
            return nil
        }
        return value
    }

    /// The field `Set-Cookie` that hands a secret to the browser of `request`, or prolongs the one that it sent.
    ///
    /// No script reads the cookie, and no page of another site makes the browser send it.
    ///
    /// - Parameters:
    ///   - secret: The session's; nil for the one that the request was sent with.
    ///   - base: The beginning of the server's addresses: under HTTPS the cookie is sent by no other way.
    /// - Returns: No fields where there is no secret.
    public static func fields(secret: String? = nil, for request: HTTPRequest, base: String) -> HTTPHeaders {
        guard let secret = secret ?? self.secret(in: request.headers) else { return [:] }
        return ["Set-Cookie": field(secret, seconds: Session.validity.components.seconds, base: base)]
    }

    /// The field `Set-Cookie` that makes a browser forget the cookie.
    public static func removal(base: String) -> HTTPHeaders { ["Set-Cookie": field("", seconds: 0, base: base)] }

    private static func field(_ value: String, seconds: Int64, base: String) -> String {
        let secure = base.lowercased().hasPrefix("https://") ? "; Secure" : ""
        return "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict\(secure)"
    }
}
