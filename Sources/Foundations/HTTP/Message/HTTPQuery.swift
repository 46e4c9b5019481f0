import Text

/// The pairs of a query or of an urlencoded form, in order, repeated names kept.
public struct HTTPQuery: Sendable {
    /// A decoded pair.
    public typealias Pair = (name: String, value: String)

    /// All pairs in order; a name without `=` has the empty value.
    public let pairs: [Pair]

    /// Decodes a query without its question mark.
    ///
    /// - Throws: `HTTPError` 400 if an escape is broken, the text is not UTF-8, or there are more than `maximumPairs`.
    public init(parsing text: some StringProtocol, maximumPairs: Int = 1000) throws(HTTPError) {
        try self.init(parsing: Array(text.utf8)[...], maximumPairs: maximumPairs)
    }

    init(parsing bytes: ArraySlice<UInt8>, maximumPairs: Int = 1000) throws(HTTPError) {
        var pairs: [Pair] = []
        for part in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            guard let name = PercentEncoding.decode(part[..<equals], plusIsSpace: true),
                let value = PercentEncoding.decode(part[equals...].dropFirst(), plusIsSpace: true)
            else {
                throw HTTPError(
                    .badRequest, "invalid_encoding", "The query or form is not valid percent-encoded UTF-8.")
            }
            guard pairs.count < maximumPairs else {
                throw HTTPError(
                    .badRequest, "too_many_fields", "The query or form has more than \(maximumPairs) fields.")
            }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }

    /// The first value of a name.
    public subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// Every value of a name, in order.
    public func values(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
}
