/// What is known of a script without a voice.
public enum SpeakableText {
    /// The most characters of a script.
    public static let mostCharacters = 5000
    /// How fast a text is spoken, about.
    private static let charactersPerSecond = 15.0

    /// About how long a script takes, in seconds; what a voice really takes is known once it has spoken.
    public static func seconds(of script: String) -> Double { Double(script.count) / charactersPerSecond }

    /// Whether there is anything that some voice could say: a letter, a digit or a symbol.
    public static func isSpeakable(_ script: String) -> Bool {
        script.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber, .currencySymbol, .mathSymbol, .otherSymbol:
                true
            default: false
            }
        }
    }
}
