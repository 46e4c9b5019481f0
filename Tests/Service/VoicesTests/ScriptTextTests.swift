import Testing
import Voices

@Suite("Scripts")
struct ScriptTextTests {
    @Test("are cut where sentences end, in many writings")
    func sentences() {
        #expect(ScriptText.sentences(of: "One. Two! Three?") == ["One. ", "Two! ", "Three?"])
        #expect(ScriptText.sentences(of: "He said “Go.” Then he went.") == ["He said “Go.” ", "Then he went."])
        #expect(ScriptText.sentences(of: "版本。第二句！好") == ["版本。", "第二句！", "好"])
        #expect(ScriptText.sentences(of: "नमस्ते। कैसे हो॥") == ["नमस्ते। ", "कैसे हो॥"])
        #expect(ScriptText.sentences(of: "مرحبا؟ نعم۔ لا") == ["مرحبا؟ ", "نعم۔ ", "لا"])
        #expect(ScriptText.sentences(of: "3.14 is pi. Wait... what?!") == ["3.14 is pi. ", "Wait... what?!"])
        #expect(ScriptText.sentences(of: "A line\nand another") == ["A line\n", "and another"])
        #expect(ScriptText.sentences(of: "") == [])
    }

    @Test("lose no character when they are cut", arguments: [1, 7, 50, 400])
    func pieces(limit: Int) {
        let text =
            "First sentence, with a clause; and more. Second! " + String(repeating: "word ", count: 200)
            + String(repeating: "x", count: 900) + ". Last one."
        let pieces = ScriptText.pieces(of: text, limit: limit)
        #expect(pieces.allSatisfy { $0.count <= limit && !$0.isEmpty })
        let spoken = { (text: String) in text.filter { $0.isLetter || $0.isNumber } }
        #expect(spoken(pieces.joined()) == spoken(text))
    }

    @Test("of one sentence each stay whole where they fit")
    func whole() {
        #expect(
            ScriptText.pieces(of: "One two. Three four. Five six.", limit: 20) == ["One two. Three four.", "Five six."])
    }

    @Test("lose what is invisible, commands of synthesisers among it")
    func cleaned() {
        #expect(ScriptText.cleaned("a\u{1}10\u{0}b\u{202E}c\u{FEFF}\u{E0041}d\u{F8FF}e\r\nf") == "a 10 bcde\nf")
        // Joiners are parts of words and of emoji.
        #expect(ScriptText.cleaned("می\u{200C}خواهم 👩\u{200D}🚀") == "می\u{200C}خواهم 👩\u{200D}🚀")
    }

    @Test(
        "without anything to say are known",
        arguments: ["", " \n", "...!?", "—–-", "\u{0}\u{1}", "\u{202E}", "()[]{}", "\u{301}"])
    func unspeakable(script: String) {
        #expect(!ScriptText.isSpeakable(script))
        #expect(ScriptText.pieces(of: script) == [])
    }

    @Test("with a letter, a digit or a symbol can be spoken", arguments: ["a", "7", "한", "😀", "€", "م", "𝔸", "+"])
    func speakable(script: String) { #expect(ScriptText.isSpeakable(script)) }

    @Test("for flite keep their sense in ASCII")
    func plain() {
        #expect(
            FliteEngine.plain("Café “naïve” – it’s Æon… straße ½ €5")
                == "Cafe \"naive\"  -  it's aeon... strasse 1 2  euro 5")
        #expect(FliteEngine.plain("مرحبا").allSatisfy { $0 == " " })
    }

    @Test("A long sentence is cut where its first part can be spoken alone")
    func earlyParts() {
        func parts(_ text: String, isEnglish: Bool = true) -> [String]? {
            ScriptText.earlyParts(of: text, isEnglish: isEnglish)
        }
        #expect(parts("A short sentence, of a few words.") == nil)
        #expect(
            parts("When the weather is nice again, we will all go down to the river and swim.")
                == ["When the weather is nice again,", " we will all go down to the river and swim."])
        #expect(
            parts("The people of Bombay buy brown bread and big apples before the market opens.")
                == ["The people of Bombay buy brown bread,", " and big apples before the market opens."])
        #expect(parts("Donaudampfschifffahrtsgesellschaftskapitän Müller fährt 1,000,000 Kilometer weit.") == nil)
        let foreign = "Os pequenos barcos vermelhos voltaram para as praias antes das sete horas da tarde."
        #expect(parts(foreign, isEnglish: false) == nil)
        #expect(parts(String(repeating: "a", count: 500)) == nil)
    }
}
