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
    private static let openers: Set<Character> = Set("\"'“‘«‹([")
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

    /// The sentences, with all characters between them. Points of abbreviations, initials and numbers are no ends.
    package static func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        var hasEnd = false
        for index in text.indices {
            let character = text[index]
            let isSpace = character.isWhitespace
            let continues = sentenceEnds.contains(character) || Punctuation.closers.contains(character)
            if hasEnd, !continues, isSpace || current.last.map({ wideEnds.contains($0) }) == true {
                hasEnd = false
                if !isSpace || character.isNewline || isEnd(current, before: text[index...]) {
                    // White space belongs to the sentence before it.
                    if isSpace { current.append(character) }
                    sentences.append(current)
                    current = isSpace ? "" : String(character)
                    continue
                }
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

    /// Whether a text with a mark at its end is a whole sentence, judged by the words around the mark.
    private static func isEnd(_ text: String, before rest: Substring) -> Bool {
        var head = text[...]
        while let last = head.last, Punctuation.closers.contains(last) { head.removeLast() }
        let marks = head.reversed().prefix { sentenceEnds.contains($0) }.prefix(3)
        guard marks.first == "." || marks.first == "…" else { return true }
        let next = nextWord(in: rest)
        if marks.count > 1 || marks.first == "…" {
            return !marks.allSatisfy { $0 == "." || $0 == "…" } || next?.first?.isLowercase != true
        }
        head.removeLast()
        guard let word = lastWord(of: &head) else { return true }
        while head.last?.isWhitespace == true { head.removeLast() }
        let previous = head.isEmpty ? nil : lastWord(of: &head) ?? ""
        return SentencePoints.isEnd(after: word, previous: previous, next: next)
    }

    /// Takes the word at the end of a text off it, with points within it; `nil` if there is none or a very long one.
    private static func lastWord(of text: inout Substring) -> String? {
        let word = text.reversed().prefix(SentencePoints.wordLimit).prefix { $0.isLetter || $0.isNumber || $0 == "." }
        guard !word.isEmpty, word.count < SentencePoints.wordLimit else { return nil }
        text.removeLast(word.count)
        return String(word.reversed())
    }

    /// The word behind white space and opening marks, as `SentencePoints` wants it.
    private static func nextWord(in rest: Substring) -> String? {
        let text = rest.drop { $0.isWhitespace || openers.contains($0) }
        guard !text.isEmpty else { return nil }
        let word = text.prefix(SentencePoints.wordLimit).prefix { $0.isLetter || $0.isNumber || $0 == "'" || $0 == "’" }
        let isInitial = word.count == 1 && text.dropFirst().first == "."
        return isInitial ? word + "." : String(word.map { $0 == "’" ? "'" : $0 })
    }

    /// A long sentence in two parts, the first of which is heard soon: cut after a clause, else, in English, before a word that
    /// begins one, where a comma keeps the voice up; `nil` where there is no such place.
    package static func earlyParts(of sentence: String, isEnglish: Bool) -> [String]? {
        guard sentence.count > 60 else { return nil }
        let places = sentence.indices.prefix(70).dropFirst(15).filter { sentence[$0].isWhitespace }
        if let place = places.first(where: { clauseEnds.contains(sentence[sentence.index(before: $0)]) }) {
            return [String(sentence[..<place]), String(sentence[place...])]
        }
        guard isEnglish else { return nil }
        let place = places.dropFirst(1).first { place in
            let word = sentence[sentence.index(after: place)...].prefix { !$0.isWhitespace }
            return clauseBeginnings.contains(word.lowercased())
        }
        return place.map { [sentence[..<$0] + ",", String(sentence[$0...])] }
    }

    /// English words before which people pause.
    private static let clauseBeginnings: Set<String> = [
        "after", "and", "as", "because", "before", "but", "if", "or", "since", "so", "that", "though", "until", "when",
        "where", "which", "while", "who", "with",
    ]

    /// The parts of a sentence that is too long, cut after a clause, after a word, or within a word that is too long
    /// itself.
    static func parts(of sentence: String, limit: Int) -> [String] {
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
