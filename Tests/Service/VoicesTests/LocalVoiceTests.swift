import Foundation
import Generations
import Speech
import TestSupport
import Testing
import Voices

@Suite("Voices of this machine")
struct LocalVoiceTests {
    @Test("are listed with stable names, languages and, where known, who speaks")
    func list() async throws {
        let voices = try await TestVoices.local.voices()
        #expect(voices.count > 100)
        #expect(Set(voices.map(\.id)).count == voices.count)
        #expect(voices.allSatisfy { $0.language?.isEmpty == false })
        #expect(voices.first { $0.id == "flite-slt" }?.gender == "female")
        let german = try #require(voices.first { $0.id == "espeak-de" })
        #expect(german.language == "de")
        #expect(german.provider == "espeak-ng")
        // Ids stand in paths of addresses.
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-.")
        #expect(voices.allSatisfy { $0.id.allSatisfy(allowed.contains) })
        #expect(try await TestVoices.local.voice("espeak-de+f3").gender == "female")
    }

    @Test(
        "that do not exist are refused with a listed one",
        arguments: ["nope", "", "espeak-de+../x", "espeak-de+nobody", "flite-slt+f3", "mb-us1", "flite-"])
    func unknown(id: String) async throws {
        let error = await #expect(throws: GenerationError.self) { try await TestVoices.local.voice(id) }
        #expect(error?.code == .voiceNotFound)
        #expect(error?.field == .voice)
        #expect(error?.suggestion.contains("LIPSMITH_VOICE_MAP") == true)
        #expect(error?.suggestion.contains("kokoro-man") == true)
    }

    @Test("speak for other ids where the operator says so")
    func map() async throws {
        var configuration = TestVoices.configuration
        configuration.voiceMap = ["EXAVITQu4vr4xnSDxMaL": "flite-rms", "*": "espeak-fr-fr"]
        let service = VoiceService(configuration)
        #expect(try await service.voice("EXAVITQu4vr4xnSDxMaL").id == "flite-rms")
        // espeak-ng's French is the file `fr`.
        await #expect(throws: GenerationError.self) { try await service.voice("anything") }
        configuration.voiceMap["*"] = "espeak-fr"
        #expect(try await VoiceService(configuration).voice("anything").id == "espeak-fr")
    }

    static let sentences: [(voice: String, text: String)] = [
        ("espeak-en-us", "Five brave men came by the big open window before noon."),
        ("espeak-de", "Der Müller mahlt am Morgen immer sieben Pfund braunes Mehl."),
        ("espeak-fr", "Bonjour, je m'appelle Pauline et j'habite près de la mer."),
        ("espeak-es", "Mi primo Pablo bebe agua fresca bajo un árbol muy verde."),
        ("espeak-it", "Buongiorno, mi piace molto mangiare la pasta con il pomodoro."),
        ("espeak-pl", "Dzień dobry, mam na imię Bartek i bardzo lubię jabłka."),
        ("espeak-ru", "Добрый день, меня зовут Борис, и я люблю пить молоко."),
        ("espeak-hi", "नमस्ते, मेरा नाम प्रेम है और मैं भारत में रहता हूँ।"),
        ("espeak-cmn", "你好，我的名字是小明，我很喜欢看书。"),
        ("espeak-ar", "مرحبا، اسمي محمد وأنا أحب القراءة كثيرا."),
        ("flite-slt", "Five brave men came by the big open window before noon."),
        ("flite-rms", "Maybe the people of Bombay prefer warm bread and apples."),
    ]

    @Test(
        "speak ten languages: heard as speech, as long as speech is, at one loudness, never clipped",
        arguments: sentences)
    func speaks(voice: String, text: String) async throws {
        let spoken = try await Spoken(text, voice: voice)
        #expect((1.5...9).contains(spoken.durationSeconds), "\(spoken.durationSeconds) s")
        #expect(abs(spoken.durationSeconds - spoken.facts.durationSeconds) < 0.01)
        #expect(spoken.peak < 0.95)
        #expect((-26.0 ... -16.0).contains(spoken.level(from: 0, to: spoken.durationSeconds)))
        var analyzer = SpeechAnalyzer(encoder: try TestSpeech.encoder())
        try analyzer.append(spoken.samples)
        let heard = try analyzer.finish()
        #expect(heard.hasSpeech)
        let phones = try #require(spoken.phones)
        #expect(phones.count { $0.phone != TimedPhone.silence } >= 15)
        #expect(abs((phones.last?.endSeconds ?? 0) - spoken.durationSeconds) < 0.01)
    }

    @Test(
        "tell the time of phones as the sound has it: stops are quiet, and moved times are not",
        arguments: ["flite-slt", "flite-rms", "espeak-en-us", "espeak-de", "espeak-it"])
    func phoneTimes(voice: String) async throws {
        let text =
            voice.contains("de")
            ? "Papa hat Oma Pappeln gebracht. Lippen, Suppe, Treppe, Puppe, Kappe, Mappe."
            : voice.contains("it")
                ? "Il papa prepara la zuppa. Coppa, mappa, pappa, tappo, ceppo, zappa."
                : "Papa kept happy puppies. Upper copper, open paper, apple, supper, pepper, keeper."
        let spoken = try await Spoken(text, voice: voice)
        let phones = try #require(spoken.phones)
        /// How far stops are below the vowels beside them, if all times were off by some seconds.
        func depth(shift: Double) -> Double {
            var depths: [Double] = []
            for index in phones.indices.dropFirst().dropLast() where phones[index].phone == "P" {
                let (before, stop, after) = (phones[index - 1], phones[index], phones[index + 1])
                guard before.phone != TimedPhone.silence, after.phone != TimedPhone.silence else { continue }
                let middle = (stop.startSeconds + stop.endSeconds) / 2 + shift
                let loud = max(
                    spoken.level(from: before.startSeconds + shift, to: before.endSeconds + shift),
                    spoken.level(from: after.startSeconds + shift, to: after.endSeconds + shift))
                depths.append(loud - spoken.level(from: middle - 0.015, to: middle + 0.015))
            }
            return depths.isEmpty ? -100 : depths.sorted()[depths.count / 2]
        }
        let own = depth(shift: 0)
        #expect(own > 10, "\(own) dB")
        #expect(own > depth(shift: 0.08) + 3)
        #expect(own > depth(shift: -0.08) + 3)
    }

    @Test("speak long scripts in pieces that join without clicks and keep their times")
    func longScript() async throws {
        let script = (1...90).map { "Number \($0) maybe bumps the people." }.joined(separator: " ").prefix(5000)
        #expect(script.count > 3000)
        let spoken = try await Spoken(String(script), voice: "espeak-en-us")
        #expect(spoken.durationSeconds > 100)
        let phones = try #require(spoken.phones)
        // Each of the 90 has four lip closures: m, b, b, m, p, p and p.
        #expect(phones.count { ["P", "B", "M"].contains($0.phone) } > 500)
        for (one, next) in zip(phones, phones.dropFirst()) {
            #expect(abs(one.endSeconds - next.startSeconds) < 1e-6)
        }
        // A click is a step out of silence.
        for phone in phones where phone.phone == TimedPhone.silence && phone.endSeconds - phone.startSeconds > 0.15 {
            let range = Int((phone.startSeconds + 0.08) * 16_000)..<Int((phone.endSeconds - 0.03) * 16_000)
            let steps = zip(spoken.samples[range], spoken.samples[range].dropFirst()).map { abs($1 - $0) }
            #expect((steps.max() ?? 0) < 0.05, "at \(phone.startSeconds) s")
        }
    }
}
