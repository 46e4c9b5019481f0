import Synthesis
import Testing
import Voices

/// Goal: the offline voice reads what is written as people do. Expected words: written by hand, as people say them.
@Suite("English text")
struct EnglishReadingTests {
    private static func collapsed(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test("is read as people say it", arguments: EnglishReadingCases.all)
    func reading(text: String, expected: String) {
        #expect(Self.collapsed(ReadingText.spelled(text, language: "en-us")) == expected)
    }

    @Test("in Britain has the day before the month")
    func british() {
        #expect(ReadingText.spelled("3/4/2026", language: "en-gb-x-rp") == "April third, twenty twenty six")
    }

    @Test(
        "of other languages keeps its numbers; titles lose their point, emoji go",
        arguments: [
            ("Dr. Müller hat 3 Katzen.", "Dr Müller hat 3 Katzen."), ("Warte... was?", "Warte… was?"),
            ("Ja -- nein", "Ja — nein"), ("Ja - nein", "Ja — nein"), ("Hallo 😀 Welt", "Hallo Welt"), ("😀", "😀"),
            ("50% von $5", "50% von $5"), ("Sr. 5", "Sr. 5"),
        ])
    func otherLanguages(text: String, expected: String) {
        #expect(Self.collapsed(ReadingText.spelled(text, language: "de")) == expected)
    }

    @Test(
        "of a megabyte of anything is read, and never becomes empty",
        arguments: [
            "7", "$", ".", "a@", "1,", "1.", "1-", "1/", "$1-", "A.", "a.", "A ", "I.I.", "X", "#a", "@", "-", "--",
            "(",
            "(a", "\"a", "http://", "www.", "a/", "1:", "+1 ", "5'", "'", "a'", "½", "😀", "a😀", "٣", "é", "1 1/2 ",
            "May 1 ",
            "e.g. ", "Dr. ", "\n", "\u{301}", "-$", "&", "°", "5°", "漢", "1st", "1,111", "~", "*", "%", "US$", "a-",
            "a_",
        ])
    func hostile(unit: String) {
        let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        let words = ReadingText.spelled(text, language: "en-us")
        #expect(!words.isEmpty)
        if text.contains(where: { $0.isLetter || $0.isNumber }) {
            #expect(words.contains { $0.isLetter || $0.isNumber })
        }
        #expect(ScriptText.sentences(of: text).joined() == text)
    }

    @Test("is cut after sentences alone", arguments: EnglishReadingCases.sentences)
    func sentences(parts: [String]) {
        #expect(ScriptText.sentences(of: parts.joined()) == parts)
    }

    @Test("that was read is cut where it was cut before")
    func readSentences() {
        let text = "He met Dr. Lee of the FBI. Agents came at 5 p.m. Then they left the U.S. Senate."
        let words = ReadingText.spelled(text, language: "en-us")
        #expect(
            ScriptText.sentences(of: words).map(Self.collapsed) == [
                "He met Doctor Lee of the F.B.I.", "Agents came at five P.M.", "Then they left the U.S Senate.",
            ])
    }
}
