/// Reads English text token by token: at each, the first rule that knows what stands there says it and moves on.
///
/// A rule looks at what it consumes and a few tokens around it, so that reading takes linear time.
struct EnglishReader {
    /// What a rule says, and where it goes on.
    struct Reading {
        var words: String
        var next: Int
    }

    let tokens: [ReadingToken]
    let isBritish: Bool
    /// For each token whether it stands among shouted words.
    private(set) var isShouted: [Bool]
    private var output = ""
    /// Whether the output ends with a word, which needs a space behind it.
    private var isWordLast = false
    /// Whether what was said last is a number or has a unit, behind which a stroke means `per`.
    private var isQuantityLast = false

    init(tokens: [ReadingToken], isBritish: Bool) {
        self.tokens = tokens
        self.isBritish = isBritish
        isShouted = Self.shouted(tokens)
    }

    mutating func read() -> String {
        var index = 0
        while index < tokens.count {
            let token = tokens[index]
            let wasQuantity = isQuantityLast
            isQuantityLast = false
            switch token.kind {
            case .space:
                output += token.text
                isWordLast = false
                index += 1
            case .word:
                let reading = address(at: index) ?? word(at: index)
                say(reading.words)
                index = pointRead(after: reading, from: index)
            case .digits:
                let reading = address(at: index) ?? number(at: index)
                say(reading.words)
                isQuantityLast = true
                index = pointRead(after: reading, from: index)
            case .mark:
                index = markRead(at: index, isAfterQuantity: wasQuantity)
            }
        }
        return output
    }

    private mutating func say(_ words: String) {
        guard !words.isEmpty else { return }
        if isWordLast { output += " " }
        output += words
        isWordLast = true
    }

    private mutating func write(_ mark: String) {
        output += mark
        isWordLast = false
    }

    /// Ends the sentence behind letters with a line end: a point behind `F.B.I` alone would be taken for one of theirs.
    private mutating func pointRead(after reading: Reading, from start: Int) -> Int {
        let index = reading.next
        guard text(index) == ".", text(index + 1) != ".", kind(index + 1) == .space, Self.endsWithLetters(reading.words)
        else { return index }
        let isPartOfToken = index > start + 1 && text(index - 2) == "."
        guard !isPartOfToken || nextWord(after: index + 1).map(SentencePoints.isStarter) == true else { return index }
        write(".\n")
        return index + 2
    }

    private static func endsWithLetters(_ words: String) -> Bool {
        let end = words.suffix(2)
        return words.count > 2 && end.first == "." && end.last?.isUppercase == true
    }

    private mutating func markRead(at index: Int, isAfterQuantity: Bool) -> Int {
        if let reading = spacedDash(at: index) {
            say(reading.words)
            return reading.next
        }
        if let (mark, next) = ReadingText.pause(tokens, at: index) {
            write(mark)
            return next
        }
        if isAfterQuantity, tokens[index].text == "/", let unit = Self.perWords[text(index + 1) ?? ""] {
            say("per " + unit)
            return index + 2
        }
        if let reading = address(at: index) ?? amount(at: index) ?? markedNumber(at: index) {
            say(reading.words)
            isQuantityLast = true
            return pointRead(after: reading, from: index)
        }
        if let reading = symbol(at: index) {
            say(reading.words)
            isQuantityLast = isAfterQuantity
            return reading.next
        }
        let mark = tokens[index].text
        if Self.silentMarks.contains(mark) {
            // What it separated stays separate.
            if isWordLast, kind(index + 1) != .space { write(" ") }
        } else {
            // A sentence that begins without a space before it.
            if mark == ".", word(index - 1)?.last?.isLowercase == true, isCapitalized(index + 1) {
                write(". ")
                return index + 1
            }
            // Numbers without space between them: `1,2`.
            write(mark == "," && isAfterQuantity && kind(index + 1) == .digits ? ", " : mark)
        }
        return index + 1
    }

    // MARK: - Looking around

    func text(_ index: Int) -> String? { tokens.indices.contains(index) ? tokens[index].text : nil }

    func kind(_ index: Int) -> ReadingToken.Kind? { tokens.indices.contains(index) ? tokens[index].kind : nil }

    func word(_ index: Int) -> String? { kind(index) == .word ? tokens[index].text : nil }

    func digits(_ index: Int) -> String? { kind(index) == .digits ? tokens[index].text : nil }

    /// The index behind one white space, or `index` itself.
    func behindSpace(_ index: Int) -> Int { kind(index) == .space ? index + 1 : index }

    /// The word before a token, behind white space alone.
    func wordBefore(_ index: Int) -> String? { kind(index - 1) == .space ? word(index - 2) : nil }

    func isCapitalized(_ index: Int) -> Bool { tokens.indices.contains(index) && tokens[index].isCapitalized }

    /// Whether a token stands at the beginning of a sentence.
    func startsSentence(_ index: Int) -> Bool {
        guard index > 0 else { return true }
        if kind(index - 1) != .space { return kind(index - 1) == .mark && index == 1 }
        if tokens[index - 1].text.contains(where: \.isNewline) { return true }
        guard let mark = text(index - 2), kind(index - 2) == .mark else { return index == 1 }
        return ".!?…:".contains(mark)
    }

    /// The word behind the white space at `index`, as `SentencePoints` wants it; `nil` at the end.
    func nextWord(after index: Int) -> String? {
        var index = behindSpace(index)
        if kind(index) == .mark, "\"“‘'([".contains(tokens[index].text) { index += 1 }
        guard index < tokens.count else { return nil }
        guard kind(index) == .word || kind(index) == .digits else { return "" }
        let word = tokens[index].text
        return word.utf8.count == 1 && text(index + 1) == "."
            ? word + "." : String(word.prefix(SentencePoints.wordLimit))
    }

    /// Where a rule goes on that read `word` up to a point at `index`: the point is read too unless it ends the sentence.
    func behindPoint(of word: String, at index: Int) -> Int {
        guard text(index) == "." else { return index }
        guard let after = kind(index + 1) else { return index }
        if text(index + 1) == ".", text(index + 2) == "." { return index }
        if after == .mark {
            // `etc.)`, `Inc.,`: the mark behind the point is a pause of its own.
            return ",;:?!-'’/".contains(tokens[index + 1].text) || nextWordBehindMarks(index + 1) ? index + 1 : index
        }
        guard after == .space else { return index + 1 }
        if tokens[index + 1].text.contains(where: \.isNewline) { return index }
        let next = nextWord(after: index + 1)
        if next?.first?.isLowercase == true { return index + 1 }
        return SentencePoints.isEnd(after: word, previous: nil, next: next) ? index : index + 1
    }

    /// Whether a closing mark at `index` is followed by a word in lower case.
    private func nextWordBehindMarks(_ index: Int) -> Bool {
        kind(index + 1) == .space && word(index + 2)?.first?.isLowercase == true
    }

    // MARK: - Shouting

    /// Marks runs of capitals that are ordinary words: such that hold a small word, or sentences without lower case.
    private static func shouted(_ tokens: [ReadingToken]) -> [Bool] {
        var flags = Array(repeating: false, count: tokens.count)
        var run: [Int] = []
        var hasSmallWord = false
        var sentenceHasLower = false
        var runs: [[Int]] = []
        func finishRun() {
            if run.count >= 2 {
                if hasSmallWord { for index in run { flags[index] = true } } else { runs.append(run) }
            }
            run = []
            hasSmallWord = false
        }
        func finishSentence() {
            finishRun()
            if !sentenceHasLower { for index in runs.joined() { flags[index] = true } }
            runs = []
            sentenceHasLower = false
        }
        for index in tokens.indices {
            let token = tokens[index]
            switch token.kind {
            case .word where token.isCapitals || token.text.allSatisfy({ $0.isUppercase || $0 == "'" }):
                run.append(index)
                if token.text.utf8.count > 1, EnglishWords.isShoutedWord(token.text) { hasSmallWord = true }
            case .word:
                finishRun()
                sentenceHasLower = true
            case .mark where ".!?…".contains(token.text): finishSentence()
            default: break
            }
        }
        finishSentence()
        return flags
    }
}
