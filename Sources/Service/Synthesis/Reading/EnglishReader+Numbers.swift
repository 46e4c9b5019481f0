extension EnglishReader {
    /// A number as it is written: `1,234.5`.
    struct Numeral {
        /// Without commas.
        var digits: String
        var isGrouped: Bool
        var fraction: String?
        var next: Int

        var isOne: Bool { digits == "1" && fraction == nil }

        var value: Int? { fraction == nil ? Int(digits) : nil }

        var words: String {
            guard let fraction else { return EnglishNumbers.cardinal(digits: digits) }
            let whole = digits.isEmpty ? "" : EnglishNumbers.cardinal(digits: digits) + " "
            return whole + "point " + EnglishNumbers.spelled(digits: fraction)
        }
    }

    /// Reads the digits at `index`; all digits are read.
    func number(at index: Int) -> Reading {
        date(at: index) ?? phone(at: index) ?? time(at: index) ?? version(at: index) ?? height(at: index)
            ?? ordinal(at: index) ?? decade(at: index) ?? dayAndMonth(at: index) ?? fraction(at: index)
            ?? quantity(at: index)
    }

    func numeral(at index: Int) -> Numeral? {
        guard let first = digits(index) else { return nil }
        var number = Numeral(digits: first, isGrouped: false, fraction: nil, next: index + 1)
        if first.utf8.count <= 3 {
            var groups: [String] = []
            while text(number.next) == ",", let group = digits(number.next + 1), group.utf8.count == 3 {
                groups.append(group)
                number.next += 2
            }
            number.digits += groups.joined()
            number.isGrouped = !groups.isEmpty
        }
        if text(number.next) == ".", let fraction = digits(number.next + 1) {
            number.fraction = fraction
            number.next += 2
        }
        return number
    }

    // MARK: - Codes

    /// `1.2.3`, `192.168.0.1`
    private func version(at index: Int) -> Reading? {
        guard text(index + 1) == ".", kind(index + 2) == .digits, text(index + 3) == ".", kind(index + 4) == .digits
        else { return nil }
        var words: [String] = []
        var next = index
        while let part = digits(next) {
            words.append(
                part.utf8.count < 3 || part.hasSuffix("00")
                    ? EnglishNumbers.cardinal(digits: part) : EnglishNumbers.spelled(digits: part))
            guard text(next + 1) == ".", kind(next + 2) == .digits else {
                next += 1
                break
            }
            next += 2
        }
        return Reading(words: words.joined(separator: " point "), next: next)
    }

    /// `555-1234`, `(555) 123-4567`, `1-800-555-0199`, `+44 20 7946 0958`
    func phone(at index: Int) -> Reading? {
        var next = index
        var groups: [String] = []
        let isInternational = text(index) == "+"
        let isBracketed = text(index) == "("
        if isInternational { next += 1 }
        if isBracketed {
            guard let area = digits(index + 1), area.utf8.count == 3, text(index + 2) == ")" else { return nil }
            groups = [area]
            next = behindSpace(index + 3)
            if text(next) == "-" { next += 1 }
        }
        var separators: Set<String> = isBracketed ? [" "] : []
        while groups.count < 7, let group = digits(next), group.utf8.count <= 12 {
            groups.append(group)
            next += 1
            if isInternational, let area = bracketed(at: next) {
                groups.append(area.digits)
                next = area.next
                continue
            }
            guard let separator = text(next), ["-", ".", " ", "–"].contains(separator), kind(next + 1) == .digits else {
                break
            }
            separators.insert(separator)
            next += 1
        }
        guard isPhone(groups, separators: separators, isInternational: isInternational) else { return nil }
        // A number goes on behind it.
        if kind(next) == .word || text(next) == "/" || text(next) == "%" { return nil }
        let words = groups.enumerated().map { offset, group in
            group == "800" && offset < 2 ? "eight hundred" : EnglishNumbers.spelled(digits: group)
        }
        return Reading(words: (isInternational ? "plus " : "") + words.joined(separator: ", "), next: next)
    }

    /// ` (555) ` within a number.
    private func bracketed(at index: Int) -> (digits: String, next: Int)? {
        let start = behindSpace(index)
        guard text(start) == "(", let area = digits(start + 1), text(start + 2) == ")" else { return nil }
        let next = behindSpace(start + 3)
        return kind(next) == .digits ? (area, next) : nil
    }

    private func isPhone(_ groups: [String], separators: Set<String>, isInternational: Bool) -> Bool {
        let lengths = groups.map(\.utf8.count)
        let total = lengths.reduce(0, +)
        if isInternational { return (8...15).contains(total) && lengths[0] <= 13 }
        switch lengths {
        case [3, 3, 4]: return true
        case [1, 3, 3, 4]: return groups[0] == "1"
        case [4, 4, 4, 4]: return true
        case [3, 2, 4]: return separators == ["-"]
        case [3, 4]: return separators == ["-"] && !groups[0].hasSuffix("0")
        default: return false
        }
    }

    // MARK: - Ordinals and parts

    private func ordinal(at index: Int) -> Reading? {
        guard let number = numeral(at: index), let value = number.value, let end = word(number.next),
            EnglishWords.ordinalEnds.contains(end)
        else { return nil }
        return Reading(words: EnglishNumbers.ordinal(value), next: number.next + 1)
    }

    /// `1/2`, `2 1/2`, `3/4`
    private func fraction(at index: Int) -> Reading? {
        if text(index + 1) == " ", let part = part(at: index + 2), let whole = digits(index) {
            return withUnit(
                EnglishNumbers.cardinal(digits: whole) + " and " + (part.words == "one half" ? "a half" : part.words),
                at: part.next, isOne: false)
        }
        if let sign = text(index + 1), let part = Self.fractionSigns[sign], let whole = digits(index) {
            return withUnit(EnglishNumbers.cardinal(digits: whole) + " and " + part, at: index + 2, isOne: false)
        }
        guard let over = digits(index), text(index + 1) == "/", let under = digits(index + 2),
            text(index + 3) != "/"
        else { return nil }
        if let words = Self.knownPairs[over + "/" + under] { return Reading(words: words, next: index + 3) }
        if let part = part(at: index) {
            guard let unit = unit(at: part.next, isOne: true) else { return part }
            let article = unit.words.first.map { "aeiou".contains($0) } == true ? " of an " : " of a "
            return Reading(words: part.words + (over == "1" ? " " : article) + unit.words, next: unit.next)
        }
        let isScore = over.utf8.count <= 4 && under.utf8.count <= 4
        let link = isScore && Int(over) ?? 0 <= Int(under) ?? 0 ? " out of " : " over "
        return Reading(
            words: EnglishNumbers.cardinal(digits: over) + link + EnglishNumbers.cardinal(digits: under),
            next: index + 3)
    }

    /// A fraction that has a name.
    private func part(at index: Int) -> Reading? {
        guard text(index + 1) == "/", text(index + 3) != "/", let over = digits(index).flatMap({ Int($0) }),
            let under = digits(index + 2).flatMap({ Int($0) }), over > 0,
            (2...10).contains(under) && over < 2 * under || [12, 16, 20, 32, 64, 100].contains(under) && over < under
        else { return nil }
        guard over < under || under == 2 else { return nil }
        let words = EnglishNumbers.cardinal(over) + " " + EnglishNumbers.part(under, isPlural: over != 1)
        return Reading(words: words, next: index + 3)
    }

    // MARK: - Quantities

    /// A number or a range of numbers, with what it counts.
    private func quantity(at index: Int) -> Reading {
        guard let number = numeral(at: index) else { return Reading(words: "", next: index + 1) }
        if let reading = range(from: number, at: index) { return reading }
        if let reading = product(of: number) { return reading }
        if let words = asYear(number, at: index) { return Reading(words: words, next: number.next) }
        if let words = label(number, at: index) { return Reading(words: words, next: number.next) }
        return withUnit(number.words, at: number.next, isOne: number.isOne)
    }

    /// `10-20`, `1914–1918`, `5 - 10`
    private func range(from first: Numeral, at index: Int) -> Reading? {
        guard let dash = text(first.next), dash == "-" || dash == "–" else { return nil }
        guard text(index - 1) != "-", kind(index - 1) != .word, let second = numeral(at: first.next + 1) else {
            return nil
        }
        if let words = Self.knownPairs[first.digits + dash + second.digits] {
            return Reading(words: words, next: second.next)
        }
        guard text(second.next) != "-" || kind(second.next + 1) != .digits else { return nil }
        if let from = first.value, let to = second.value, first.digits.utf8.count == 4, (1000...2100).contains(from),
            second.digits.utf8.count == 4 && (from...2100).contains(to)
                || second.digits.utf8.count == 2 && to > from % 100
        {
            let end =
                second.digits.utf8.count == 4 ? EnglishNumbers.year(to) : EnglishNumbers.cardinal(digits: second.digits)
            return Reading(words: EnglishNumbers.year(from) + " to " + end, next: second.next)
        }
        if kind(second.next) == .word, EnglishWords.ordinalEnds.contains(tokens[second.next].text),
            let from = first.value, let to = second.value
        {
            return Reading(
                words: EnglishNumbers.ordinal(from) + " to " + EnglishNumbers.ordinal(to), next: second.next + 1)
        }
        return withUnit(first.words + " to " + second.words, at: second.next, isOne: false)
    }

    /// `3x4`, `1920×1080`, `10x`
    private func product(of first: Numeral) -> Reading? {
        let spaced = behindSpace(first.next)
        guard let sign = text(spaced), ["x", "X", "×"].contains(sign) else { return nil }
        if let second = numeral(at: behindSpace(spaced + 1)), kind(second.next) != .word || unit(at: second.next) != nil
        {
            let isTimes =
                sign == "×" && (spaced > first.next || text(second.next) == "^")
                || text(behindSpace(second.next)) == "="
            let link = isTimes ? " times " : " by "
            let words = [first, second].map { EnglishNumbers.label($0) }
            return withUnit(words[0] + link + words[1], at: second.next, isOne: false)
        }
        guard spaced == first.next else { return nil }
        if sign == "×" || word(behindSpace(spaced + 1)).map(Self.comparedWords.contains) == true {
            return Reading(words: first.words + " times", next: spaced + 1)
        }
        return Reading(words: first.words + " X", next: spaced + 1)
    }

    /// Numbers behind `flight`, `room` and capitals.
    private func label(_ number: Numeral, at index: Int) -> String? {
        guard !number.isGrouped, number.fraction == nil else { return nil }
        if number.digits == "007" { return "double oh seven" }
        let before = wordBefore(index)
        if number.digits == "911", let before,
            before.lowercased().hasPrefix("call") || before.lowercased().hasPrefix("dial")
        {
            return "nine one one"
        }
        // Behind the code of a state: a postal code.
        if number.digits.utf8.count == 5, let before, before.utf8.count == 2, tokens[index - 2].isCapitals {
            return EnglishNumbers.spelled(digits: number.digits)
        }
        let isModel = kind(index - 1) == .word || text(index - 1) == "-" && kind(index - 2) == .word
        let isNamed = before.map { Self.labelWords.contains($0.lowercased()) } == true
        let isShort = number.digits.utf8.count == 3 || isNamed && number.digits.utf8.count == 4
        guard isModel || isNamed, isShort, !number.digits.hasSuffix("00") else { return nil }
        return EnglishNumbers.label(digits: number.digits)
    }

    /// The number with a unit, percent sign or letters behind it.
    func withUnit(_ words: String, at index: Int, isOne: Bool) -> Reading {
        if let mark = text(index), kind(index) == .mark {
            switch mark {
            case "%": return Reading(words: words + " percent", next: index + 1)
            case "‰": return Reading(words: words + " per mille", next: index + 1)
            case "¢": return Reading(words: words + (isOne ? " cent" : " cents"), next: index + 1)
            case "°", "º": return degrees(words, at: index + 1, isOne: isOne)
            case "℃": return Reading(words: words + " degrees Celsius", next: index + 1)
            case "℉": return Reading(words: words + " degrees Fahrenheit", next: index + 1)
            case "+": return plus(words, at: index)
            default: break
            }
            if let names = Self.currencies[mark], kind(index + 1) != .digits {
                return Reading(words: words + " " + (isOne ? names.one : names.many), next: index + 1)
            }
        }
        let spaced = behindSpace(index)
        if text(spaced) == "%", spaced > index { return Reading(words: words + " percent", next: spaced + 1) }
        if let mark = text(spaced), mark == "°" || mark == "º", word(spaced + 1) == "C" || word(spaced + 1) == "F" {
            return degrees(words, at: spaced + 1, isOne: isOne)
        }
        if let mark = text(spaced), spaced > index, kind(spaced) == .mark, mark == "€" || mark == "¢",
            let names = mark == "¢" ? ("cent", "cents", "", "") : Self.currencies[mark]
        {
            return Reading(words: words + " " + (isOne ? names.0 : names.1), next: spaced + 1)
        }
        if let unit = unit(at: index, isOne: isOne) { return Reading(words: words + " " + unit.words, next: unit.next) }
        if let code = word(spaced), let names = Self.currencyCodes[code] {
            return Reading(words: words + " " + (isOne ? names.one : names.many), next: spaced + 1)
        }
        return withLetters(words, at: index)
    }

    /// `18+`, but `2+2` and `2 + 2`
    private func plus(_ words: String, at index: Int) -> Reading {
        guard kind(index + 1) == .space || kind(index + 1) == .mark || index + 1 == tokens.count else {
            return Reading(words: words, next: index)
        }
        return Reading(words: words + " plus", next: index + 1)
    }

    private func degrees(_ words: String, at index: Int, isOne: Bool) -> Reading {
        let words = words + (isOne ? " degree" : " degrees")
        switch word(index) ?? (text(index) == " " ? word(index + 1).flatMap { $0 == "C" || $0 == "F" ? $0 : nil } : nil)
        {
        case "C": return Reading(words: words + " Celsius", next: behindSpace(index) + 1)
        case "F": return Reading(words: words + " Fahrenheit", next: behindSpace(index) + 1)
        case "K": return Reading(words: words + " Kelvin", next: behindSpace(index) + 1)
        case "N": return Reading(words: words + " north", next: index + 1)
        case "S": return Reading(words: words + " south", next: index + 1)
        case "E": return Reading(words: words + " east", next: index + 1)
        case "W": return Reading(words: words + " west", next: index + 1)
        default: return Reading(words: words, next: index)
        }
    }

    /// `4K`, `5G`, `747s`, `$3bn`
    private func withLetters(_ words: String, at index: Int) -> Reading {
        guard let end = word(index) else { return Reading(words: words, next: index) }
        if end == "s", text(index - 2) == "." { return Reading(words: words + " seconds", next: index + 1) }
        if end == "s" || end == "'s" { return Reading(words: EnglishNumbers.plural(words), next: index + 1) }
        if let scale = Self.scales[end], scale != "thousand", kind(index - 2) != .word, kind(index + 1) != .digits,
            end != "B" || !isCapitalized(behindSpace(index + 1))
        {
            return Reading(words: words + " " + scale, next: index + 1)
        }
        if end == "k" { return Reading(words: words + " K", next: index + 1) }
        return Reading(words: words, next: index)
    }

    // MARK: - Numbers that begin with a mark

    /// `-5`, `.5`, `+3`, `~10`, `#5`, `±2`, `½`, `(555) 123-4567`
    func markedNumber(at index: Int) -> Reading? {
        guard let mark = text(index) else { return nil }
        if let part = Self.fractionSigns[mark] {
            return Reading(words: part == "half" ? "one half" : standing(part), next: index + 1)
        }
        if mark == "+" || mark == "(", let reading = phone(at: index) { return reading }
        let isFirst =
            index == 0 || kind(index - 1) == .space || text(index - 1).map { "([=<>:,*/×".contains($0) } == true
        if mark == "'" || mark == "’", let tens = digits(index + 1), tens.utf8.count == 2 {
            return shortYear(tens, at: index, isFirst: isFirst)
        }
        guard let next = kind(index + 1) else { return nil }
        if mark == "#", next == .digits, kind(index + 2) != .word, let number = numeral(at: index + 1) {
            return Reading(words: "number " + number.words, next: number.next)
        }
        guard isFirst else { return nil }
        if mark == ".", let fraction = digits(index + 1) {
            let words = "point " + EnglishNumbers.spelled(digits: fraction)
            return withUnit(words, at: index + 2, isOne: false)
        }
        guard let sign = Self.signs[mark] else { return nil }
        if next == .digits {
            let reading = number(at: index + 1)
            return Reading(words: sign + " " + reading.words, next: reading.next)
        }
        guard next == .mark, mark != "#" else { return nil }
        if let amount = amount(at: index + 1) { return Reading(words: sign + " " + amount.words, next: amount.next) }
        if text(index + 1) == ".", let fraction = digits(index + 2) {
            let words = sign + " point " + EnglishNumbers.spelled(digits: fraction)
            return withUnit(words, at: index + 3, isOne: false)
        }
        return nil
    }

    private func standing(_ part: String) -> String { part.hasPrefix("a ") ? "one " + part.dropFirst(2) : part }

    /// `'90s`, `'99`
    private func shortYear(_ tens: String, at index: Int, isFirst: Bool) -> Reading? {
        guard isFirst, let value = Int(tens) else { return nil }
        if word(index + 2) == "s" {
            guard value >= 20, value % 10 == 0 else { return nil }
            return Reading(words: EnglishNumbers.plural(EnglishNumbers.cardinal(value)), next: index + 3)
        }
        guard kind(index + 2) != .word else { return nil }
        let words = value < 10 ? "oh " + EnglishNumbers.cardinal(value) : EnglishNumbers.cardinal(value)
        return Reading(words: words, next: index + 2)
    }
}

extension EnglishNumbers {
    /// One side of a product: `1920` is said in pairs.
    static func label(_ number: EnglishReader.Numeral) -> String {
        let isPair = number.fraction == nil && !number.isGrouped && number.digits.utf8.count == 4
        return isPair && !number.digits.hasSuffix("000") ? label(digits: number.digits) : number.words
    }
}
