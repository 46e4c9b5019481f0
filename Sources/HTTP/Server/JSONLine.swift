/// A flat JSON object in the order of its making, for log lines and errors.
struct JSONLine {
    private var body = ""

    var text: String { "{\(body)}" }

    mutating func add(_ name: String, _ value: String) { add(raw: Self.quote(value), name) }

    mutating func add(_ name: String, _ value: Int64) { add(raw: String(value), name) }

    /// With three decimals.
    mutating func add(_ name: String, _ value: Double) {
        let thousandths = Int64((value * 1000).rounded())
        let decimals = String(1000 + thousandths % 1000).dropFirst()
        add(raw: "\(thousandths / 1000).\(decimals)", name)
    }

    private mutating func add(raw: String, _ name: String) {
        if !body.isEmpty { body += "," }
        body += "\"\(name)\":\(raw)"
    }

    /// A JSON string; control characters are escaped, so that a value never ends a line.
    static func quote(_ text: String) -> String {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        let digits = Array("0123456789abcdef".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            case 0..<32, 127:
                result += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: result.append(byte)
            }
        }
        result.append(UInt8(ascii: "\""))
        return String(decoding: result, as: UTF8.self)
    }
}
