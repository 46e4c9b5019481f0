/// Which letters the phonemes for the voice network can be told of. Others are named one by one ("Chinese letter"), which no
/// listener wants.
public enum ReadableLetters {
    /// Latin, Greek, Cyrillic, Devanagari, and further Latin and Greek with marks.
    private static let ranges: [ClosedRange<UInt32>] = [
        0x41...0x24F, 0x250...0x2AF, 0x370...0x52F, 0x900...0x97F, 0x1E00...0x1FFF, 0xFB00...0xFB06, 0xFF21...0xFF5A,
    ]

    /// Whether at least half of a text's letters can be read; also where it has none.
    public static func arePrevalent(in text: String) -> Bool {
        var readable = 0
        var count = 0
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            count += 1
            if ranges.contains(where: { $0.contains(scalar.value) }) { readable += 1 }
        }
        return 2 * readable >= count
    }
}
