/// A text that was spoken, as far as the report tells of it.
public struct TextNote: Codable, Hashable, Sendable {
    /// The voice that spoke it.
    public var voice: String
    /// The voice's language, such as `en` or `pt-BR`; `nil` where it is not known.
    public var language: String?
    /// The writing systems of its letters, by Unicode's names of blocks of common scripts, each with its share of the letters;
    /// `Other` for the rest.
    public var scripts: [String: Double]

    /// Looks at the letters of a text.
    public init(_ text: String, voice: String, language: String?) {
        self.voice = voice
        self.language = language
        var counts: [String: Int] = [:]
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            counts[Self.script(of: scalar.value), default: 0] += 1
        }
        let total = Double(max(counts.values.reduce(0, +), 1))
        scripts = counts.mapValues { (Double($0) / total * 1000).rounded() / 1000 }
    }

    /// Ranges of code points in ascending order, of Unicode's file `Scripts.txt`, in the blocks that hold nearly all text.
    private static let ranges: [(ClosedRange<UInt32>, String)] = [
        (0x41...0x24F, "Latin"), (0x250...0x2AF, "Latin"), (0x370...0x3FF, "Greek"), (0x400...0x52F, "Cyrillic"),
        (0x531...0x58F, "Armenian"), (0x590...0x5FF, "Hebrew"), (0x600...0x6FF, "Arabic"), (0x750...0x77F, "Arabic"),
        (0x8A0...0x8FF, "Arabic"), (0x900...0x97F, "Devanagari"), (0x980...0x9FF, "Bengali"),
        (0xA00...0xA7F, "Gurmukhi"), (0xA80...0xAFF, "Gujarati"), (0xB80...0xBFF, "Tamil"), (0xC00...0xC7F, "Telugu"),
        (0xC80...0xCFF, "Kannada"), (0xD00...0xD7F, "Malayalam"), (0xD80...0xDFF, "Sinhala"), (0xE00...0xE7F, "Thai"),
        (0xE80...0xEFF, "Lao"), (0x1000...0x109F, "Myanmar"), (0x10A0...0x10FF, "Georgian"),
        (0x1100...0x11FF, "Hangul"), (0x1200...0x139F, "Ethiopic"), (0x1780...0x17FF, "Khmer"),
        (0x1E00...0x1EFF, "Latin"), (0x1F00...0x1FFF, "Greek"), (0x3040...0x309F, "Hiragana"),
        (0x30A0...0x30FF, "Katakana"), (0x3130...0x318F, "Hangul"), (0x3400...0x9FFF, "Han"),
        (0xAC00...0xD7AF, "Hangul"), (0xF900...0xFAFF, "Han"), (0xFB50...0xFDFF, "Arabic"),
        (0xFE70...0xFEFC, "Arabic"), (0xFF66...0xFF9F, "Katakana"), (0x20000...0x323AF, "Han"),
    ]

    private static func script(of value: UInt32) -> String {
        ranges.first { $0.0.contains(value) }?.1 ?? "Other"
    }
}
