import Testing
import Voices

/// Goal: pauses that a script asks for are silence, and all other markup is text.
@Suite("Pauses in scripts")
struct ScriptPassageTests {
    private struct Case {
        var script: String
        /// Text and pause in turn.
        var expected: [ScriptPassage]

        init(_ script: String, _ passages: (text: String, pause: Double)...) {
            self.script = script
            expected = passages.map { ScriptPassage(text: $0.text, pauseSeconds: $0.pause) }
        }
    }

    private static let cases: [Case] = [
        Case("Hello.", ("Hello.", 0)),
        Case("One. <break time=\"1.5s\"/> Two.", ("One. ", 1.5), (" Two.", 0)),
        Case("One<break time='250ms' />Two", ("One", 0.25), ("Two", 0)),
        Case("One [pause 0.5s] two [PAUSE 2] three", ("One ", 0.5), (" two ", 2), (" three", 0)),
        Case("One <BREAK> two [pause]", ("One ", 0.5), (" two ", 0.5)),
        Case("[pause: 1s] One.", ("", 1), (" One.", 0)),
        Case("One. [pause 1s] [pause 2s] Two.", ("One. ", 3), (" Two.", 0)),
        Case("One. <break time=\"600s\"/> Two.", ("One. ", 10), (" Two.", 0)),
        Case("One. [pause 9s] <break time=\"9s\"/>", ("One. ", 10)),
        Case("<breakfast> [paused] <break time=\"soon\"/>", ("<breakfast> [paused] <break time=\"soon\"/>", 0)),
        Case("<break time=\"99999999999999999999s\"/>", ("<break time=\"99999999999999999999s\"/>", 0)),
        Case(""),
    ]

    @Test("are found in both notations", arguments: 0..<cases.count)
    func found(index: Int) {
        #expect(ScriptPassage.passages(of: Self.cases[index].script) == Self.cases[index].expected)
    }

    @Test("are ElevenLabs' own for their voices, at most 3 s")
    func breaks() {
        #expect(
            ScriptPassage.breaks(in: "One [pause 500ms] two <break time='20s'/>.")
                == "One <break time=\"0.5s\" /> two <break time=\"3.0s\" />.")
    }

    @Test("Scripts of a million characters are cut, too")
    func long() {
        #expect(ScriptPassage.passages(of: String(repeating: "<break ", count: 150_000)).count == 1)
        #expect(ScriptPassage.passages(of: String(repeating: "[pause 1s]a", count: 20_000)).count == 20_001)
    }
}
