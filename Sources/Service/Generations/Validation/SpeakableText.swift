/// Checks the form of a script, without a voice.
public enum SpeakableText {
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
