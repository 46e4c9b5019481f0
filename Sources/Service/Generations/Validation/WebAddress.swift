/// Checks the form of an address, without a network. Whether it may be called is decided where it is called
/// (`NetworkPolicy`).
public enum WebAddress {
    /// Whether `text` is an address of one of `schemes` that can be called.
    public static func isWellFormed(_ text: String, schemes: Set<String> = ["http", "https"], limit: Int = 8192) -> Bool
    {
        problem(in: text, schemes: schemes, limit: limit) == nil
    }

    /// What keeps `text` from being an address of one of `schemes`, as the rest of a sentence about it; nil for nothing.
    ///
    /// Blanks and letters beyond ASCII may stand behind the host, and such letters in the host: whoever calls the address
    /// encodes them.
    public static func problem(
        in text: String, schemes: Set<String> = ["http", "https"], limit: Int = 8192
    ) -> String? {
        let words = schemes.contains("http") ? "an http or https" : "an https"
        guard text.utf8.count <= limit else { return "must not be longer than \(limit) bytes." }
        if let control = text.unicodeScalars.first(where: { $0.properties.generalCategory == .control }) {
            let number = String(control.value, radix: 16, uppercase: true)
            return "must not hold the control character U+\(String(repeating: "0", count: 4 - number.count))\(number)."
        }
        guard text.first?.isWhitespace != true, text.last?.isWhitespace != true else {
            return "must not begin or end with a blank."
        }
        guard let mark = text.firstRange(of: "://"), schemes.contains(text[..<mark.lowerBound].lowercased()) else {
            return "must be \(words) address."
        }
        let authority = authority(text[mark.upperBound...])
        if authority.contains(where: \.isWhitespace) { return "must not have a blank in its host name." }
        return isHost(authority) ? nil : "must be \(words) address with a host name."
    }

    /// The host of a well-formed address, in lower case and without a port.
    public static func host(of address: String) -> String {
        guard let mark = address.firstRange(of: "://") else { return "" }
        let host = withoutUser(authority(address[mark.upperBound...]))
        if host.hasPrefix("[") { return host.prefix { $0 != "]" }.dropFirst().lowercased() }
        return host.prefix { $0 != ":" }.lowercased()
    }

    private static func authority(_ text: Substring) -> Substring {
        text.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }
    }

    private static func withoutUser(_ authority: Substring) -> Substring {
        authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    }

    private static func isHost(_ authority: Substring) -> Bool {
        let host = withoutUser(authority)
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            return isPort(host[host.index(after: end)...]) && host.index(after: host.startIndex) < end
        }
        let name = host.prefix { $0 != ":" }
        return !name.isEmpty && isPort(host[name.endIndex...])
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard let first = text.first else { return true }
        guard first == ":" else { return false }
        return text.count == 1 || UInt16(text.dropFirst()) != nil
    }
}
