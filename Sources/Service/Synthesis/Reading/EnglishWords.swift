/// Words that English text abbreviates, and how they are said.
enum EnglishWords {
    // MARK: - Abbreviations

    /// Before names, with and without a point.
    static let titles = [
        "Mr": "Mister", "Mrs": "Mrs", "Ms": "Miz", "Prof": "Professor", "Sgt": "Sergeant", "Capt": "Captain",
        "Lt": "Lieutenant", "Col": "Colonel", "Gen": "General", "Sen": "Senator", "Rep": "Representative",
        "Rev": "Reverend", "Gov": "Governor", "Hon": "Honorable", "Maj": "Major", "Cpl": "Corporal", "Adm": "Admiral",
        "Cmdr": "Commander", "Pres": "President", "Mme": "Madame", "Mlle": "Mademoiselle",
    ]
    /// Words before which stands a title, not a street, although they are capitalised.
    static let beforeTitles: Set<String> = [
        "Mount", "Fort", "Port", "Lake", "Mr", "Mrs", "The", "In", "At", "From", "And", "Of", "For", "To", "By", "With",
        "On", "Near", "Hello", "Hi", "Dear", "Thanks", "Hey", "East", "West", "North", "South", "Sault",
    ]
    /// With a point before a number.
    static let numbered = [
        "no": "number", "nos": "numbers", "vol": "volume", "vols": "volumes", "fig": "figure", "figs": "figures",
        "p": "page", "pp": "pages", "ch": "chapter", "sec": "section", "art": "article", "eq": "equation",
        "ver": "version",
        "ext": "extension", "apt": "apartment", "par": "paragraph",
    ]
    /// With and without a point.
    static let anyway = [
        "etc": "et cetera", "vs": "versus", "approx": "approximately", "dept": "department", "inc": "incorporated",
        "ltd": "limited", "corp": "corporation", "blvd": "boulevard", "jr": "junior", "assn": "association",
        "bros": "brothers",
    ]
    /// With a point, in either case.
    static let pointed = [
        "ave": "avenue", "rd": "road", "max": "maximum", "min": "minimum", "est": "established", "cf": "compare",
        "viz": "namely", "tel": "telephone", "misc": "miscellaneous", "incl": "including", "excl": "excluding",
        "govt": "government", "intl": "international", "temp": "temperature", "avg": "average", "qty": "quantity",
        "apt": "apartment", "ext": "extension", "pt": "part", "ca": "circa", "hrs": "hours", "mins": "minutes",
        "secs": "seconds", "lbs": "pounds", "yrs": "years", "hwy": "highway", "pkwy": "parkway",
    ]
    /// With a point and a capital.
    static let pointedNames = [
        "Ave": "Avenue", "Rd": "Road", "Co": "Company", "Sr": "Senior", "Mt": "Mount", "Ft": "Fort",
        "Univ": "University",
        "Hwy": "Highway", "Pkwy": "Parkway", "Ln": "Lane", "Ct": "Court", "Pl": "Place", "Esq": "Esquire",
        "Mon": "Monday",
        "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Thur": "Thursday",
        "Thurs": "Thursday", "Fri": "Friday", "Jan": "January", "Feb": "February", "Aug": "August", "Sep": "September",
        "Sept": "September", "Oct": "October", "Nov": "November", "Dec": "December", "Apr": "April",
        "Inc": "Incorporated", "Ltd": "Limited", "Corp": "Corporation", "Bros": "Brothers",
    ]
    /// In ranges: `Mon-Fri`.
    static let calendarNames = [
        "Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday", "Sat": "Saturday",
        "Sun": "Sunday", "Jan": "January", "Feb": "February", "Mar": "March", "Apr": "April", "Jun": "June",
        "Jul": "July",
        "Aug": "August", "Sep": "September", "Sept": "September", "Oct": "October", "Nov": "November",
        "Dec": "December",
    ]
    /// Single letters with points that are read as words.
    static let dotted = ["e.g": "for example", "i.e": "that is", "v.s": "versus", "n.b": "note well"]
    static let alternatives = [
        "and/or": "and or", "he/she": "he or she", "she/he": "she or he", "his/her": "his or her",
        "him/her": "him or her",
        "s/he": "she or he", "yes/no": "yes or no", "either/or": "either or",
    ]
    static let ordinalEnds: Set<String> = ["st", "nd", "rd", "th", "ST", "ND", "RD", "TH"]

    // MARK: - Roman numerals

    static let regnalNames: Set<String> = [
        "Henry", "Louis", "Elizabeth", "George", "Edward", "Charles", "James", "William", "Richard", "Philip", "Peter",
        "Paul", "John", "Pius", "Benedict", "Francis", "Leo", "Gregory", "Clement", "Innocent", "Urban", "Alexander",
        "Nicholas", "Frederick", "Wilhelm", "Napoleon", "Ivan", "Catherine", "Mary", "Ramses", "Ptolemy", "Cleopatra",
        "Thutmose", "Amenhotep", "Xerxes", "Darius", "Otto", "Gustav", "Christian", "Haakon", "Harald", "Olaf",
        "Felipe",
        "Ferdinand", "Alfonso", "Leopold", "Albert", "Victor", "Umberto", "Franz", "Joseph", "Boniface", "Sixtus",
        "Julius",
        "Robert", "David", "Margrethe", "Juan", "Carlos", "Rama", "Selim", "Suleiman", "Mehmed", "Murad",
        "Constantine", "Theodosius", "Justinian", "Harold", "Stephen", "Thomas",
    ]
    static let romanLabels: Set<String> = [
        "War", "Chapter", "Part", "Act", "Scene", "Volume", "Book", "Section", "Article", "Type", "Phase", "Stage",
        "Level",
        "Title", "Apollo", "Rocky", "Episode", "Bowl", "Class", "Division", "Grade", "Appendix", "Figure", "Table",
        "Series", "Mark", "Vol", "Canto", "Lesson", "Unit", "Module", "Game", "Season", "chapter", "volume", "act",
        "scene", "section", "article", "phase", "stage", "type",
    ]
    /// What may follow a numeral I that is no pronoun.
    static let afterRegnal: Set<String> = [
        "of", "was", "is", "and", "ended", "began", "reigned", "ruled", "died", "had", "became", "started", "in", "to",
        "at", "by", "from", "with", "who", "the", "or",
    ]

    // MARK: - Letters

    /// Letters one by one, with points between them: so that espeak-ng says them like one word.
    static func letters(_ word: String) -> String {
        guard word.count == 1 else { return word.map { String($0).uppercased() }.joined(separator: ".") }
        return letter(word.uppercased())
    }

    /// A letter by itself; A and I would be read as words.
    private static func letter(_ letter: String) -> String {
        switch letter {
        case "A": "eigh"
        case "I": "eye"
        default: letter
        }
    }

    /// Letters with an ending; behind a point espeak-ng does not know the ending.
    private static func letters(_ word: String, ending: String) -> String {
        let front = letters(String(word.dropLast()))
        return front + " " + word.suffix(1) + ending
    }

    /// `CEOs`, `FBI's`, `PCs`
    static func inflectedLetters(_ word: String) -> String? {
        let base: Substring
        if word.hasSuffix("'s") || word.hasSuffix("'S") {
            base = word.dropLast(2)
        } else if word.hasSuffix("s") {
            base = word.dropLast()
        } else {
            return nil
        }
        guard base.utf8.count >= 2, base.allSatisfy(\.isUppercase) else { return nil }
        let name = String(base)
        if isSpelled(name) { return letters(name, ending: "'s") }
        return respelled[name].map { $0 + "s" } ?? base.lowercased() + word.dropFirst(base.count).lowercased()
    }

    /// `ChatGPT`, `MySQL`: a word and letters.
    static func compound(_ word: String) -> String? {
        let end = word.reversed().prefix { $0.isUppercase }.count
        let front = word.dropLast(end)
        guard (2...4).contains(end), front.utf8.count >= 2, front.last?.isLowercase == true else { return nil }
        return front + " " + letters(String(word.suffix(end)))
    }

    /// Whether a word in capitals is an acronym that is said as a word, or no acronym.
    static func isSaid(_ word: String) -> Bool { wordsInCapitals.contains(word) || shortWords.contains(word) }

    /// A word in capitals: letters or a word.
    static func capitals(_ word: String, isShouted: Bool, isBehindArticle: Bool) -> String {
        if isShouted {
            return isSpelled(word) && !shortWords.contains(word) ? letters(word) : word.lowercased()
        }
        if word == "WHO" { return isBehindArticle ? letters(word) : "who" }
        if wordsInCapitals.contains(word) { return word.lowercased() }
        return isSpelled(word) ? letters(word) : word.lowercased()
    }

    /// Whether a word in capitals can only be an ordinary word.
    static func isShoutedWord(_ word: String) -> Bool {
        shortWords.contains(word) && !acronyms.contains(word) && !["AM", "PM", "AD", "BC"].contains(word)
    }

    private static func isSpelled(_ word: String) -> Bool {
        if acronyms.contains(word) { return true }
        if shortWords.contains(word) || wordsInCapitals.contains(word) { return false }
        return word.utf8.count <= 3 || !word.contains { "AEIOUYÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜ".contains($0) }
    }

    /// Acronyms with vowels, which could be read as words.
    private static let acronyms: Set<String> = [
        "USA", "FBI", "ISBN", "CIA", "NSA", "CEO", "CFO", "CTO", "COO", "CIO", "IBM", "USB", "API", "URL", "URI", "FAQ",
        "ASAP",
        "VIP", "EU", "UK", "UN", "UAE", "US", "IT", "AI", "ID", "IQ", "UI", "UX", "OS", "IP", "IOU", "IPO", "IRS",
        "NBA",
        "EPA", "FDA", "FAA", "SEO", "SUV", "UFO", "VPN", "ATM", "DNA", "RNA", "HIV", "IVF", "ICU", "ER", "EKG", "MRI",
        "LED", "OLED", "AC", "ISO", "IDE", "CPU", "GPU", "TPU", "USSR", "ESPN", "AOL", "UPS", "RSVP",
        "AKA", "DIY", "ETA", "FYI", "TBA", "GPA", "MBA", "BA", "MA", "EST", "UTC", "AFK", "UCLA",
        "NYU", "MIT", "LA", "USD", "AUD", "EUR", "ROI", "KPI", "LLC", "ETF", "EV", "AR", "OCD", "ADHD", "EMT", "IIS",
        "AWS", "IDF", "NCAA", "NAACP", "AARP", "IMDB", "AMD", "IPA", "PTA", "DUI", "SOS", "LOL", "OMG",
        "EOF", "CLI", "SDK", "UHD", "AAA", "UTF", "IMF", "ECB", "OECD",
    ]

    /// Acronyms that are said as words.
    private static let wordsInCapitals: Set<String> = [
        "NASA", "NATO", "OPEC", "UNICEF", "UNESCO", "FIFA", "UEFA", "NAFTA", "SWAT", "RADAR", "LASER", "COVID", "FEMA",
        "RAM", "ROM", "PIN", "SIM", "AIDS", "SCUBA", "SONAR", "TASER", "CAPTCHA", "GIF", "WASP", "IKEA", "LEGO", "OSHA",
        "ASEAN", "BRICS", "DARPA", "MENSA", "NASDAQ", "SARS", "VAT", "ZIP", "BASIC", "JAVA", "DOS", "LAN", "WAN",
        "NIMBY", "POTUS", "SCOTUS", "YOLO", "SAT", "ACT", "PEN", "HMM", "SHH", "PSST", "BRR", "PFFT", "TSK", "GRR",
        "MOSFET",
        "CERN", "SETI", "BAFTA", "HIPAA",
    ]

    /// Words of two and three letters that people shout or stress.
    private static let shortWords: Set<String> = [
        "AH", "AM", "AN", "AS", "AT", "AX", "BE", "BY", "DO", "EH", "GO", "HA", "HE", "HI", "HO", "IF", "IN", "IS",
        "IT",
        "ME", "MY", "NO", "OF", "OH", "ON", "OR", "OW", "OX", "SO", "TO", "UP", "US", "WE", "YE", "AGE", "AGO", "AID",
        "AIM", "AIR", "ALL", "AND", "ANY", "ARE", "ARM", "ART", "ASK", "ATE", "BAD", "BAG", "BAN", "BAR", "BAT", "BED",
        "BEE", "BEG", "BET", "BIG", "BIT", "BOX", "BOY", "BUG", "BUS", "BUT", "BUY", "BYE", "CAN", "CAP", "CAR", "CAT",
        "COW", "CRY", "CUP", "CUT", "DAD", "DAY", "DID", "DIE", "DIG", "DOG", "DRY", "DUE", "EAR", "EAT", "EGG", "END",
        "EYE", "FAN", "FAR", "FAT", "FEW", "FIT", "FIX", "FLY", "FOR", "FUN", "GAS", "GET", "GOD", "GOT", "GUN", "GUY",
        "HAD", "HAS", "HAT", "HER", "HEY", "HIM", "HIS", "HIT", "HOT", "HOW", "HUG", "ICE", "ILL", "ITS", "JOB", "JOY",
        "KEY", "KID", "LAW", "LAY", "LEG", "LET", "LIE", "LOT", "LOW", "MAD", "MAN", "MAP", "MAY", "MEN", "MET", "MIX",
        "MOM", "MUD", "MUM", "NEW", "NOR", "NOT", "NOW", "NUT", "ODD", "OFF", "OIL", "OLD", "ONE", "OUR", "OUT", "OWE",
        "OWN", "PAN", "PAY", "PEN", "PET", "PIG", "POT", "PUT", "RAN", "RAW", "RED", "RID", "ROW", "RUN", "SAD", "SAW",
        "SAY", "SEA", "SEE", "SET", "SEX", "SHE", "SIN", "SIR", "SIT", "SIX", "SKY", "SON", "SUN", "TAX", "TEA", "TEN",
        "THE", "TIE", "TIP", "TOE", "TON", "TOO", "TOP", "TOY", "TRY", "TWO", "USE", "VAN", "WAR", "WAS", "WAY", "WEB",
        "WET", "WHO", "WHY", "WIN", "WON", "WOW", "YES", "YET", "YOU", "ZOO", "UGH", "AHA", "AWW", "FEE", "FOX", "HEN",
        "JAR", "LIP", "LOG", "NET", "NAP", "PIE", "RAT", "RUG", "SKI", "SPY", "TAB", "TAG", "TAP", "TUB", "WIG", "BIN",
        "BOW", "DAM", "DEN", "DIM", "FOG", "FUR", "GUM", "GYM", "HIP", "HUT", "INK", "JAM", "JAW", "JET", "LAB", "LAP",
        "MOB", "OAK", "PAD", "PAT", "PIT", "POP", "RAG", "RAY", "RIB", "RIP", "ROB", "ROD", "RUB", "SIP", "SOB", "SUE",
        "SUM", "TAN", "TIN", "VET", "VOW", "WED", "WIT",
    ]

    /// Words that espeak-ng does not know, or does not read like people.
    static let respelled = [
        "JPEG": "jay peg", "MPEG": "em peg", "JPG": "jay peg", "PNG": "P.N.G", "SCSI": "scuzzy", "IEEE": "eye triple E",
        "ASCII": "askey", "GUI": "gooey", "iOS": "eye O.S", "IOS": "eye O.S", "macOS": "mac O.S", "PhD": "P.H.D",
        "PhDs": "P.H D's", "BSc": "B.S.C", "MSc": "M.S.C", "LaTeX": "lay tech", "WiFi": "wifi",
        "IPv": "I.P version", "mp": "M.P", "OK": "okay", "Ok": "okay", "ok": "okay",
        "ROTC": "rotsy", "NGINX": "engine X", "nginx": "engine X", "Shh": "shush", "shh": "shush",
        "ie": "that is", "kHz": "kilohertz", "GHz": "gigahertz", "MHz": "megahertz", "Xi": "shee",
        "JSON": "jason", "MacOS": "mac O.S", "DVDs": "D.V D's", "WWII": "World War two",
        "WWI": "World War one", "Hz": "hertz",
    ]
}
