/// Bytes as lower-case hexadecimal digits.
public enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two digits for each byte.
    public static func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
            for (index, byte) in bytes.enumerated() {
                buffer[index * 2] = digits[Int(byte >> 4)]
                buffer[index * 2 + 1] = digits[Int(byte & 15)]
            }
            return bytes.count * 2
        }
    }

    /// The bytes that `text` says, or nil where it is not pairs of digits.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let source = Array(text.utf8)
        guard source.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count / 2)
        for index in stride(from: 0, to: source.count, by: 2) {
            guard let high = value(source[index]), let low = value(source[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// What a digit is worth; nil for any other byte.
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        case 0x41...0x46: digit - 0x41 + 10
        default: nil
        }
    }
}

/// Bytes as base64: the ordinary alphabet with padding, and the one for URLs without.
public enum Base64 {
    private static let ordinary = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let forURLs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The ordinary alphabet, padded with `=`.
    public static func encode(_ bytes: [UInt8]) -> String { encode(bytes, alphabet: ordinary, isPadded: true) }

    /// The alphabet that needs no escaping in a URL, not padded.
    public static func encodeForURL(_ bytes: [UInt8]) -> String { encode(bytes, alphabet: forURLs, isPadded: false) }

    /// The bytes that `text` says in either alphabet, padded or not; nil where it says none.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        var symbols = Array(text.utf8)
        while symbols.last == 0x3D { symbols.removeLast() }
        guard symbols.count % 4 != 1 else { return nil }
        for symbol in symbols {
            guard let value = value(symbol) else { return nil }
            bits = bits << 6 | value
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
                bits &= (1 << UInt32(bitCount)) - 1
            }
        }
        // Left-over bits must be zero, or two texts would say the same bytes and a token could be altered unseen.
        return bits == 0 ? bytes : nil
    }

    private static func value(_ symbol: UInt8) -> UInt32? {
        switch symbol {
        case 0x41...0x5A: UInt32(symbol) - 0x41
        case 0x61...0x7A: UInt32(symbol) - 0x61 + 26
        case 0x30...0x39: UInt32(symbol) - 0x30 + 52
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }

    private static func encode(_ bytes: [UInt8], alphabet: [UInt8], isPadded: Bool) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for offset in 0..<3 { bits = bits << 8 | (offset < part.count ? UInt32(part[start + offset]) : 0) }
            for symbol in 0..<4 where symbol <= part.count {
                output.append(alphabet[Int(bits >> UInt32(18 - 6 * symbol) & 63)])
            }
            if isPadded { for _ in part.count..<3 { output.append(0x3D) } }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
