import Foundation

/// Turns espeak-ng's phonemes into the voice network's symbols, by the conventions of its training data (the dictionary of
/// the wheel `misaki`).
public enum NetworkPhonemes {
    /// The symbols of a text's clauses; what the network does not know is left out.
    ///
    /// - Parameter language: The code by which espeak-ng read the text, such as `en-us`.
    public static func symbols(of clauses: [PhonemeClause], language: String) -> String {
        let joined = clauses.map { symbols(of: $0.phonemes, language: language) + $0.mark }.joined(separator: " ")
        return String(String.UnicodeScalarView(joined.unicodeScalars.filter { VoiceSymbols.token($0) != nil }))
    }

    /// The symbols of one clause, in IPA with `^` between the letters of one phoneme.
    static func symbols(of phonemes: String, language: String) -> String {
        var text = phonemes
        guard language.hasPrefix("en") else {
            for (old, new) in otherLanguages { text = text.replacingScalars(old, with: new) }
            return text.replacingScalars("-", with: "").replacingScalars("^", with: "")
        }
        if language != "en-us" { text = text.replacingScalars("e^ə", with: "ɛː") }
        for (old, new) in english { text = text.replacingScalars(old, with: new) }
        text = withSyllableVowels(text).replacingScalars("ᵊᵊ", with: "ᵊ")
        for (old, new) in language == "en-us" ? american : british { text = text.replacingScalars(old, with: new) }
        text = text.replacingScalars("^", with: "").replacingScalars("o", with: "ɔ").replacingScalars("ɹɹ", with: "ɹ")
        return text.split(separator: " ", omittingEmptySubsequences: false).map(separated).joined(separator: " ")
    }

    /// A consonant that is a syllable of its own, which U+0329 behind it says, gets a short vowel before it.
    private static func withSyllableVowels(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar != "\u{329}" {
                scalars.append(scalar)
            } else if let consonant = scalars.popLast() {
                scalars.append(contentsOf: ["ᵊ", consonant])
            }
        }
        return String(scalars)
    }

    /// espeak-ng joins small words, which the network knows apart.
    private static func separated(_ word: Substring) -> String {
        if word == "ə" { return "ɐ" }
        if word == "Iəm" { return "ˌI æm" }
        // Without a stress it is swallowed at the beginning of a sentence: 0.3 to 0.5 % of all words were not heard.
        if word == "I" { return "ˌI" }
        if word.hasSuffix("ðɪ"), word.count == 2 { return "ði" }
        for ending in ["ðə", "ði"] where word.hasSuffix(ending) && smallWords.contains(word.dropLast(2)) {
            return word.dropLast(2) + " " + ending
        }
        return String(word)
    }

    private static let smallWords: Set<Substring> = ["ʌv", "ɔn", "ɪn", "fɹʌm", "wɪð", "tə", "fɔɹ", "æt", "bI", "ðæt"]

    /// The longest first, so that a part never hides a whole.
    private static let english: [(String, String)] = [
        ("ʔˌn\u{329}", "tᵊn"), ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("o^ʊ", "O"), ("ə^ʊ", "Q"),
        ("ɔ^ɪ", "Y"), ("t^ʃ", "ʧ"), ("ə^l", "ᵊl"), ("ʔn", "tᵊn"), ("\u{303}", ""), ("e", "A"), ("r", "ɹ"), ("x", "k"),
        ("ç", "k"), ("ɐ", "ə"), ("ɚ", "əɹ"), ("ɬ", "l"), ("ʔ", "t"), ("ʲ", ""),
    ]
    private static let american: [(String, String)] = [
        ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪ^ə", "iə"), ("ɪə", "iə"), ("ː", ""), ("ɾ", "T"),
    ]
    private static let british: [(String, String)] = [("i^ə", "ɪə"), ("iə", "ɪə")]
    private static let otherLanguages: [(String, String)] = [
        ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^z", "ʣ"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("o^ʊ", "O"), ("ə^ʊ", "Q"), ("s^s", "S"),
        ("t^s", "ʦ"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"),
    ]
}

extension String {
    /// Replaces scalars, also parts of a character: signs that combine with a letter are symbols of their own here.
    fileprivate func replacingScalars(_ old: String, with new: String) -> String {
        replacingOccurrences(of: old, with: new, options: .literal)
    }
}
