import Foundation
import Generations
import Speech
import Synthesis
import TestSupport
import Testing
import Voices

/// Goal: what the network is given is what it was trained with. Expected values: the reference front end in Python, on
/// espeak-ng 1.51.
@Suite("Phonemes for the voice network")
struct NetworkPhonemesTests {
    @Test(
        "are those of the reference",
        arguments: [
            (
                "en-us", "The weather is nice, and I'm at the bottom of the garden.",
                "ðə wˈɛðəɹ ɪz nˈIs, ænd Im æt ðə bˈɑTəm ʌv ðə ɡˈɑɹdən."
            ),
            (
                "en-us", "Dr. Smith paid $3.50 in 1997.",
                "dˈɑktəɹ smˈɪθ pˈAd θɹˈi dˈɑləɹz ænd fˈɪfti sˈɛnts ɪn nˈIntin nˈInti sˈɛvən."
            ),
            ("en-us", "Is this better? No way!", "ɪz ðɪs bˈɛTəɹ? nˈO wˈA!"),
            ("en-us", "A button in the kitchen.", "ɐ bˈʌtᵊn ɪn ðə kˈɪʧən."),
            ("es", "Hola, ¿cómo estás?", "ˈola, kˈomo estˈas?"),
            ("de", "Guten Tag, meine Damen.", "ɡˈuːtən tˈɑːk, mˌInə dˈɑːmən."),
            ("fr", "Bonjour à tous.", "bɔ̃ʒˈuʁ a tˈus."),
            ("en-gb-x-rp", "There is no dance here.", "ðɛːɹ ɪz nˈQ dˈɑːns hˈɪə."),
        ])
    func reference(language: String, text: String, expected: String) throws {
        let order = SynthesisOrder(phonemesOf: [ReadingText.spelled(text, language: language)], voice: language)
        let folder = try TemporaryFolder()
        try JSONEncoder().encode(order).write(to: URL(fileURLWithPath: folder.path("order")))
        let result = try Program.run(
            "/bin/sh", ["-c", "exec \"$0\" speak <\"$1\"", TestVoices.executable, folder.path("order")])
        let answer = try JSONDecoder().decode(SynthesisAnswer.self, from: Data(result.output.utf8))
        let clauses = try #require(answer.clauses?.first)
        #expect(NetworkPhonemes.symbols(of: clauses, language: language) == expected)
    }

    @Test("know 114 symbols, each by a number of its own")
    func vocabulary() {
        let symbols = (UInt32(0)...0xFFFF).compactMap(Unicode.Scalar.init)
        let numbers = symbols.compactMap(VoiceSymbols.token)
        #expect(numbers.count == 114)
        #expect(Set(numbers).count == 114)
        #expect(VoiceSymbols.token("a") == 43)
        #expect(VoiceSymbols.token("ˈ") == 156)
        #expect(VoiceSymbols.token("7") == nil)
    }

    @Test("are cut after clauses, else after words, and runs of marks alone are left out")
    func runs() {
        #expect(VoiceSymbols.runs("həlˈO.") == ["həlˈO."])
        #expect(VoiceSymbols.runs(" . , ") == [])
        let words = Array(repeating: "wˈɜɹd", count: 60).joined(separator: " ")
        let runs = VoiceSymbols.runs("\(words), \(words)")
        #expect(runs.allSatisfy { $0.unicodeScalars.count <= 220 })
        #expect(runs.joined(separator: " ") == "\(words), \(words)")
        let clause = String(repeating: "a", count: 150) + ", " + String(repeating: "b", count: 150)
        #expect(VoiceSymbols.runs(clause).map(\.count) == [151, 150])
    }
}

/// Goal: the network's voices speak, as long as speech is, and tell their phones. `scripts/setup` makes the network.
@Suite("Voices of the network")
struct NetworkVoiceTests {
    private static let text = "Five brave men came by the big open window before noon."

    @Test(
        "are heard as speech at one loudness, never clipped, with phones from beginning to end",
        arguments: [
            ("kokoro-kumo", text), ("kokoro-alpha:0.5+gongitsune:0.5", text),
            ("kokoro-es-kumo", "Mi primo Pablo bebe agua fresca bajo un árbol muy verde."),
        ])
    func speaks(voice: String, text: String) async throws {
        let spoken = try await Spoken(text, voice: voice)
        #expect((2...6).contains(spoken.durationSeconds), "\(spoken.durationSeconds) s")
        #expect(spoken.peak < 0.95)
        #expect((-26.0 ... -16.0).contains(spoken.level(from: 0, to: spoken.durationSeconds)))
        var analyzer = SpeechAnalyzer(encoder: try TestSpeech.encoder())
        try analyzer.append(spoken.samples)
        #expect(try analyzer.finish().hasSpeech)
        let phones = try #require(spoken.phones)
        #expect(phones.count { $0.phone != TimedPhone.silence } >= 30)
        #expect(abs((phones.last?.endSeconds ?? 0) - spoken.durationSeconds) < 0.01)
        // Vowels are louder than the closures of p and b.
        func level(_ names: Set<String>) -> Double {
            let levels = phones.filter { names.contains($0.phone) }.map {
                spoken.level(from: $0.startSeconds, to: $0.endSeconds)
            }
            return levels.reduce(0, +) / Double(max(levels.count, 1))
        }
        #expect(level(["AA", "AE", "EY", "AY", "OW"]) > level(["P", "B"]) + 3)
    }

    @Test("say several sentences with pauses between them, in one file")
    func sentences() async throws {
        let spoken = try await Spoken("Dr. Brown came home. Nobody was there!\nShe waited.", voice: "kokoro-kumo")
        let phones = try #require(spoken.phones)
        let pauses = phones.dropFirst().dropLast().filter { $0.phone == TimedPhone.silence }
        #expect(pauses.count { $0.endSeconds - $0.startSeconds > 0.25 } == 2)
    }

    @Test("speak at the pace and the pitch that are asked for")
    func manner() async throws {
        func spoken(speed: Double = 1, pitch: Double = 1) async throws -> [Float] {
            let folder = try TemporaryFolder()
            let request = SpeechRequest(
                provider: "elevenlabs", voiceID: "kokoro-man", script: Self.text, speed: speed, pitch: pitch)
            _ = try await TestVoices.local.speak(request, into: folder.path("spoken.wav"))
            return try Spoken.samples(of: folder.path("spoken.wav"))
        }
        let usual = try await spoken()
        let fast = try await spoken(speed: 1.5)
        #expect(abs(Double(usual.count) / Double(fast.count) - 1.5) < 0.2)
        let high = try await spoken(pitch: 1.5)
        // Where sound begins and ends is measured anew.
        #expect(abs(high.count - usual.count) < 1600)
        let pitch = try #require(VoicePitch.median(of: usual[...]))
        let highPitch = try #require(VoicePitch.median(of: high[...]))
        #expect(abs(highPitch / pitch - 1.5) < 0.15, "\(pitch) Hz, \(highPitch) Hz")
    }

    @Test("refuse what has no words, and blends that do not exist", arguments: ["...", "—", "?!"])
    func refused(text: String) async throws {
        let error = await #expect(throws: GenerationError.self) { try await Spoken(text, voice: "kokoro-kumo") }
        #expect(error?.code == .requestInvalid)
        for voice in [
            "kokoro-alpha:2+kumo:0.5", "kokoro-alpha+kumo", "kokoro-alpha:0.5+nobody:0.5", "kokoro-../x:1+kumo:0",
        ] {
            let error = await #expect(throws: GenerationError.self) { try await TestVoices.local.voice(voice) }
            #expect(error?.code == .voiceNotFound, "\(voice)")
        }
    }
}
