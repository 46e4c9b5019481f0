/// Why a text is not JSON that is accepted.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong, in a few words.
    public let reason: String
    /// How many bytes into the text.
    public let offset: Int
    /// The reason and the place.
    public var description: String { "\(reason) at byte \(offset)" }
}

extension JSONValue {
    /// Reads UTF-8 text: one value, white space around it, at most `maximumDepth` lists and objects inside one another.
    public init(parsing bytes: [UInt8], maximumDepth: Int = 64) throws(JSONSyntaxError) {
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONValue, JSONSyntaxError> in
            var reader = JSONReader(bytes: buffer, maximumDepth: maximumDepth)
            do throws(JSONSyntaxError) { return .success(try reader.readDocument()) } catch { return .failure(error) }
        }
        self = try result.get()
    }

    /// Reads text; see `init(parsing:maximumDepth:)` for bytes.
    public init(parsing text: String, maximumDepth: Int = 64) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8), maximumDepth: maximumDepth)
    }
}

private struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    let maximumDepth: Int
    var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func readDocument() throws(JSONSyntaxError) -> JSONValue {
        let value = try readValue(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("text after the value") }
        return value
    }

    private func failure(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(reason: reason, offset: position) }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    private mutating func readValue(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        guard position < bytes.count else { throw failure("value expected") }
        switch bytes[position] {
        case 0x7B: return try readObject(depth: depth + 1)
        case 0x5B: return try readArray(depth: depth + 1)
        case 0x22: return .string(try readString())
        case 0x74: return try readWord("true", .bool(true))
        case 0x66: return try readWord("false", .bool(false))
        case 0x6E: return try readWord("null", .null)
        default: return try readNumber()
        }
    }

    private mutating func readWord(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { throw failure("value expected") }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] {
            throw failure("value expected")
        }
        position += count
        return value
    }

    private mutating func readArray(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth <= maximumDepth else { throw failure("nested too deeply") }
        position += 1
        var values: [JSONValue] = []
        skipSpace()
        if take(0x5D) { return .array(values) }
        while true {
            values.append(try readValue(depth: depth))
            skipSpace()
            if take(0x5D) { return .array(values) }
            guard take(0x2C) else { throw failure("comma or closing bracket expected") }
        }
    }

    private mutating func readObject(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth <= maximumDepth else { throw failure("nested too deeply") }
        position += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take(0x7D) { return .object(members) }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == 0x22 else { throw failure("name expected") }
            let key = try readString()
            skipSpace()
            guard take(0x3A) else { throw failure("colon expected") }
            members[key] = try readValue(depth: depth)
            skipSpace()
            if take(0x7D) { return .object(members) }
            guard take(0x2C) else { throw failure("comma or closing brace expected") }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func readNumber() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        var isWhole = true
        _ = take(0x2D)
        let firstDigit = position
        skipDigits()
        guard position > firstDigit else { throw failure("value expected") }
        guard bytes[firstDigit] != 0x30 || position == firstDigit + 1 else { throw failure("leading zero") }
        if take(0x2E) {
            isWhole = false
            let fraction = position
            skipDigits()
            guard position > fraction else { throw failure("digit expected") }
        }
        if position < bytes.count, bytes[position] == 0x65 || bytes[position] == 0x45 {
            isWhole = false
            position += 1
            if !take(0x2B) { _ = take(0x2D) }
            let exponent = position
            skipDigits()
            guard position > exponent else { throw failure("digit expected") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw failure("number out of range") }
        return .number(value)
    }

    private mutating func skipDigits() {
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    }

    private mutating func readString() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != 0x22, bytes[position] != 0x5C, bytes[position] >= 0x20 {
            position += 1
        }
        guard position < bytes.count else { throw failure("unfinished text") }
        if bytes[position] == 0x22 {
            let text = String(validating: bytes[start..<position], as: UTF8.self)
            guard let text else { throw failure("invalid UTF-8") }
            position += 1
            return text
        }
        return try readEscapedString(from: start)
    }

    private mutating func readEscapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var output = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case 0x22:
                guard let text = String(validating: output, as: UTF8.self) else { throw failure("invalid UTF-8") }
                return text
            case 0x5C: try readEscape(to: &output)
            case 0..<0x20: throw failure("control character in text")
            default: output.append(byte)
            }
        }
        throw failure("unfinished text")
    }

    private mutating func readEscape(to output: inout [UInt8]) throws(JSONSyntaxError) {
        guard position < bytes.count else { throw failure("unfinished text") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: output.append(byte)
        case 0x62: output.append(0x08)
        case 0x66: output.append(0x0C)
        case 0x6E: output.append(0x0A)
        case 0x72: output.append(0x0D)
        case 0x74: output.append(0x09)
        case 0x75: output.append(contentsOf: String(Character(try readScalar())).utf8)
        default: throw failure("unknown escape")
        }
    }

    private mutating func readScalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try readFourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // Half of a pair: the other half must follow.
        guard first < 0xDC00, take(0x5C), take(0x75) else { throw failure("half a surrogate pair") }
        let second = try readFourDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw failure("half a surrogate pair") }
        return scalar
    }

    private mutating func readFourDigits() throws(JSONSyntaxError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = Hexadecimal.decode(String(decoding: bytes[position..<position + 4], as: UTF8.self))
        else { throw failure("four hexadecimal digits expected") }
        position += 4
        return UInt32(value[0]) << 8 | UInt32(value[1])
    }
}
