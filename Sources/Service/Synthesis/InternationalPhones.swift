/// Maps phones of all languages (IPA) to the most similar looking ones that the mouth model has targets for.
///
/// The mapping follows phonetics (Lipsmith's speech-to-mouth study, section 2) and is unmeasured: the targets were
/// fitted on English.
public enum InternationalPhones {
    /// The ARPAbet phones for a phone in IPA: none for a pause, two for a diphthong or an affricate whose parts look
    /// different.
    public static func mouthPhones(of text: String) -> [String] {
        // espeak-ng marks words of another language, as in "(en)".
        if text.hasPrefix("(") { return [] }
        var phones: [String] = []
        for scalar in text.unicodeScalars {
            guard let phone = table[scalar] else { continue }
            if isAffricate(phones, scalar) { phones = ["CH"] } else if phones.last != phone { phones.append(phone) }
        }
        if let diphthong = diphthongs[phones] { return [diphthong] }
        return Array(phones.prefix(3))
    }

    /// Whether a phone and a following sign are one affricate, whose parts are one movement of the lips (t, sh).
    private static func isAffricate(_ phones: [String], _ scalar: Unicode.Scalar) -> Bool {
        (phones == ["T"] || phones == ["D"]) && (table[scalar] == "SH" || table[scalar] == "ZH")
    }

    /// The diphthongs for which the model has targets of its own.
    private static let diphthongs: [[String]: String] = [
        ["AA", "IH"]: "AY", ["AA", "UH"]: "AW", ["EH", "IH"]: "EY", ["AO", "IH"]: "OY", ["OW", "UH"]: "OW",
        ["AH", "UH"]: "OW",
    ]

    private static let rows: [(String, String)] = [
        ("P", "p"), ("B", "bɓʙ"), ("M", "m"), ("F", "fɸ"), ("V", "vʋⱱβɱ"), ("TH", "θ"), ("DH", "ð"),
        ("T", "tʈ"), ("D", "dɖɗᶑɾ"), ("N", "nɳɲ"), ("NG", "ŋɴ"), ("L", "lɭʎɫɬɮʟɺ"), ("S", "s"), ("Z", "z"),
        ("SH", "ʃɕʂɧç"), ("ZH", "ʒʑʐʝ"), ("K", "kqcxχ"), ("G", "gɡɢɣʛɠɟʄʁ"), ("HH", "hħɦʔʕʢʡʜ"), ("R", "ɹrɻɽʀɚɝɜ"),
        ("W", "wʍɥɰ"), ("Y", "j"), ("UW", "uyʉ"), ("UH", "ʊʏ"), ("OW", "oøɵ"), ("AO", "ɔɒœɶ"), ("AA", "aɑɐä"),
        ("AE", "æ"), ("AH", "ʌəɤɘɞ"), ("EH", "eɛ"), ("IY", "i"), ("IH", "ɪɨɯᵻ"),
    ]

    private static let table: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [:]
        for (phone, letters) in rows { for letter in letters.unicodeScalars { table[letter] = phone } }
        return table
    }()
}
