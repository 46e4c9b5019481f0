import Speech
import Synthesis
import Testing
import Voices

@Suite("Phones of synthesisers")
struct PhoneTests {
    @Test(
        "in IPA become those that the mouth model knows",
        arguments: [
            ("p", ["P"]), ("aɪ", ["AY"]), ("eɪ", ["EY"]), ("tʃ", ["CH"]), ("dʒ", ["CH"]), ("oːɹ", ["OW", "R"]),
            ("iː", ["IY"]), ("əl", ["AH", "L"]), ("ɟ", ["G"]), ("y", ["UW"]), ("ø", ["OW"]), ("", []), ("_:", []),
            ("ʔ", ["HH"]), ("m̩", ["M"]), ("pf", ["P", "F"]), ("(en)", []),
        ])
    func international(phone: String, expected: [String]) {
        #expect(InternationalPhones.mouthPhones(of: phone) == expected)
    }

    @Test("fill the sound without gaps, whatever was told")
    func gapless() {
        let spans = [
            PhoneSpan(phones: ["M"], startSeconds: 0.1, endSeconds: 0.2),
            PhoneSpan(phones: ["AA", "R"], startSeconds: 0.2, endSeconds: 0.4),
            PhoneSpan(phones: [], startSeconds: 0.4, endSeconds: 0.5),
            PhoneSpan(phones: ["B"], startSeconds: 0.45, endSeconds: 9),
        ]
        let phones = PhoneSpan.gapless(spans, durationSeconds: 1)
        #expect(phones.map(\.phone) == ["SIL", "M", "AA", "R", "SIL", "B"])
        #expect(phones.first?.startSeconds == 0)
        #expect(phones.last?.endSeconds == 1)
        for (one, next) in zip(phones, phones.dropFirst()) { #expect(one.endSeconds == next.startSeconds) }
    }

    @Test("of flite count on through its sentences and end with the sound")
    func flite() throws {
        let lines = ["pau:0.200 hh:0.250 ax:0.300 pau:0.400", "pau:0.100 m:0.200 iy:0.300 pau:0.600"]
        let phones = try #require(FliteEngine.phones(lines.map { Array($0.utf8) }, durationSeconds: 1))
        #expect(phones.map(\.phone) == ["SIL", "HH", "AH", "SIL", "M", "IY", "SIL"])
        #expect(abs(phones[4].startSeconds - 0.5) < 1e-9)
        #expect(phones.last?.endSeconds == 1)
    }

    @Test("of flite that make no sense are not used", arguments: ["", "pau:x", "a:0.3 b:0.2", "hello", "pau:5"])
    func senseless(line: String) {
        #expect(FliteEngine.phones([Array(line.utf8)], durationSeconds: 1) == nil)
    }
}
