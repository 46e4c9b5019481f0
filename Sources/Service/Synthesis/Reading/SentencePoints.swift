/// Tells points of abbreviations and points that end sentences apart, by the words around them.
package enum SentencePoints {
    /// More characters of a word need not be known.
    package static let wordLimit = 24

    /// Always followed by what they belong to.
    private static let neverLast: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "gen", "sen", "rep", "lt", "col", "capt", "sgt", "rev", "hon", "gov", "mme",
        "mlle", "srta", "dott", "messrs", "cpl", "maj", "cmdr", "adm", "e.g", "i.e", "eg", "ie", "vs", "cf", "viz", "v",
    ]
    /// May be the last word of a sentence.
    private static let sometimesLast: Set<String> = [
        "etc", "inc", "ltd", "co", "corp", "bros", "jr", "sr", "st", "ave", "blvd", "rd", "mt", "ft", "dept", "est",
        "approx", "al", "ca", "hr", "hrs", "min", "mins", "sec", "secs", "lb", "lbs", "oz", "in", "yd", "tel", "ext",
        "apt",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "tues",
        "wed",
        "thu", "thur", "thurs", "fri", "sat", "sun", "univ", "max", "esq", "assn", "sq",
    ]
    /// Of these, words that end sentences as they are, unless something lowercase cannot follow them.
    private static let alsoWords: Set<String> = [
        "co", "in", "sun", "sat", "mar", "al", "max", "min", "est", "wed", "mon", "sec", "apt", "ca", "dec",
    ]
    /// Stand before numbers.
    private static let numbered: Set<String> = [
        "no", "nos", "vol", "vols", "fig", "figs", "p", "pp", "ch", "sec", "art", "eq", "approx", "ca", "ver", "par",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "ext", "tel", "apt",
    ]
    /// Words that stand before single capitals which are not initials.
    static let labels: Set<String> = [
        "plan", "vitamin", "type", "grade", "option", "group", "section", "class", "team", "exhibit", "hepatitis",
        "letter", "level", "block", "gate", "point", "part", "appendix", "answer", "step", "column", "row", "unit",
        "model", "series", "category", "terminal", "concourse", "zone", "side", "generation", "gen", "figure", "table",
    ]
    private static let clock: Set<String> = ["a.m", "p.m", "am", "pm"]
    /// What may follow a time of day in the same sentence, beside words in lower case.
    private static let afterClock: Set<String> = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "EST", "EDT", "ET", "CST", "CDT",
        "CT", "MST", "MDT", "MT", "PST", "PDT", "PT", "GMT", "UTC", "BST", "CET", "CEST", "Eastern", "Pacific",
        "Central",
        "Mountain", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]
    private static let months: Set<String> = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December", "Januar", "Februar", "März", "Mai", "Juni", "Juli", "Oktober", "Dezember",
    ]
    /// Words that begin sentences, and hardly names.
    private static let starters: Set<String> = [
        "A", "About", "After", "All", "Also", "Although", "An", "And", "Any", "Are", "As", "At", "Because", "Before",
        "But",
        "By", "Can", "Could", "Did", "Do", "Does", "During", "Each", "Even", "Every", "Finally", "First", "For", "From",
        "Had", "Has", "Have", "He", "Her", "Here", "His", "How", "However", "I", "I'd", "I'll", "I'm", "I've", "If",
        "In",
        "Instead", "Is", "It", "It's", "Its", "Just", "Let", "Let's", "Later", "Many", "Maybe", "Meanwhile", "Most",
        "My",
        "Next", "No", "Nobody", "Not", "Nothing", "Now", "On", "Once", "One", "Only", "Or", "Other", "Our", "Perhaps",
        "Please", "She", "She's", "Should", "Since", "So", "Some", "Something", "Soon", "Still", "Such", "Thank",
        "Thanks",
        "That", "That's", "The", "Their", "Them", "Then", "There", "There's", "These", "They", "They're", "This",
        "Those",
        "Though", "Thus", "To", "Today", "Tomorrow", "Two", "Under", "Until", "Was", "We", "We're", "Well", "Were",
        "What",
        "When", "Where", "Which", "While", "Who", "Why", "Will", "With", "Without", "Would", "Yes", "Yesterday", "Yet",
        "You", "You're", "Your", "He's", "Don't",
    ]

    /// Whether a word begins sentences, as it is written.
    static func isStarter(_ word: String) -> Bool { starters.contains(word) }

    /// Whether a single point ends a sentence.
    ///
    /// - Parameters:
    ///   - word: What stands directly before the point, with points within it: `U.S`.
    ///   - previous: The word before it, `nil` at the beginning.
    ///   - next: The word behind the white space after the point; a single letter with its own point; empty where something
    ///     else than letters and digits follows, `nil` at the end of the text.
    package static func isEnd(after word: String, previous: String?, next: String?) -> Bool {
        guard let next else { return true }
        guard let first = next.first else { return !neverLast.contains(word.lowercased()) }
        let lower = word.lowercased()
        let hasPoints = word.contains(".") && word.first?.isLetter == true
        if neverLast.contains(lower) { return false }
        if first.isNumber { return !numbered.contains(lower) && !hasPoints }
        if first.isLowercase { return !(hasPoints || clock.contains(lower) || isAbbreviation(word, lower)) }
        guard first.isUppercase else { return true }
        if let number = Int(word) {
            return previous != nil && !((1...31).contains(number) && months.contains(next))
        }
        if clock.contains(lower) { return !afterClock.contains(next) }
        if lower == "etc" { return true }
        if hasPoints || isAbbreviation(word, lower) { return starters.contains(next) }
        return isEnd(afterInitial: word, previous: previous, next: next)
    }

    private static func isAbbreviation(_ word: String, _ lower: String) -> Bool {
        guard sometimesLast.contains(lower) else { return false }
        return !alsoWords.contains(lower) || word.first?.isUppercase == true
    }

    private static func isEnd(afterInitial word: String, previous: String?, next: String) -> Bool {
        guard word.count == 1, word.first?.isUppercase == true else { return true }
        if starters.contains(next) { return true }
        if let previous, labels.contains(previous.lowercased()) { return true }
        // `so do I. Bob left`, but `Henry I. Miller`.
        return word == "I" && previous?.first?.isLowercase == true
    }
}
