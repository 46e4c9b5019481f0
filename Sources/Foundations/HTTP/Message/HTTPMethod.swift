/// A request method, by its case-sensitive name.
public struct HTTPMethod: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The name as it stands in the request line.
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    /// Whether the names are equal; written out, since the generic comparison of raw values is not specialised.
    public static func == (left: HTTPMethod, right: HTTPMethod) -> Bool { left.rawValue == right.rawValue }

    public var description: String { rawValue }

    public static let get = HTTPMethod(rawValue: "GET")
    /// `HEAD`, which a route for `GET` answers too.
    public static let head = HTTPMethod(rawValue: "HEAD")
    public static let post = HTTPMethod(rawValue: "POST")
    public static let put = HTTPMethod(rawValue: "PUT")
    public static let patch = HTTPMethod(rawValue: "PATCH")
    public static let delete = HTTPMethod(rawValue: "DELETE")
    public static let options = HTTPMethod(rawValue: "OPTIONS")
}
