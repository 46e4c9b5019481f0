import Generations
import HTTP
public import Text

extension Call {
    /// The members of a JSON body.
    ///
    /// - Parameters:
    ///   - limit: Its largest size in bytes.
    ///   - takesAnyType: Whether `Content-Type` may claim that it is something else.
    /// - Throws: `RequestError.body`; `HTTPError` for one that is too large.
    public func members(
        atMost limit: Int = 4 << 20, takesAnyType: Bool = false
    ) async throws -> [String: JSONValue] {
        let bytes = try await request.body.collect(maximumBytes: limit)
        let type = request.headers["Content-Type"]?.lowercased() ?? ""
        if !bytes.isEmpty, !takesAnyType, !type.isEmpty, !type.contains("json") {
            throw RequestError.body(.mediaType)
        }
        return try Self.members(of: bytes)
    }

    /// The members of a JSON text.
    ///
    /// - Throws: `RequestError.body`.
    public static func members(of bytes: [UInt8]) throws(RequestError) -> [String: JSONValue] {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw .body(bytes.isEmpty ? .empty(error) : .syntax(error))
        }
        guard let members = value.object else { throw .body(.notAnObject) }
        return members
    }
}
