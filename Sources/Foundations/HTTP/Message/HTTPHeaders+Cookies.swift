extension HTTPHeaders {
    /// The values of the cookies of a name that a browser sent (RFC 6265, section 4.2), in their order, in whichever field they
    /// stand; a value may be in quotes.
    public func cookies(_ name: String) -> [String] {
        var found: [String] = []
        for field in values("Cookie") {
            for pair in field.split(separator: ";") {
                guard let equals = pair.firstIndex(of: "="), Self.trimmed(pair[..<equals]) == name else { continue }
                let value = Self.trimmed(pair[pair.index(after: equals)...])
                guard value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else {
                    found.append(String(value))
                    continue
                }
                found.append(String(value.dropFirst().dropLast()))
            }
        }
        return found
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return rest
    }
}
