/// Names that people give to files, made safe to show. They are never parts of paths.
public enum DisplayName {
    /// The most Unicode scalars.
    public static let longest = 255

    /// A name without control characters, line breaks and marks that turn the direction of writing, without white space at
    /// its ends, cut to `longest`.
    ///
    /// - Parameter fallback: What takes the place of a name of which nothing is left.
    public static func sanitised(_ name: String, fallback: String = "file") -> String {
        let kept = String.UnicodeScalarView(name.unicodeScalars.lazy.filter(isShown))
        let trimmed = trimmed(Substring(String(kept)))
        let result = trimmed.isEmpty ? "" : Self.trimmed(Substring(String(trimmed).prefix(scalars: longest)))
        return result.isEmpty ? fallback : String(result)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
        // Joiners belong to words and emoji; the others are invisible, or turn what follows around.
        case .format: scalar.value == 0x200C || scalar.value == 0x200D || (0xE0020...0xE007F).contains(scalar.value)
        default: true
        }
    }
}
