extension JSONValue {
    /// The value as compact UTF-8 text, the same for equal values.
    ///
    /// Receivers of webhooks check signatures over a body that they parse and write again, some in JavaScript and some
    /// in Python. So the text is a fixed point of both for ASCII: no white space, whole numbers without fraction, no
    /// exponents, slashes bare, and names that look like whole numbers first, where JavaScript would move them.
    public var utf8: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        write(to: &output)
        return output
    }

    /// The same text as a string.
    public var serialized: String { String(decoding: utf8, as: UTF8.self) }

    private func write(to output: inout [UInt8]) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): output.append(contentsOf: String(value).utf8)
        case .number(let value): output.append(contentsOf: Self.text(of: value).utf8)
        case .string(let value): Self.write(value, to: &output)
        case .array(let values):
            output.append(0x5B)
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(0x2C) }
                value.write(to: &output)
            }
            output.append(0x5D)
        case .object(let members):
            output.append(0x7B)
            for (index, member) in members.sorted(by: Self.precedes).enumerated() {
                if index > 0 { output.append(0x2C) }
                Self.write(member.key, to: &output)
                output.append(0x3A)
                member.value.write(to: &output)
            }
            output.append(0x7D)
        }
    }

    private static func precedes(
        _ left: Dictionary<String, JSONValue>.Element, _ right: Dictionary<String, JSONValue>.Element
    ) -> Bool {
        switch (arrayIndex(left.key), arrayIndex(right.key)) {
        case (let first?, let second?): first < second
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): left.key < right.key
        }
    }

    // What JavaScript takes for an index: decimal without leading zeros, below 2^32 - 1.
    private static func arrayIndex(_ key: String) -> UInt32? {
        guard let first = key.utf8.first, (0x30...0x39).contains(first), let value = UInt32(key),
            value < UInt32.max, String(value) == key
        else { return nil }
        return value
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        output.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22: output.append(contentsOf: [0x5C, 0x22])
            case 0x5C: output.append(contentsOf: [0x5C, 0x5C])
            case 0x08: output.append(contentsOf: [0x5C, 0x62])
            case 0x0C: output.append(contentsOf: [0x5C, 0x66])
            case 0x0A: output.append(contentsOf: [0x5C, 0x6E])
            case 0x0D: output.append(contentsOf: [0x5C, 0x72])
            case 0x09: output.append(contentsOf: [0x5C, 0x74])
            case 0..<0x20: output.append(contentsOf: ("\\u00" + Hexadecimal.encode([byte])).utf8)
            default: output.append(byte)
            }
        }
        output.append(0x22)
    }

    private static func text(of value: Double) -> String {
        precondition(value.isFinite, "JSON has no such number")
        if value == value.rounded(), abs(value) < 1e21 { return String(Int128(value)) }
        let shortest = value.description
        guard let mark = shortest.firstIndex(of: "e"), let exponent = Int(shortest[shortest.index(after: mark)...]),
            exponent < 0
        else { return shortest }
        // Swift writes small numbers with an exponent; spelled out, their digits are the same.
        let isNegative = shortest.hasPrefix("-")
        let digits = shortest[..<mark].filter { $0.isNumber }
        return (isNegative ? "-0." : "0.") + String(repeating: "0", count: -exponent - 1) + digits
    }
}
