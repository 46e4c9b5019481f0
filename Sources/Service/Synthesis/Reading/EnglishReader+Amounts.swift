extension EnglishReader {
    typealias Currency = (one: String, many: String, cent: String, cents: String)

    static let currencies: [String: Currency] = [
        "$": ("dollar", "dollars", "cent", "cents"), "£": ("pound", "pounds", "penny", "pence"),
        "€": ("euro", "euros", "cent", "cents"), "¥": ("yen", "yen", "sen", "sen"), "￥": ("yen", "yen", "sen", "sen"),
        "₹": ("rupee", "rupees", "paisa", "paise"), "₩": ("won", "won", "jeon", "jeon"),
        "₽": ("ruble", "rubles", "kopeck", "kopecks"), "₺": ("lira", "lira", "kurush", "kurush"),
        "₪": ("shekel", "shekels", "agora", "agorot"), "₿": ("bitcoin", "bitcoins", "", ""),
        "₱": ("peso", "pesos", "centavo", "centavos"), "฿": ("baht", "baht", "satang", "satang"),
        "₴": ("hryvnia", "hryvnias", "kopeck", "kopecks"), "₦": ("naira", "naira", "kobo", "kobo"),
        "₫": ("dong", "dong", "", ""),
    ]
    /// Before the dollar sign.
    private static let dollars = [
        "US": "U.S", "A": "Australian", "AU": "Australian", "C": "Canadian", "CA": "Canadian", "NZ": "New Zealand",
        "HK": "Hong Kong", "S": "Singapore",
    ]
    static let currencyCodes: [String: Currency] = [
        "USD": ("U.S dollar", "U.S dollars", "cent", "cents"), "EUR": ("euro", "euros", "cent", "cents"),
        "GBP": ("pound", "pounds", "penny", "pence"), "JPY": ("yen", "yen", "sen", "sen"),
        "CHF": ("Swiss franc", "Swiss francs", "centime", "centimes"),
        "CAD": ("Canadian dollar", "Canadian dollars", "cent", "cents"),
        "AUD": ("Australian dollar", "Australian dollars", "cent", "cents"),
    ]
    static let scales = [
        "k": "thousand", "K": "thousand", "m": "million", "M": "million", "mn": "million", "mm": "million",
        "MM": "million", "b": "billion", "B": "billion", "bn": "billion", "Bn": "billion", "BN": "billion",
        "tn": "trillion", "T": "trillion", "t": "trillion", "thousand": "thousand", "million": "million",
        "billion": "billion", "trillion": "trillion", "quadrillion": "quadrillion", "hundred": "hundred",
        "mil": "million",
    ]
    /// What an amount is said to be of: `a five dollar bill`.
    private static let pricedWords: Set<String> = [
        "bill", "bills", "note", "coin", "fee", "check", "ticket", "tickets", "question", "prize", "gift", "discount",
        "deal", "tip", "fine", "budget", "loan", "bet", "investment", "house", "home", "grant", "donation", "lawsuit",
        "bonus", "contract", "project", "company", "industry", "market", "wine", "meal", "lunch", "haircut",
    ]

    /// `$3.50`, `£20`, `$1.2 million`, `$3bn`, `$5–$10`
    func amount(at index: Int) -> Reading? {
        guard let sign = text(index), let currency = Self.currencies[sign] else { return nil }
        let start = text(index + 1) == " " ? index + 2 : index + 1
        return amount(of: currency, at: start)
    }

    /// `US$5`, `EUR 50`
    func codeAmount(at index: Int) -> Reading? {
        guard let code = word(index), code.utf8.count <= 3 else { return nil }
        if text(index + 1) == "$", let name = Self.dollars[code], kind(index + 2) == .digits {
            return amount(
                of: (name + " dollar", name + " dollars", "cent", "cents"), at: index + 2)
        }
        guard let currency = Self.currencyCodes[code], kind(behindSpace(index + 1)) == .digits else { return nil }
        return amount(of: currency, at: behindSpace(index + 1))
    }

    private func amount(of currency: Currency, at index: Int, isRangeEnd: Bool = false) -> Reading? {
        guard let number = numeral(at: index) ?? fractionAlone(at: index) else { return nil }
        if !isRangeEnd, let dash = text(number.next), dash == "-" || dash == "–" {
            let start = Self.currencies[text(number.next + 1) ?? ""] == nil ? number.next + 1 : number.next + 2
            if let second = numeral(at: start), let end = amount(of: currency, at: start, isRangeEnd: true) {
                // The scale of the second is that of both.
                guard number.fraction == nil || second.fraction == nil || number.fraction?.utf8.count != 2 else {
                    return joined(Self.spelled(number, currency), end)
                }
                return joined(number.words, end)
            }
        }
        let spaced = text(number.next) == " " ? number.next + 1 : number.next
        if let scaleWord = word(spaced), let scale = Self.scales[scaleWord],
            spaced == number.next || scaleWord.utf8.count > 1
        {
            let words = number.words + " " + scale + " " + unit(of: currency, before: spaced + 1, isOne: false)
            return withPlus(words, at: spaced + 1)
        }
        if let fraction = number.fraction, fraction.utf8.count == 2, !currency.cent.isEmpty {
            return withPlus(Self.spelled(number, currency), at: number.next)
        }
        return withPlus(
            number.words + " " + unit(of: currency, before: number.next, isOne: number.isOne), at: number.next)
    }

    private func joined(_ words: String, _ end: Reading) -> Reading {
        Reading(words: words + " to " + end.words, next: end.next)
    }

    /// `.99` behind a sign.
    private func fractionAlone(at index: Int) -> Numeral? {
        guard text(index) == ".", let fraction = digits(index + 1) else { return nil }
        return Numeral(digits: "0", isGrouped: false, fraction: fraction, next: index + 2)
    }

    private func withPlus(_ words: String, at index: Int) -> Reading {
        guard text(index) == "+", kind(index + 1) != .digits else { return Reading(words: words, next: index) }
        return Reading(words: words + " plus", next: index + 1)
    }

    /// Dollars and cents.
    private static func spelled(_ number: Numeral, _ currency: Currency) -> String {
        let cents = number.fraction.flatMap { Int($0) } ?? 0
        let whole =
            EnglishNumbers.cardinal(digits: number.digits) + " " + (number.digits == "1" ? currency.one : currency.many)
        guard cents > 0 else { return whole }
        let coins = EnglishNumbers.cardinal(cents) + " " + (cents == 1 ? currency.cent : currency.cents)
        return number.digits == "0" ? coins : whole + " and " + coins
    }

    private func unit(of currency: Currency, before index: Int, isOne: Bool) -> String {
        let spaced = text(index) == "-" ? index + 1 : behindSpace(index)
        let isPriced = word(spaced).map { Self.pricedWords.contains($0.lowercased()) } == true
        return isOne || isPriced ? currency.one : currency.many
    }

    // MARK: - Units

    private static let units: [String: (one: String, many: String)] = [
        "km": ("kilometer", "kilometers"), "m": ("meter", "meters"), "cm": ("centimeter", "centimeters"),
        "mm": ("millimeter", "millimeters"), "nm": ("nanometer", "nanometers"), "mi": ("mile", "miles"),
        "ft": ("foot", "feet"), "yd": ("yard", "yards"), "yds": ("yards", "yards"), "kg": ("kilogram", "kilograms"),
        "kgs": ("kilograms", "kilograms"), "g": ("gram", "grams"), "mg": ("milligram", "milligrams"),
        "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"), "l": ("liter", "liters"),
        "L": ("liter", "liters"), "ml": ("milliliter", "milliliters"), "mL": ("milliliter", "milliliters"),
        "cl": ("centiliter", "centiliters"), "dl": ("deciliter", "deciliters"), "gal": ("gallon", "gallons"),
        "qt": ("quart", "quarts"), "pt": ("pint", "pints"), "tsp": ("teaspoon", "teaspoons"),
        "tbsp": ("tablespoon", "tablespoons"), "tbs": ("tablespoon", "tablespoons"), "ha": ("hectare", "hectares"),
        "h": ("hour", "hours"), "hr": ("hour", "hours"), "hrs": ("hour", "hours"), "min": ("minute", "minutes"),
        "mins": ("minute", "minutes"), "sec": ("second", "seconds"), "secs": ("second", "seconds"),
        "ms": ("millisecond", "milliseconds"), "ns": ("nanosecond", "nanoseconds"), "yr": ("year", "years"),
        "yrs": ("year", "years"), "wk": ("week", "weeks"), "wks": ("week", "weeks"), "mo": ("month", "months"),
        "mph": ("mile per hour", "miles per hour"), "kph": ("kilometer per hour", "kilometers per hour"),
        "kmh": ("kilometer per hour", "kilometers per hour"), "mpg": ("mile per gallon", "miles per gallon"),
        "rpm": ("R.P.M", "R.P.M"), "bpm": ("beat per minute", "beats per minute"),
        "fps": ("frame per second", "frames per second"), "dpi": ("D.P.I", "D.P.I"), "psi": ("P.S.I", "P.S.I"),
        "ppm": ("part per million", "parts per million"), "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"),
        "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"), "dB": ("decibel", "decibels"),
        "V": ("volt", "volts"), "kV": ("kilovolt", "kilovolts"), "mV": ("millivolt", "millivolts"),
        "W": ("watt", "watts"),
        "kW": ("kilowatt", "kilowatts"), "MW": ("megawatt", "megawatts"), "GW": ("gigawatt", "gigawatts"),
        "kWh": ("kilowatt hour", "kilowatt hours"), "mAh": ("milliamp hour", "milliamp hours"),
        "mA": ("milliamp", "milliamps"), "KB": ("kilobyte", "kilobytes"), "kB": ("kilobyte", "kilobytes"),
        "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"),
        "PB": ("petabyte", "petabytes"), "KiB": ("kibibyte", "kibibytes"), "MiB": ("mebibyte", "mebibytes"),
        "GiB": ("gibibyte", "gibibytes"), "kbps": ("kilobit per second", "kilobits per second"),
        "Mbps": ("megabit per second", "megabits per second"), "Gbps": ("gigabit per second", "gigabits per second"),
        "Mb": ("megabit", "megabits"), "Gb": ("gigabit", "gigabits"), "kcal": ("kilocalorie", "kilocalories"),
        "cal": ("calorie", "calories"), "kPa": ("kilopascal", "kilopascals"), "hPa": ("hectopascal", "hectopascals"),
        "MP": ("megapixel", "megapixels"), "px": ("pixel", "pixels"), "pct": ("percent", "percent"),
        "ly": ("light year", "light years"),
        "μm": ("micrometer", "micrometers"), "μg": ("microgram", "micrograms"), "μs": ("microsecond", "microseconds"),
        "kJ": ("kilojoule", "kilojoules"), "sq": ("square", "square"), "cu": ("cubic", "cubic"),
        "dm": ("decimeter", "decimeters"),
        "kt": ("knot", "knots"), "kts": ("knots", "knots"), "kn": ("knot", "knots"),
    ]
    /// Units of their own behind a stroke.
    static let perWords = [
        "h": "hour", "hr": "hour", "hour": "hour", "s": "second", "sec": "second", "second": "second", "min": "minute",
        "minute": "minute", "day": "day", "wk": "week", "week": "week", "mo": "month", "month": "month", "yr": "year",
        "year": "year", "person": "person", "night": "night", "kg": "kilogram", "lb": "pound", "oz": "ounce",
        "g": "gram",
        "l": "liter", "L": "liter", "gal": "gallon", "gallon": "gallon", "unit": "unit", "user": "user",
        "km": "kilometer",
        "mile": "mile", "mL": "milliliter", "ml": "milliliter", "m": "meter", "piece": "piece", "game": "game",
        "dL": "deciliter",
    ]
    private static let powers = ["²": "square ", "³": "cubic ", "2": "square ", "3": "cubic "]

    /// The unit at `index`, or behind a space or hyphen there.
    func unit(at index: Int, isOne: Bool = false) -> Reading? {
        if let time = meridiem(at: index), text(index) != " " { return time }
        let isHyphened = text(index) == "-"
        let start = isHyphened ? index + 1 : text(index) == " " || text(index) == "\u{A0}" ? index + 1 : index
        if text(start) == "µ", let base = word(start + 1), let names = Self.units[base],
            base.count == 1
        {
            return Reading(words: "micro" + (isOne ? names.one : names.many), next: start + 2)
        }
        guard let name = word(start) else { return nil }
        if start == index, name == "in" {
            return Reading(words: isOne ? "inch" : "inches", next: pastPoint("in", start + 1))
        }
        if name == "in", text(start + 1) == ".", !isHyphened,
            kind(start + 2) != .space || word(start + 3)?.first?.isLowercase == true
        {
            return Reading(words: isOne ? "inch" : "inches", next: start + 2)
        }
        if name == "s", start > index, !isHyphened {
            return Reading(words: isOne ? "second" : "seconds", next: start + 1)
        }
        guard let names = Self.units[name] else { return nil }
        // One letter by itself behind a space is a unit, but not where a word goes on: `5 m'`.
        let isSingular = isOne || isHyphened
        let words = isSingular ? names.one : names.many
        var next = start + 1
        if name == "sq" || name == "cu" {
            next = behindSpace(text(next) == "." ? next + 1 : next)
            guard let base = word(next).flatMap({ Self.units[$0] }) else { return nil }
            return Reading(words: words + " " + (isSingular ? base.one : base.many), next: pastPoint("ft", next + 1))
        }
        if let power = Self.powers[text(next) ?? ""], kind(next + 1) != .digits,
            text(next + 1) != "." || kind(next + 2) != .digits
        {
            return per(power + words, at: next + 1)
        }
        if text(next) == "^", let power = Self.powers[text(next + 1) ?? ""] { return per(power + words, at: next + 2) }
        guard kind(next) != .digits else { return nil }
        next = name.utf8.count > 1 || name == "h" ? pastPoint("lbs", next) : next
        return per(words, at: next)
    }

    private func pastPoint(_ word: String, _ index: Int) -> Int { behindPoint(of: word, at: index) }

    /// `/h` behind a unit.
    private func per(_ words: String, at index: Int) -> Reading {
        guard text(index) == "/", let under = Self.perWords[text(index + 1) ?? ""] else {
            return Reading(words: words, next: index)
        }
        let end = text(index + 2) == "²" ? " squared" : ""
        return Reading(words: words + " per " + under + end, next: index + (end.isEmpty ? 2 : 3))
    }

    /// `5'10"`, `6 ft 2 in`
    func height(at index: Int) -> Reading? {
        guard let feet = digits(index), feet.utf8.count == 1, let mark = text(index + 1), "'’′".contains(mark) else {
            return nil
        }
        guard let inches = digits(index + 2), inches.utf8.count <= 2 else { return nil }
        let next = text(index + 3).map { "\"”″".contains($0) } == true ? index + 4 : index + 3
        return Reading(
            words: EnglishNumbers.cardinal(digits: feet) + " foot " + EnglishNumbers.cardinal(digits: inches),
            next: next)
    }
}
