import Foundation

/// Rewrites what espeak-ng would read otherwise than people do.
public enum ReadingText {
    private static let titles = [
        "Mr", "Mrs", "Ms", "Dr", "St", "Prof", "Gen", "Sen", "Rep", "Lt", "Col", "Capt", "Sgt", "Rev", "Mme", "Mlle",
        "Sr",
        "Sra", "Srta", "Dott", "Sig",
    ]
    private static let currencies: [Substring: (unit: String, cents: String)] = [
        "$": ("dollar", "cents"), "£": ("pound", "pence"), "€": ("euro", "cents"),
    ]

    /// The text as it is to be read. Titles lose their point, which would become a pause; English amounts of money and years
    /// are spelled in the order in which they are said.
    ///
    /// - Parameter language: espeak-ng's code.
    public static func spelled(_ text: String, language: String) -> String {
        var text = text.replacing("...", with: "…").replacing("--", with: "—").replacing(" - ", with: " — ")
            .replacing(" – ", with: " — ")
        for title in titles { text = withoutPoint(text, after: title) }
        guard language.hasPrefix("en") else { return text }
        text = text.replacing(/([$£€])\s?(\d[\d,]*)(?:\.(\d+))?(?!\d)( million| billion| thousand)?/) { match in
            let (_, sign, whole, cents, scale) = match.output
            return money(sign, whole, cents, scale)
        }
        // 1997 is said as two numbers; 2000 to 2009 and round hundreds are not.
        return text.replacing(/(^|[^\d,.$£€])(1[1-9]|20)([1-9]\d)(?![\d,a-z]|\.\d)/) { match in
            "\(match.output.1)\(match.output.2) \(match.output.3)"
        }
    }

    private static func withoutPoint(_ text: String, after title: String) -> String {
        let words = text.components(separatedBy: title + ".")
        guard words.count > 1 else { return text }
        var result = words[0]
        for word in words.dropFirst() {
            let isTitle = result.last.map { !$0.isLetter } ?? true
            let isFollowed =
                word.first?.isWhitespace == true && word.drop(while: \.isWhitespace).first?.isLetter == true
            result += title + (isTitle && isFollowed ? "" : ".") + word
        }
        return result
    }

    private static func money(_ sign: Substring, _ digits: Substring, _ cents: Substring?, _ scale: Substring?)
        -> String
    {
        guard let (unit, small) = currencies[sign] else { return "\(sign)\(digits)" }
        let whole = digits.reversed().drop { $0 == "," }.reversed().map(String.init).joined()
        let tail = String(repeating: ",", count: digits.count - whole.count)
        if let scale { return "\(whole)\(cents.map { ".\($0)" } ?? "")\(scale) \(unit)s\(tail)" }
        if let cents, cents.count != 2 { return "\(whole).\(cents) \(unit)s\(tail)" }
        let coins = cents.flatMap { $0 == "00" ? nil : Int($0) }.map { " and \($0) \(small)" } ?? ""
        return "\(whole) \(unit)\(whole == "1" ? "" : "s")\(coins)\(tail)"
    }
}
