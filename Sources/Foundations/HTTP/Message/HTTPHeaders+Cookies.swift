extension HTTPHeaders {
    /// The value of a cookie that a browser sent (RFC 6265, section 4.2); nil where there is none of that name. Of several
    /// the first one counts, in whichever field it stands; a value may be in quotes.
    public func cookie(_ name: String) -> String? {
        for field in values("Cookie") {
            for pair in field.split(separator: ";") {
                guard let equals = pair.firstIndex(of: "="), Self.trimmed(pair[..<equals]) == name else { continue }
                let value = Self.trimmed(pair[pair.index(after: equals)...])
                guard value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else { return String(value) }
                return String(value.dropFirst().dropLast())
            }
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return rest
    }
}
