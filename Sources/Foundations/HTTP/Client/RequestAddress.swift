import Text

/// An address as it stands in a request: what RFC 3986 does not allow behind the host is percent-encoded.
package enum RequestAddress {
    /// Encodes blanks, letters beyond ASCII (as UTF-8) and the signs that no address may hold. What is encoded already
    /// stays as it is, and so does the host, whose international names libcurl translates by IDNA.
    ///
    /// - Returns: nil for an address that is none of `http` or `https`, or that holds a control character.
    package static func encoded(_ address: String) -> String? {
        let lowercased = address.prefix(8).lowercased()
        guard lowercased.hasPrefix("http://") || lowercased.hasPrefix("https://"),
            !address.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }), let mark = address.firstRange(of: "://")
        else { return nil }
        let end = address[mark.upperBound...].firstIndex { "/?#\\".contains($0) } ?? address.endIndex
        return address[..<end]
            + address[end...].utf8.reduce(into: "") { text, byte in
                if byte > 0x20, byte < 0x7F, !"\"<>\\^`{|}".utf8.contains(byte) {
                    text.unicodeScalars.append(Unicode.Scalar(byte))
                } else {
                    text += PercentEncoding.escape(byte)
                }
            }
    }
}
