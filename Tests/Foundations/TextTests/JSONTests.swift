import TestTools
import Testing
import Text

struct JSONTests {
    /// Written text is the same after reading and writing again, and is what JavaScript and Python would write.
    @Test(arguments: [
        ("{\"b\":1,\"a\":[true,false,null]}", "{\"a\":[true,false,null],\"b\":1}"),
        ("[10.0, 2.50, -0.0, 1e3, 1E-5, 123456789012345678]", "[10,2.5,0,1000,0.00001,123456789012345678]"),
        ("\"https:\\/\\/a/b\"", "\"https://a/b\""),
        ("\"\\u0041\\n\\u0001\\u001F\\ud83d\\ude00\u{7f}\"", "\"A\\n\\u0001\\u001f😀\u{7f}\""),
        ("{\"x\":1,\"10\":2,\"9\":3,\"010\":4}", "{\"9\":3,\"10\":2,\"010\":4,\"x\":1}"),
        ("9223372036854775808", "9223372036854775808"), (" [ ] ", "[]"), ("{ }", "{}"), ("0.1", "0.1"),
    ])
    func compactText(_ source: String, _ expected: String) throws {
        let value = try JSONValue(parsing: source)
        #expect(value.serialized == expected)
        #expect(try JSONValue(parsing: value.serialized).serialized == expected)
    }

    /// What is no JSON is refused with a reason.
    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "1.", ".5", "+1", "1e", "tru", "nul", "\"", "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud83d\"", "\"\\udc00\"", "\"\n\"", "[1] 2", "1e999", "'a'", "{a:1}", "NaN", "\u{feff}1",
    ])
    func refused(_ source: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: source) }
    }

    /// Depth is bounded, and bytes that are no UTF-8 are refused.
    @Test func hostile() {
        let deep = Array(repeating: UInt8(0x5B), count: 1_000_000)
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: deep) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0x5C, 0x6E, 0xC3, 0x22]) }
    }

    /// Mutated documents never crash the reader, and what it takes is the same value after writing and reading.
    @Test func mutations() throws {
        var random = SeededGenerator(seed: 1)
        let document = Array(#"{"a":[1,2.5e3,"x\u0041\n",{"b":null,"c":true}],"d":"ü"}"#.utf8)
        var takenCount = 0
        for _ in 0..<20_000 {
            var mutated = document
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                mutated[Int.random(in: mutated.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            guard let value = try? JSONValue(parsing: mutated) else { continue }
            takenCount += 1
            let text = value.serialized
            let again = try JSONValue(parsing: text)
            #expect(again.serialized == text)
            #expect(again == Self.canonical(value), "\(text)")
        }
        #expect((100..<10_000).contains(takenCount), "some documents stay valid, most do not: \(takenCount)")
    }

    /// Any value is the same after writing and reading: all kinds, nested, with every character of the basic plane and
    /// numbers of every magnitude.
    @Test func roundTrip() throws {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<5000 {
            let value = Self.value(depth: Int.random(in: 0...4, using: &random), using: &random)
            #expect(try JSONValue(parsing: value.serialized) == Self.canonical(value), "\(value)")
        }
    }

    private static func value(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: depth > 0 ? 0...8 : 0...4, using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random))
        case 3:
            let number = Double(bitPattern: .random(in: 0...UInt64.max, using: &random))
            return .number(number.isFinite ? number : 0.5)
        case 4: return .string(text(using: &random))
        case 5, 6:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth - 1, using: &random) })
        default:
            let members = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                (text(using: &random), value(depth: depth - 1, using: &random))
            }
            return .object(Dictionary(members) { $1 })
        }
    }

    private static func text(using random: inout SeededGenerator) -> String {
        let scalars = (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: Bool.random(using: &random) ? 0...0x7F : 0...0xFFFF, using: &random))
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The value as it is read: whole numbers are written without a fraction and read as integers where they fit.
    private static func canonical(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number): Int64(exactly: number).map(JSONValue.integer) ?? value
        case .array(let elements): .array(elements.map(canonical))
        case .object(let members): .object(members.mapValues(canonical))
        default: value
        }
    }
}
