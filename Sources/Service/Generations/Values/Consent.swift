/// What a client says about the consent of the people who are seen and heard: a sentence, or the number of a form. It is kept
/// with the generation and put into what the output says of itself; nobody checks it.
public enum Consent {
    /// The header of a request that says it.
    public static let header = "x-lipsmith-consent"
    /// The longest text.
    public static let mostCharacters = 500

    /// Reads the values of the header.
    ///
    /// - Returns: `nil` where there is none.
    /// - Throws: `GenerationError` of code `requestInvalid` for more than one value, an empty or too long one.
    public static func text(headerValues values: [String]) throws -> String? {
        guard let value = values.first else { return nil }
        guard values.count == 1, !value.isEmpty,
            value.unicodeScalars.count <= mostCharacters, value.unicodeScalars.allSatisfy(isReadable)
        else {
            throw GenerationError(
                .requestInvalid, "The header \(header) must be one line of 1 to \(mostCharacters) characters.",
                suggestion: "Shorten it, or leave it out.")
        }
        return value
    }

    /// Whether a character is seen as itself, wherever the text is shown; U+FFFD stands for bytes that are no UTF-8.
    private static func isReadable(_ scalar: Unicode.Scalar) -> Bool {
        // Joiners belong to names in Persian and Hindi.
        if scalar == "\u{200C}" || scalar == "\u{200D}" { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: scalar != "\u{FFFD}"
        }
    }

    /// Where an installation asks for it.
    static var missing: GenerationError {
        GenerationError(
            .requestInvalid, "This installation asks for the consent of the people who are seen and heard.",
            suggestion: "Send the header \(header) with a sentence about it, or the number of a form.")
    }
}
