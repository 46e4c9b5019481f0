/// Header fields in their order; names compare without regard to case, and a name may occur more than once.
public struct HTTPHeaders: Sendable, Sequence, ExpressibleByDictionaryLiteral {
    public typealias Field = (name: String, value: String)

    private var fields: [Field] = []

    public init() {}

    /// The fields of a literal, in its order.
    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { (name: $0.0, value: $0.1) }
    }

    /// No fields, with memory for `capacity` of them.
    init(capacity: Int) { fields.reserveCapacity(capacity) }

    /// The number of fields.
    public var count: Int { fields.count }

    /// The first value of a name. Setting replaces all of them, or removes them with `nil`.
    public subscript(name: String) -> String? {
        get { fields.first { Self.equal($0.name, name) }?.value }
        set {
            // Usually the field is missing; removing would copy fields that are shared, such as those of a constant
            // answer.
            if fields.contains(where: { Self.equal($0.name, name) }) { fields.removeAll { Self.equal($0.name, name) } }
            if let newValue { fields.append((name, newValue)) }
        }
    }

    /// Every value of a name, in order.
    public func values(_ name: String) -> [String] {
        fields.filter { Self.equal($0.name, name) }.map(\.value)
    }

    /// Adds a field after the others, whether or not the name is there already.
    public mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

    /// The fields in order.
    public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

    /// Whether two names are the same but for the case of ASCII letters.
    static func equal(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).allSatisfy { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }

    /// Whether a name and a value may be written to the wire: no line end, no control character, a token as name.
    package static func isWritable(name: String, value: String) -> Bool {
        isToken(name) && allBytes(of: value) { ($0 >= 32 && $0 != 127) || $0 == 9 }
    }

    /// Whether a text is a token of RFC 9110, section 5.6.2.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && allBytes(of: text) { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                case UInt8(ascii: "!"), 35...39, UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"),
                    UInt8(ascii: "."), 94...96, UInt8(ascii: "|"), UInt8(ascii: "~"):
                    true
                default: false
                }
            }
    }

    /// Over the text's own memory: its view of UTF-8 costs several times more for each byte.
    private static func allBytes(of text: String, _ isGood: (UInt8) -> Bool) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isGood) } ?? text.utf8.allSatisfy(isGood)
    }
}
