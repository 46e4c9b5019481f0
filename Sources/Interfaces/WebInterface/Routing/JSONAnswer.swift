import Generations
public import HTTP
public import Text
public import Time

extension HTTPResponse {
    /// A value as JSON.
    public static func json(
        _ value: JSONValue, status: HTTPStatus = .ok, headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        var fields = headers
        fields["Content-Type"] = "application/json"
        return HTTPResponse(status, headers: fields, bytes: value.utf8)
    }
}

extension JSONValue {
    /// A text or `null`.
    public static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    /// A list of texts or `null`.
    public static func texts(_ list: [String]?) -> JSONValue { list.map { .array($0.map(JSONValue.string)) } ?? .null }
    /// A whole number or `null`.
    public static func whole(_ number: Int?) -> JSONValue { number.map { .integer(Int64($0)) } ?? .null }
    /// A number or `null`.
    public static func decimal(_ number: Double?) -> JSONValue { number.map(JSONValue.number) ?? .null }
    /// A truth value or `null`.
    public static func flag(_ flag: Bool?) -> JSONValue { flag.map(JSONValue.bool) ?? .null }
    /// A time in ISO 8601 or `null`.
    public static func time(_ time: Timestamp?) -> JSONValue { time.map { .string($0.iso8601) } ?? .null }
    /// A time in seconds with three decimal places, or `null`.
    public static func seconds(_ seconds: Double?) -> JSONValue {
        seconds.map { .number(($0 * 1000).rounded() / 1000) } ?? .null
    }
}
