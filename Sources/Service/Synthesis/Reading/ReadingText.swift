/// Rewrites what espeak-ng would read otherwise than people do.
public enum ReadingText {
    private static let titles: Set<String> = [
        "Mr", "Mrs", "Ms", "Dr", "St", "Prof", "Gen", "Sen", "Rep", "Lt", "Col", "Capt", "Sgt", "Rev", "Mme", "Mlle",
        "Sr", "Sra", "Srta", "Dott", "Sig",
    ]

    /// The text as it is to be read. Emoji are left out where there are words. English numbers, abbreviations and symbols
    /// become words; in other languages titles lose their point, which would become a pause.
    ///
    /// Acronyms of letters are written with points between them (`F.B.I`), which espeak-ng stresses like people.
    ///
    /// - Parameter language: espeak-ng's code.
    public static func spelled(_ text: String, language: String) -> String {
        let text = withoutEmoji(text)
        let tokens = ReadingToken.tokens(of: text)
        guard language.hasPrefix("en") else { return marked(tokens) }
        var reader = EnglishReader(tokens: tokens, isBritish: language.hasPrefix("en-gb"))
        let words = reader.read()
        return isSpeakable(words) || !isSpeakable(text) && !words.isEmpty ? words : text
    }

    /// A text of emoji alone is kept: their names are all that there is to say.
    private static func withoutEmoji(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value >= 0x2000 }), text.contains(where: \.isEmoji) else {
            return text
        }
        let kept = String(text.map { $0.isEmoji ? " " : $0 })
        return hasWords(kept) ? kept : text
    }

    private static func hasWords(_ text: String) -> Bool {
        text.contains { $0.isLetter || $0.isNumber || $0.isCurrencySymbol || $0.isMathSymbol }
    }

    private static func isSpeakable(_ text: String) -> Bool {
        text.contains { $0.isLetter || $0.isNumber || $0.isSymbol }
    }

    /// Titles without points, dashes as such.
    private static func marked(_ tokens: [ReadingToken]) -> String {
        var text = ""
        var index = 0
        while index < tokens.count {
            let token = tokens[index]
            if token.kind == .mark, let (mark, next) = pause(tokens, at: index) {
                text += mark
                index = next
                continue
            }
            text += token.text
            index += 1
            guard token.kind == .word, titles.contains(token.text), index + 2 < tokens.count else { continue }
            let follows = tokens[index].text == "." && tokens[index + 1].kind == .space
            if follows, tokens[index + 2].kind == .word { index += 1 }
        }
        return text
    }

    /// An ellipsis or a dash that is written with other characters, and where the text goes on behind it.
    static func pause(_ tokens: [ReadingToken], at index: Int) -> (mark: String, next: Int)? {
        func isMark(_ offset: Int, _ text: String) -> Bool {
            tokens.indices.contains(index + offset) && tokens[index + offset].text == text
        }
        switch tokens[index].text {
        case "." where isMark(1, ".") && isMark(2, "."): return ("…", index + 3)
        case "-" where isMark(1, "-"): return ("—", index + 2)
        case "-", "–":
            let isFree = index > 0 && tokens[index - 1].text.hasSuffix(" ") && index + 1 < tokens.count
            return isFree && tokens[index + 1].text.hasPrefix(" ") ? ("—", index + 1) : nil
        default: return nil
        }
    }
}
