extension EnglishReader {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    /// Read as months before numbers alone.
    private static let shortMonths = [
        "Jan": "January", "Feb": "February", "Mar": "March", "Apr": "April", "Jun": "June", "Jul": "July",
        "Aug": "August",
        "Sep": "September", "Sept": "September", "Oct": "October", "Nov": "November", "Dec": "December",
    ]

    // MARK: - Dates

    /// `2026-11-30`, `3/14/2026`
    func date(at index: Int) -> Reading? {
        guard let first = digits(index), let separator = text(index + 1), "-/".contains(separator),
            let second = digits(index + 2), let a = Int(first), let b = Int(second)
        else { return nil }
        if text(index + 3) == separator, let third = digits(index + 4), let c = Int(third),
            text(index + 5) != separator || kind(index + 6) != .digits
        {
            if first.utf8.count == 4, second.utf8.count <= 2, third.utf8.count <= 2 {
                return date(year: a, isShort: false, month: b, day: c, next: index + 5)
            }
            guard first.utf8.count <= 2, second.utf8.count <= 2, third.utf8.count == 4 || third.utf8.count == 2 else {
                return nil
            }
            let isDayFirst = isBritish ? b <= 12 : a > 12
            return date(
                year: c, isShort: third.utf8.count == 2, month: isDayFirst ? b : a, day: isDayFirst ? a : b,
                next: index + 5)
        }
        guard separator == "/", let before = wordBefore(index)?.lowercased(), Self.beforeDates.contains(before),
            first.utf8.count <= 2, second.utf8.count <= 2, Self.knownPairs[first + "/" + second] == nil, b > 4
        else { return nil }
        return date(year: nil, isShort: false, month: isBritish ? b : a, day: isBritish ? a : b, next: index + 3)
    }

    private static let beforeDates: Set<String> = ["on", "by", "until", "since", "before", "after", "from", "dated"]

    private func date(year: Int?, isShort: Bool, month: Int, day: Int, next: Int) -> Reading? {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        var words = Self.months[month - 1] + " " + EnglishNumbers.ordinal(day)
        if let year {
            let full = isShort ? (year < 50 ? 2000 : 1900) + year : year
            words += ", " + EnglishNumbers.year(full)
        }
        return Reading(words: words, next: next)
    }

    /// The month at `index`, and what stands behind it and its point.
    private func month(at index: Int) -> (name: String, next: Int)? {
        guard let word = word(index) else { return nil }
        if Self.months.contains(word) { return (word, index + 1) }
        guard let name = Self.shortMonths[word] ?? Self.shortMonths[word.prefix(1) + word.dropFirst().lowercased()]
        else {
            return nil
        }
        guard word.first?.isUppercase == true else { return nil }
        return (name, text(index + 1) == "." ? index + 2 : index + 1)
    }

    /// `March 14, 2026`, `Mar. 3rd`, `March 2026`
    func monthDate(at index: Int) -> Reading? {
        guard let month = month(at: index), text(month.next) == " ", let number = digits(month.next + 1) else {
            return nil
        }
        var next = month.next + 2
        if number.utf8.count == 4, let year = Int(number), kind(next) != .word {
            return Reading(words: month.name + " " + EnglishNumbers.year(year), next: next)
        }
        guard number.utf8.count <= 2, let day = Int(number), (1...31).contains(day) else { return nil }
        if text(next) == ":" || text(next) == "." && kind(next + 1) == .digits || text(next) == "%" { return nil }
        var words = month.name + " " + EnglishNumbers.ordinal(day)
        if let end = word(next) {
            guard EnglishWords.ordinalEnds.contains(end) else { return nil }
            next += 1
        }
        if let dash = text(next), dash == "-" || dash == "–", let last = digits(next + 1), last.utf8.count <= 2,
            let end = Int(last), (1...31).contains(end)
        {
            words += " to " + EnglishNumbers.ordinal(end)
            next += 2
            if let end = word(next), EnglishWords.ordinalEnds.contains(end) { next += 1 }
        }
        return withYear(words, at: next)
    }

    /// `14 March 2026`, `3rd of May`
    func dayAndMonth(at index: Int) -> Reading? {
        guard let number = digits(index), number.utf8.count <= 2, let day = Int(number), (1...31).contains(day) else {
            return nil
        }
        guard text(index + 1) == " ", let month = month(at: index + 2), month.name != "May" || isMay(at: index + 2)
        else {
            return nil
        }
        let article = wordBefore(index)?.lowercased() == "the" ? "" : "the "
        return withYear(article + EnglishNumbers.ordinal(day) + " of " + month.name, at: month.next)
    }

    /// Whether the word May is the month: not before a word in lower case that is a verb.
    private func isMay(at index: Int) -> Bool { word(behindSpace(index + 1)) != "I" }

    /// A date with the year behind it, `, 2026` or ` 2026`.
    private func withYear(_ words: String, at index: Int) -> Reading {
        var next = text(index) == "," ? index + 1 : index
        guard text(next) == " ", let digits = digits(next + 1), digits.utf8.count == 4, let year = Int(digits),
            kind(next + 2) != .word, text(next + 2) != ":"
        else { return Reading(words: words, next: index) }
        next += 2
        return Reading(words: words + ", " + EnglishNumbers.year(year), next: next)
    }

    // MARK: - Years

    /// Numbers of four digits that are read as years; `nil` if the number is one.
    func asYear(_ number: Numeral, at index: Int) -> String? {
        guard let value = number.value, !number.isGrouped else { return nil }
        let spaced = behindSpace(number.next)
        let era = word(spaced).flatMap { ["BC", "AD", "BCE", "CE"].contains($0) ? $0 : nil }
        if era != nil, value > 0 { return EnglishNumbers.year(value) }
        if number.digits.utf8.count == 4, wordBefore(index)?.lowercased() == "year" {
            return EnglishNumbers.year(value)
        }
        guard number.digits.utf8.count == 4, (1000...2099).contains(value), unit(at: number.next) == nil else {
            return nil
        }
        guard kind(number.next) != .word, text(index - 1) != "#" else { return nil }
        if let mark = text(number.next), ["%", "°", "¢", "€", "+", "×", "="].contains(mark) { return nil }
        if let operation = text(spaced), ["+", "=", "×", "*", "÷"].contains(operation) { return nil }
        let before = wordBefore(index)?.lowercased() ?? ""
        if Self.beforeYears.contains(before) {
            // `of 1500 people`
            let isCount = word(spaced).map(Self.isCounted) ?? false
            return isCount && value < 1900 ? nil : EnglishNumbers.year(value)
        }
        if Self.labelWords.contains(before) { return EnglishNumbers.label(digits: number.digits) }
        guard value >= 1100, !Self.beforeCounts.contains(before) else { return nil }
        return word(spaced).map(Self.isCounted) == true ? nil : EnglishNumbers.year(value)
    }

    /// Whether a word is likely the plural of what a number before it counts.
    private static func isCounted(_ word: String) -> Bool {
        if ["people", "men", "women", "children", "feet", "square", "cubic", "percent", "or", "yen", "of"].contains(
            word)
        {
            return word != "or" && word != "of"
        }
        guard word.count > 3, word.first?.isLowercase == true else { return false }
        return word.hasSuffix("s")
            && !["was", "this", "versus", "always", "ss", "ous", "its", "has"].contains { word.hasSuffix($0) }
    }

    private static let beforeYears: Set<String> = [
        "in", "since", "by", "until", "till", "from", "year", "circa", "of", "before", "after", "during", "around",
        "early",
        "late", "mid", "spring", "summer", "fall", "autumn", "winter", "january", "february", "march", "april", "may",
        "june", "july", "august", "september", "october", "november", "december", "between", "and", "to", "through",
    ]
    private static let beforeCounts: Set<String> = [
        "approximately", "roughly", "almost", "nearly", "exactly", "over", "about", "than", "least", "most", "costs",
        "cost",
        "weighs", "equals", "plus", "minus", "times", "number", "code", "error", "pin", "total",
    ]

    /// `1990s`, `1990's`, `90s`, `2000s`
    func decade(at index: Int) -> Reading? {
        guard let digits = digits(index), let end = word(index + 1) ?? apostrophized(at: index + 1),
            end == "s" || end == "'s"
        else { return nil }
        let next = kind(index + 1) == .word ? index + 2 : index + 3
        guard let value = Int(digits), value % 10 == 0 else { return nil }
        if digits.utf8.count == 2, value >= 20 {
            return Reading(words: EnglishNumbers.plural(EnglishNumbers.cardinal(value)), next: next)
        }
        guard digits.utf8.count == 4 else { return nil }
        return Reading(words: EnglishNumbers.plural(EnglishNumbers.year(value)), next: next)
    }

    private func apostrophized(at index: Int) -> String? {
        guard let mark = text(index), mark == "'" || mark == "’", word(index + 1) == "s" else { return nil }
        return "'s"
    }

    // MARK: - Times of day

    /// `3:45`, `15:30`, `3:05 pm`, `9am`, `7 a.m.`, `1:30:15`; with other numbers around the colon, a ratio.
    func time(at index: Int) -> Reading? {
        guard let first = digits(index), first.utf8.count <= 2, let hour = Int(first) else { return nil }
        guard text(index + 1) == ":", let second = digits(index + 2) else {
            guard (1...12).contains(hour), let half = meridiem(at: index + 1) else { return nil }
            return Reading(words: EnglishNumbers.cardinal(hour) + " " + half.words, next: half.next)
        }
        guard second.utf8.count == 2, let minute = Int(second), minute < 60 else {
            guard second.utf8.count <= 3 else { return nil }
            return Reading(
                words: EnglishNumbers.cardinal(hour) + " to " + EnglishNumbers.cardinal(digits: second), next: index + 3
            )
        }
        if text(index + 3) == ":", let third = digits(index + 4), third.utf8.count == 2 {
            let parts = [EnglishNumbers.cardinal(hour), Self.minutes(minute), Self.minutes(Int(third) ?? 0)]
            let words = parts.prefix(third == "00" ? 2 : 3).joined(separator: " ")
            let half = meridiem(at: index + 5)
            return Reading(words: words + (half.map { " " + $0.words } ?? ""), next: half?.next ?? index + 5)
        }
        let hours = EnglishNumbers.cardinal(hour)
        if let half = meridiem(at: index + 3) {
            let minutes = minute == 0 ? "" : Self.minutes(minute) + " "
            return Reading(words: hours + " " + minutes + half.words, next: half.next)
        }
        guard minute == 0 else { return Reading(words: hours + " " + Self.minutes(minute), next: index + 3) }
        return Reading(words: hours + ((1...12).contains(hour) ? " o'clock" : " hundred"), next: index + 3)
    }

    private static func minutes(_ minute: Int) -> String {
        minute == 0
            ? "hundred" : minute < 10 ? "oh " + EnglishNumbers.cardinal(minute) : EnglishNumbers.cardinal(minute)
    }

    /// `am`, `PM`, `a.m.` at `index` or behind a space there.
    func meridiem(at index: Int) -> Reading? {
        let start = behindSpace(index)
        guard let word = word(start)?.lowercased() else { return nil }
        if word == "am" || word == "pm" {
            return Reading(words: word == "am" ? "A.M" : "P.M", next: start + 1)
        }
        guard word == "a" || word == "p", text(start + 1) == ".", self.word(start + 2)?.lowercased() == "m" else {
            return nil
        }
        return Reading(words: word == "a" ? "A.M" : "P.M", next: behindPoint(of: word + ".m", at: start + 3))
    }
}
