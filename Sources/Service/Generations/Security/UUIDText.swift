import Text

/// UUIDs of RFC 9562 as text.
public enum UUIDText {
    /// A UUID in lower case with hyphens.
    ///
    /// - Parameters:
    ///   - bytes: 16 bytes, of which the bits for version and variant are replaced.
    ///   - version: 1 … 8.
    public static func make(_ bytes: [UInt8], version: UInt8) -> String {
        var bytes = bytes
        bytes[6] = bytes[6] & 0x0F | version << 4
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text = ""
        for (index, digit) in Hexadecimal.encode(bytes).enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }
}
