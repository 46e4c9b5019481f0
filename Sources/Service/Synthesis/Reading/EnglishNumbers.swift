/// Numbers in American English words.
enum EnglishNumbers {
    private static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]
    private static let scales = [
        (1_000_000_000_000_000, "quadrillion"), (1_000_000_000_000, "trillion"), (1_000_000_000, "billion"),
        (1_000_000, "million"), (1000, "thousand"),
    ]
    private static let irregularOrdinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]
    /// Numbers of more digits are said digit by digit.
    private static let digitLimit = 16

    /// - Parameter number: At least 0.
    static func cardinal(_ number: Int) -> String {
        if number < 20 { return small[max(number, 0)] }
        if number < 100 { return joined(tens[number / 10], number % 10) }
        if number < 1000 { return joined(small[number / 100] + " hundred", number % 100) }
        for (scale, name) in scales where number >= scale {
            return joined(cardinal(number / scale) + " " + name, number % scale)
        }
        return ""
    }

    /// A number written in decimal digits. Leading zeros mark a code, which is said digit by digit, like what is too long.
    static func cardinal(digits: String) -> String {
        let isCode = digits.utf8.count > 1 && digits.utf8.first == UInt8(ascii: "0")
        guard !isCode, digits.utf8.count <= digitLimit, let number = Int(digits) else { return spelled(digits: digits) }
        return cardinal(number)
    }

    static func ordinal(_ number: Int) -> String {
        let words = cardinal(number)
        let start = words.lastIndex(of: " ").map { words.index(after: $0) } ?? words.startIndex
        let last = String(words[start...])
        return words[..<start]
            + (irregularOrdinals[last] ?? (last.hasSuffix("y") ? last.dropLast() + "ieth" : last + "th"))
    }

    /// A year: two pairs of digits, but 2000 to 2009 and whole thousands.
    static func year(_ year: Int) -> String {
        let (century, rest) = year.quotientAndRemainder(dividingBy: 100)
        if year < 1000 || year > 9999 || century % 10 == 0 && rest < 10 { return cardinal(year) }
        return pair(century, rest)
    }

    /// Numbers of rooms, flights and models: three or four digits as a number and a pair.
    static func label(digits: String) -> String {
        guard digits.utf8.first != UInt8(ascii: "0"), (3...4).contains(digits.utf8.count), let number = Int(digits),
            number % 1000 != 0
        else { return cardinal(digits: digits) }
        return pair(number / 100, number % 100)
    }

    private static func pair(_ first: Int, _ second: Int) -> String {
        let end = second == 0 ? "hundred" : second < 10 ? "oh " + small[second] : cardinal(second)
        return cardinal(first) + " " + end
    }

    /// The names of the digits.
    static func spelled(digits: String) -> String {
        digits.utf8.map { byte in
            (48...57).contains(byte) ? small[Int(byte) - 48] : ""
        }.joined(separator: " ")
    }

    /// A decade: `nineties`, `nineteen nineties`, `nineteen hundreds`.
    static func plural(_ words: String) -> String {
        if words.hasSuffix("y") { return words.dropLast() + "ies" }
        return words + (words.hasSuffix("x") ? "es" : "s")
    }

    /// The denominator of a fraction.
    static func part(_ denominator: Int, isPlural: Bool) -> String {
        switch denominator {
        case 2: isPlural ? "halves" : "half"
        case 4: isPlural ? "quarters" : "quarter"
        default: ordinal(denominator) + (isPlural ? "s" : "")
        }
    }

    private static func joined(_ words: String, _ rest: Int) -> String {
        rest == 0 ? words : words + " " + cardinal(rest)
    }

    /// The value of a Roman numeral in capitals in its usual form, to 3999.
    static func roman(_ text: String) -> Int? {
        guard (1...15).contains(text.utf8.count) else { return nil }
        var rest = text[...]
        var value = 0
        for (number, sign) in romanSigns {
            while rest.hasPrefix(sign) {
                rest = rest.dropFirst(sign.count)
                value += number
            }
        }
        return rest.isEmpty && value < 4000 && roman(value) == text ? value : nil
    }

    private static func roman(_ value: Int) -> String {
        var rest = value
        var text = ""
        for (number, sign) in romanSigns {
            while rest >= number {
                rest -= number
                text += sign
            }
        }
        return text
    }

    private static let romanSigns = [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ]
}
