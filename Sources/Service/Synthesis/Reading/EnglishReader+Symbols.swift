extension EnglishReader {
    /// Marks that say nothing by themselves.
    static let silentMarks: Set<String> = [
        "*", "_", "`", "^", "\\", "•", "·", "‣", "®", "™", "~", "{", "}", "<", ">", "|", "#", "©", "°", "¬", "¶", "†",
        "‡", "▪",
        "●", "■", "✓", "✔", "º", "ª",
    ]
    static let fractionSigns = [
        "½": "a half", "¼": "a quarter", "¾": "three quarters", "⅓": "one third", "⅔": "two thirds", "⅕": "one fifth",
        "⅖": "two fifths", "⅗": "three fifths", "⅘": "four fifths", "⅙": "one sixth", "⅚": "five sixths",
        "⅛": "one eighth", "⅜": "three eighths", "⅝": "five eighths", "⅞": "seven eighths",
    ]
    static let knownPairs = [
        "24/7": "twenty four seven", "9/11": "nine eleven", "50/50": "fifty fifty", "50-50": "fifty fifty",
    ]
    /// Before numbers.
    static let signs = [
        "-": "minus", "−": "minus", "–": "minus", "+": "plus", "±": "plus or minus", "~": "about", "≈": "about",
        "<": "less than", ">": "more than", "≤": "at most", "≥": "at least",
    ]
    static let labelWords: Set<String> = [
        "room", "flight", "apartment", "suite", "highway", "interstate", "route", "bus", "building", "port", "area",
        "apt",
        "rte",
    ]
    static let comparedWords: Set<String> = [
        "more", "less", "faster", "slower", "better", "worse", "bigger", "larger", "smaller", "higher", "lower",
        "cheaper",
        "stronger", "longer", "shorter", "as", "the", "greater", "fewer", "easier", "harder", "your", "a", "per",
        "quicker",
    ]
    /// Marks that are always words.
    private static let wordMarks = [
        "&": "and", "=": "equals", "%": "percent", "@": "at", "→": "to", "←": "from", "↔": "to and from",
        "⇒": "implies",
        "÷": "divided by", "≤": "is at most", "≥": "is at least", "≠": "is not equal to", "≈": "is about",
        "∞": "infinity",
        "√": "square root of", "∑": "sum of", "∫": "integral of", "∈": "in", "∂": "partial", "§": "section",
        "№": "number",
        "±": "plus or minus", "×": "times", "−": "minus", "¢": "cents", "℃": "degrees Celsius",
        "℉": "degrees Fahrenheit",
        "²": "squared", "³": "cubed", "⁴": "to the fourth", "½": "one half", "¹": "to the one", "‰": "per mille",
        "μ": "mu", "µ": "mu", "∆": "delta", "♯": "sharp", "♭": "flat", "+": "plus",
    ]
    private static let handleLimit = 64

    /// What a mark by itself is called, with the word that belongs to it.
    func symbol(at index: Int) -> Reading? {
        guard let mark = text(index) else { return nil }
        switch mark {
        case "#":
            if word(index + 1) != nil, kind(index - 1) == nil || kind(index - 1) == .space || text(index - 1) == "(" {
                return tag("hashtag", at: index + 1)
            }
            return Reading(words: isFree(index) ? "number" : "", next: index + 1)
        case "@":
            if kind(index - 1) == nil || kind(index - 1) == .space || kind(index - 1) == .mark, kind(index + 1) == .word
            {
                return tag("at", at: index + 1)
            }
            return Reading(words: "at", next: index + 1)
        case "/": return stroke(at: index)
        case "-", "–": return hyphen(at: index)
        case "*" where isBetweenNumbers(index) || isFree(index) && kind(index - 2) == .digits:
            return Reading(words: "times", next: index + 1)
        case "\\" where kind(index + 1) == .word: return Reading(words: "backslash", next: index + 1)
        case "^" where kind(index + 1) == .digits: return power(at: index)
        case "<" where isFree(index): return Reading(words: "is less than", next: index + 1)
        case ">" where isFree(index): return Reading(words: "is greater than", next: index + 1)
        case "=" where text(index + 1) == "=": return run(of: mark, words: "equals", at: index)
        case "&", "+", "%": return run(of: mark, words: Self.wordMarks[mark] ?? "", at: index)
        default: break
        }
        if let currency = Self.currencies[mark] { return Reading(words: currency.many, next: index + 1) }
        return Self.wordMarks[mark].map { Reading(words: $0, next: index + 1) }
    }

    /// The same mark several times is said once.
    private func run(of mark: String, words: String, at index: Int) -> Reading {
        var next = index + 1
        while text(next) == mark { next += 1 }
        return Reading(words: words, next: next)
    }

    private func isFree(_ index: Int) -> Bool { kind(index - 1) == .space && kind(index + 1) == .space }

    private func isBetweenNumbers(_ index: Int) -> Bool {
        let before = kind(index - 1) == .space ? index - 2 : index - 1
        return kind(before) == .digits && kind(behindSpace(index + 1)) == .digits
    }

    /// `x^2`
    private func power(at index: Int) -> Reading? {
        guard let digits = digits(index + 1) else { return nil }
        switch digits {
        case "2": return Reading(words: "squared", next: index + 2)
        case "3": return Reading(words: "cubed", next: index + 2)
        default: return Reading(words: "to the power of " + EnglishNumbers.cardinal(digits: digits), next: index + 2)
        }
    }

    private func stroke(at index: Int) -> Reading {
        let isFree = kind(index - 1) != .word && kind(index - 1) != .digits || kind(index + 1) == .space
        return Reading(words: isFree && kind(index + 1) != .word ? "" : "slash", next: index + 1)
    }

    /// `9am-5pm`, `COVID-19`, `5-year-old`; other hyphens stay.
    private func hyphen(at index: Int) -> Reading? {
        let isNumberNext = kind(index + 1) == .digits || Self.currencies[text(index + 1) ?? ""] != nil
        let isNumberBefore = kind(index - 1) == .digits
        if isNumberNext, isNumberBefore || isBehindTime(index) { return Reading(words: "to", next: index + 1) }
        if text(index) == "–", kind(index - 1) == .word, kind(index + 1) == .word {
            return Reading(words: "to", next: index + 1)
        }
        if kind(index + 1) == .digits, kind(index - 2) == .digits,
            EnglishWords.ordinalEnds.contains(text(index - 1) ?? "")
        {
            return Reading(words: "to", next: index + 1)
        }
        guard isNumberBefore && kind(index + 1) == .word || kind(index + 1) == .digits && kind(index - 1) == .word
        else {
            return nil
        }
        return Reading(words: "", next: index + 1)
    }

    /// `10 - 20` and `5 - 3 = 2`, where a dash would be a pause.
    func spacedDash(at index: Int) -> Reading? {
        guard isFree(index), text(index) == "-" || text(index) == "–", let second = numeral(at: index + 2) else {
            return nil
        }
        guard let before = text(index - 2), kind(index - 2) == .digits || before == "%" || isBehindTime(index - 1)
        else {
            return nil
        }
        let isSum = text(behindSpace(second.next)) == "="
        return Reading(words: isSum ? "minus" : "to", next: index + 1)
    }

    private func isBehindTime(_ index: Int) -> Bool {
        if text(index - 1) == ".", text(index - 2)?.lowercased() == "m" { return true }
        guard let word = word(index - 1)?.lowercased() else { return false }
        return (word == "am" || word == "pm") && kind(index - 2) != .mark
    }

    /// `#ThrowbackThursday`, `@jane_doe`
    private func tag(_ sign: String, at index: Int) -> Reading {
        var words = [sign]
        var next = index
        while next < index + Self.handleLimit {
            if let name = word(next) {
                words.append(contentsOf: Self.humps(of: name).map(spokenName))
            } else if let number = digits(next) {
                words.append(
                    number.utf8.count == 4
                        ? Int(number).map(EnglishNumbers.year) ?? number : EnglishNumbers.cardinal(digits: number))
            } else if text(next) == "_", kind(next + 1) == .word || kind(next + 1) == .digits {
                if sign == "at" { words.append("underscore") }
            } else {
                break
            }
            next += 1
        }
        return Reading(words: words.joined(separator: " "), next: next)
    }

    private func spokenName(_ name: String) -> String {
        if name.utf8.count == 1 { return EnglishWords.letters(name) }
        guard name.allSatisfy(\.isUppercase) else { return EnglishWords.respelled[name] ?? name }
        return EnglishWords.capitals(name, isShouted: false, isBehindArticle: false)
    }

    /// The words of `ThrowbackThursday`.
    static func humps(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in name {
            if character.isUppercase, word.last?.isLowercase == true {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
