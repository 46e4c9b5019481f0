/// A part of a text that rules for reading look at as a whole.
struct ReadingToken {
    enum Kind {
        /// Letters, with apostrophes between them.
        case word
        /// Digits of ASCII.
        case digits
        case space
        /// Any other single character.
        case mark
    }

    var kind: Kind
    var text: String

    /// Whether it is a word of capitals alone.
    var isCapitals: Bool { kind == .word && text.allSatisfy { $0.isUppercase } }

    var isCapitalized: Bool { kind == .word && text.first?.isUppercase == true }

    /// The parts of a text, in order; together they are the text.
    static func tokens(of text: String) -> [ReadingToken] {
        var tokens: [ReadingToken] = []
        var run = ""
        var kind = Kind.mark
        func finish() {
            if !run.isEmpty { tokens.append(ReadingToken(kind: kind, text: run)) }
            run = ""
        }
        /// An apostrophe that may stand within a word.
        var apostrophe: Character?
        for character in text {
            let next = Self.kind(of: character)
            if let held = apostrophe {
                apostrophe = nil
                if next == .word {
                    run.append(held == "’" ? "'" : held)
                } else {
                    finish()
                    tokens.append(ReadingToken(kind: .mark, text: String(held)))
                    kind = .mark
                }
            } else if kind == .word, !run.isEmpty, character == "'" || character == "’" {
                apostrophe = character
                continue
            }
            if next != kind || next == .mark { finish() }
            kind = next
            run.append(character)
        }
        finish()
        if let apostrophe { tokens.append(ReadingToken(kind: .mark, text: String(apostrophe))) }
        return tokens
    }

    private static func kind(of character: Character) -> Kind {
        if let byte = character.asciiValue {
            switch byte {
            case 48...57: return .digits
            case 65...90, 97...122: return .word
            case 9, 10, 11, 12, 13, 32: return .space
            default: return .mark
            }
        }
        if character.isLetter, !isSymbolLetter(character) { return .word }
        return character.isWhitespace ? .space : .mark
    }

    /// Letters that stand for something else: Greek in formulas among Latin text is read by its names, ª and º by none.
    private static func isSymbolLetter(_ character: Character) -> Bool {
        character == "º" || character == "ª" || character == "µ"
    }
}

extension Character {
    /// Whether it is a picture that voices would name in the middle of a sentence.
    var isEmoji: Bool {
        guard let first = unicodeScalars.first, first.value >= 0xA9 else { return false }
        if unicodeScalars.contains(where: { $0.value == 0xFE0F }) {
            return first.properties.isEmoji && !Character(first).isSymbolOfText
        }
        switch first.value {
        case 0x1F000...0x1FAFF, 0x1F1E6...0x1F1FF, 0xFE0F, 0x200D: return true
        case 0x2600...0x27BF: return !isSymbolOfText
        default: return first.properties.isEmojiPresentation
        }
    }

    /// Symbols that belong to texts although they are emoji too.
    private var isSymbolOfText: Bool { "©®™→←↔↑↓✓✔".contains(self) }
}
