import Foundation

/// Rewrites what espeak-ng would read otherwise than people do.
public enum ReadingText {
    private static let currencies: [Substring: (unit: String, cents: String)] = [
        "$": ("dollar", "cents"), "£": ("pound", "pence"), "€": ("euro", "cents"),
    ]

    /// The text as it is to be read. Titles lose their point, which would become a pause; English amounts of money and years
    /// are spelled in the order in which they are said.
    ///
    /// - Parameter language: espeak-ng's code.
    public static func spelled(_ text: String, language: String) -> String {
        let text = text.replacing("...", with: "…").replacing("--", with: "—").replacing(" - ", with: " — ")
            .replacing(" – ", with: " — ")
            .replacing(titlePoint) { $0.output.1 }
        guard language.hasPrefix("en") else { return text }
        let amounts = text.replacing(/([$£€])\s?(\d[\d,]*)(?:\.(\d+))?(?!\d)( million| billion| thousand)?/) { match in
            let (_, sign, whole, cents, scale) = match.output
            return money(sign, whole, cents: cents, scale: scale)
        }
        // 1997 is said as two numbers; 2000 to 2009 and round hundreds are not.
        return amounts.replacing(/(^|[^\d,.$£€])(1[1-9]|20)([1-9]\d)(?![\d,a-z]|\.\d)/) { match in
            "\(match.output.1)\(match.output.2) \(match.output.3)"
        }
    }

    private static var titlePoint: Regex<(Substring, Substring)> {
        /\b(Mr|Mrs|Ms|Dr|St|Prof|Gen|Sen|Rep|Lt|Col|Capt|Sgt|Rev|Mme|Mlle|Sr|Sra|Srta|Dott|Sig)\.(?=\s+\p{L})/
    }

    private static func money(
        _ sign: Substring, _ digits: Substring, cents: Substring?, scale: Substring?
    ) -> String {
        guard let (unit, small) = currencies[sign] else { return "\(sign)\(digits)" }
        let whole = digits.replacing(/,+$/, with: "")
        let tail = digits.dropFirst(whole.count)
        if let scale { return "\(whole)\(cents.map { ".\($0)" } ?? "")\(scale) \(unit)s\(tail)" }
        if let cents, cents.count != 2 { return "\(whole).\(cents) \(unit)s\(tail)" }
        let coins = cents.flatMap { $0 == "00" ? nil : Int($0) }.map { " and \($0) \(small)" } ?? ""
        return "\(whole) \(unit)\(whole == "1" ? "" : "s")\(coins)\(tail)"
    }
}
