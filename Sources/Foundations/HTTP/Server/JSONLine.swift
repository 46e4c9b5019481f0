/// A flat JSON object whose members keep their order, for log lines and errors.
struct JSONLine {
    private static let digits = Array("0123456789abcdef".utf8)

    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    init() { bytes.reserveCapacity(480) }

    var text: String { String(decoding: bytes + [UInt8(ascii: "}")], as: UTF8.self) }

    mutating func add(_ name: String, _ value: String) {
        begin(name)
        quote(value)
    }

    mutating func add(_ name: String, _ value: Int64) {
        begin(name)
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Adds a number with three decimals.
    mutating func add(_ name: String, _ value: Double) {
        begin(name)
        let thousandths = Int64((value * 1000).rounded())
        bytes.append(contentsOf: String(thousandths / 1000).utf8)
        bytes.append(UInt8(ascii: "."))
        bytes.append(contentsOf: String(1000 + thousandths % 1000).utf8.dropFirst())
    }

    private mutating func begin(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        quote(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// A JSON string; control characters are escaped, so that a value never ends a line.
    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<32, 127:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(Self.digits[Int(byte >> 4)])
                bytes.append(Self.digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
