import Generations
import Synthesis

/// Prepares scripts for synthesisers: plain text without characters that could be commands, in pieces that end with
/// sentences.
package enum ScriptText {
    /// The longest piece in characters: short enough to be spoken in a moment. Unmeasured.
    package static let pieceLimit = 400

    private static let sentenceEnds: Set<Character> = Set(".!?…。！？｡؟۔।॥።។၊။՞՜")
    /// Sentence ends of scripts that are written without spaces.
    private static let wideEnds: Set<Character> = Set("。！？｡።។။")
    private static let clauseEnds: Set<Character> = Set(",;:、，；：،؛–—")

    /// The script without control and formatting characters; line ends are kept.
    package static func cleaned(_ script: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in script.replacing("\r\n", with: "\n").unicodeScalars {
            switch scalar.properties.generalCategory {
            case .lineSeparator, .paragraphSeparator: kept.append("\n")
            case .spaceSeparator: kept.append(" ")
            case .control: kept.append(scalar == "\n" || scalar == "\r" ? "\n" : " ")
            // Joiners belong to letters and to emoji; all other format characters are invisible commands.
            case .format where scalar.value != 0x200C && scalar.value != 0x200D: continue
            case .surrogate, .privateUse, .unassigned: continue
            default: kept.append(scalar)
            }
        }
        return String(kept)
    }

    /// Whether a script has anything that a voice can say.
    package static func isSpeakable(_ script: String) -> Bool { SpeakableText.isSpeakable(script) }

    /// The script in pieces of at most `limit` characters, each of whole sentences where they fit.
    package static func pieces(of script: String, limit: Int = pieceLimit) -> [String] {
        var pieces: [String] = []
        var current = ""
        var currentCount = 0
        func finish() {
            if isSpeakable(current) { pieces.append(current.trimmed) }
            current = ""
            currentCount = 0
        }
        for sentence in sentences(of: cleaned(script)).flatMap({ parts(of: $0, limit: limit) }) {
            // White space at the end of a piece is cut off.
            if currentCount + sentence.trimmed.count > limit { finish() }
            current += sentence
            currentCount += sentence.count
        }
        finish()
        return pieces
    }

    /// The sentences, with all characters between them.
    package static func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        var hasEnd = false
        for character in text {
            let isSpace = character.isWhitespace
            let continues = sentenceEnds.contains(character) || Punctuation.closers.contains(character)
            if hasEnd, !continues, isSpace || current.last.map({ wideEnds.contains($0) }) == true {
                // White space belongs to the sentence before it.
                if isSpace { current.append(character) }
                sentences.append(current)
                current = isSpace ? "" : String(character)
                hasEnd = false
                continue
            }
            current.append(character)
            if sentenceEnds.contains(character) || character.isNewline {
                hasEnd = true
            } else if !continues {
                hasEnd = false
            }
            if character.isNewline {
                sentences.append(current)
                current = ""
                hasEnd = false
            }
        }
        if !current.isEmpty { sentences.append(current) }
        return sentences
    }

    /// The parts of a sentence that is too long, cut after a clause, after a word, or within a word that is too long
    /// itself.
    private static func parts(of sentence: String, limit: Int) -> [String] {
        guard sentence.count > limit else { return [sentence] }
        var parts: [String] = []
        var rest = Array(sentence)[...]
        while rest.count > limit {
            let window = rest.prefix(limit)
            let least = window.startIndex + limit / 3
            let cut =
                window.lastIndex { clauseEnds.contains($0) }.flatMap { $0 >= least ? $0 : nil }
                ?? window.lastIndex { $0.isWhitespace }.flatMap { $0 >= least ? $0 : nil } ?? window.endIndex - 1
            parts.append(String(rest[...cut]))
            rest = rest[(cut + 1)...]
        }
        if !rest.isEmpty { parts.append(String(rest)) }
        return parts
    }
}

extension String {
    /// The text without white space at both ends.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
