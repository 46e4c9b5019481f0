/// Percent encoding of RFC 3986.
public enum PercentEncoding {
    /// Decodes `%XX`, and `+` as a space if asked (forms and queries). `nil` if an escape is broken, or the bytes are
    /// not UTF-8, or hold a NUL.
    public static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        // Most texts have no escapes.
        if text.utf8.allSatisfy({ isPlain($0, plusIsSpace) }) { return String(text) }
        return decode(Array(text.utf8)[...], plusIsSpace: plusIsSpace)
    }

    /// The same for bytes.
    public static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool = false) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                guard bytes.endIndex - index > 2, let high = Hexadecimal.value(bytes[index + 1]),
                    let low = Hexadecimal.value(bytes[index + 2])
                else { return nil }
                byte = high << 4 | low
                index += 2
            } else if byte == UInt8(ascii: "+"), plusIsSpace {
                byte = UInt8(ascii: " ")
            }
            guard byte != 0 else { return nil }
            result.append(byte)
            index += 1
        }
        return String(validating: result, as: UTF8.self)
    }

    /// Escapes everything but the unreserved characters.
    public static func encode(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(byte)
            default: result += escape(byte).utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The escape `%XX` of a byte.
    package static func escape(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(decoding: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8, _ plusIsSpace: Bool) -> Bool {
        byte != 0 && byte != UInt8(ascii: "%") && !(byte == UInt8(ascii: "+") && plusIsSpace)
    }
}
