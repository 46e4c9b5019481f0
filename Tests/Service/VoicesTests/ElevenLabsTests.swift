import Foundation
import Generations
import HTTP
import LipSync
import Media
import Speech
import Synchronization
import TestSupport
import Testing
import Text
import Voices

@Suite("ElevenLabs, by a stand-in that keeps to its documents")
struct ElevenLabsTests {
    private static let rachel = "21m00Tcm4TlvDq8ikWAM"

    private static func service(
        _ standIn: StandIn, key: String = StandInElevenLabs.key, timeout: Duration = .seconds(20),
        map: [String: String] = [:], log: @escaping @Sendable (String, String) -> Void = { _, _ in }
    ) -> VoiceService {
        var configuration = TestVoices.configuration
        configuration.elevenLabs = VoiceConfiguration.Service(
            url: standIn.url + "/", key: key, modelName: "eleven_multilingual_v2")
        configuration.serviceTimeout = timeout
        configuration.voiceMap = map
        return VoiceService(configuration, log: log)
    }

    private static func code(_ body: () async throws -> some Any) async -> FailureCode? {
        do {
            _ = try await body()
            return nil
        } catch let error as GenerationError { return error.code } catch {
            Issue.record(error)
            return nil
        }
    }

    @Test("Its voices are listed before those of the machine, and found by name, shared ones too")
    func voices() async throws {
        let standIn = try StandInElevenLabs.make()
        try await standIn.run {
            let service = Self.service(standIn)
            let voices = try await service.voices()
            #expect(voices[0].id == Self.rachel)
            #expect(voices[0].name == "Rachel")
            #expect(voices[0].gender == "female")
            #expect(voices[0].previewURL?.hasSuffix(".mp3") == true)
            #expect(voices.contains { $0.id == "flite-slt" })
            #expect(try await service.voice(Self.rachel).name == "Rachel")
            #expect(try await service.voice("sharedVoice1").name == "Shared")
            #expect(try await service.voice("flite-slt").provider == "flite")
            _ = try await service.voices()
            // The list is remembered for a while.
            #expect(standIn.arrivals.count { $0.path == "/v1/voices" } == 1)
            await #expect(throws: GenerationError.self) { try await service.voice("noSuchVoice") }
            await #expect(throws: GenerationError.self) { try await service.voice("../../v1/user") }
            #expect(!standIn.arrivals.contains { $0.path.contains("user") })
        }
    }

    @Test("A text is spoken with the wanted settings and brought to a WAV file")
    func speaks() async throws {
        let standIn = try StandInElevenLabs.make()
        try await standIn.run {
            let folder = try TemporaryFolder()
            var request = TestVoices.request("Hello there.", Self.rachel)
            request.stability = 0.3
            request.similarityBoost = 0.9
            let facts = try await Self.service(standIn).speak(request, into: folder.path("out.wav"))
            #expect((1...3).contains(facts.durationSeconds))
            let reader = try AudioReader(folder.path("out.wav"))
            #expect(reader.sampleRate == 48_000)
            #expect(EmbeddedPhones.read(folder.path("out.wav")) == nil)
            #expect(folder.names == ["out.wav"])
            let sent = try #require(standIn.arrivals.last?.json)
            #expect(sent["text"]?.text == "Hello there.")
            #expect(sent["voice_settings"]?["stability"]?.double == 0.3)
            #expect(sent["voice_settings"]?["similarity_boost"]?.double == 0.9)
        }
    }

    @Test("A long text is spoken in parts that know their neighbours")
    func longText() async throws {
        let standIn = try StandInElevenLabs.make()
        try await standIn.run {
            let folder = try TemporaryFolder()
            let text = String(repeating: "Sixteen letters. ", count: 600)
            let facts = try await Self.service(standIn).speak(
                TestVoices.request(text, Self.rachel), into: folder.path("out.wav"))
            let bodies = standIn.arrivals.compactMap(\.json).filter { $0["text"] != nil }
            #expect(bodies.count == 3)
            #expect(bodies[0]["previous_text"] == nil)
            #expect(bodies[0]["next_text"] == bodies[1]["text"])
            #expect(bodies[2]["previous_text"] == bodies[1]["text"])
            #expect(bodies[2]["next_text"] == nil)
            #expect(facts.durationSeconds > 3)
        }
    }

    @Test("Passing faults are tried again, as patiently as the service asks")
    func retries() async throws {
        let standIn = try StandInElevenLabs.make()
        try await standIn.run {
            let folder = try TemporaryFolder()
            let pauses = Mutex<[Duration]>([])
            var configuration = TestVoices.configuration
            configuration.elevenLabs = VoiceConfiguration.Service(
                url: standIn.url, key: StandInElevenLabs.key, modelName: "eleven_multilingual_v2")
            configuration.pause = { pause in pauses.withLock { $0.append(pause) } }
            let service = VoiceService(configuration)
            _ = try await service.voices()
            let busy: JSONValue = ["detail": ["status": "too_many_concurrent_requests", "message": "…"]]
            standIn.fail(.status(429, busy, ["Retry-After": "7"]), .status(502, [:]))
            _ = try await service.speak(TestVoices.request("One.", Self.rachel), into: folder.path("1.wav"))
            standIn.fail(.cut)
            _ = try await service.speak(TestVoices.request("Two.", Self.rachel), into: folder.path("2.wav"))
            let waited = pauses.withLock { $0 }
            #expect(waited.count == 3)
            #expect(waited[0] == .seconds(7))
            #expect(waited[1] > waited[2])
            #expect(waited[1] < .seconds(2))
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var fault: StandIn.Fault
        var repeats = 1
        /// Where nothing is slow, time enough for a busy machine.
        var timeout = Duration.seconds(60)
        var code: FailureCode
        var testDescription: String { "\(code) after \(fault)" }
    }

    static let refusals: [Refusal] = [
        Refusal(
            fault: .status(
                401, ["detail": ["status": "quota_exceeded", "message": "This request exceeds your quota."]]),
            code: .providerQuotaExceeded),
        Refusal(fault: .status(402, [:]), code: .providerQuotaExceeded),
        Refusal(
            fault: .status(401, ["detail": ["status": "invalid_api_key", "message": "Invalid"]]),
            code: .providerKeyRefused),
        Refusal(fault: .status(403, [:]), code: .providerKeyRefused),
        Refusal(
            fault: .status(400, ["detail": ["status": "voice_not_found", "message": "…"]]), code: .voiceNotFound),
        Refusal(
            fault: .status(400, ["detail": ["status": "max_character_limit_exceeded", "message": "…"]]),
            code: .textTooLong),
        Refusal(
            fault: .status(422, ["detail": [["loc": ["body", "text"], "msg": "no", "type": "value_error"]]]),
            code: .providerRefused),
        Refusal(fault: .status(500, [:]), repeats: 3, code: .providerUnavailable),
        Refusal(fault: .status(503, "busy"), repeats: 3, code: .providerUnavailable),
        Refusal(fault: .status(429, [:]), repeats: 3, code: .providerUnavailable),
        // An hour is more patience than a request has.
        Refusal(
            fault: .status(429, [:], ["Retry-After": "3600"]), code: .providerUnavailable),
        Refusal(fault: .cut, repeats: 3, code: .providerUnavailable),
        Refusal(fault: .type("text/html"), code: .providerUnavailable),
        Refusal(fault: .type("audio/mpeg"), code: .providerUnavailable),
        Refusal(fault: .slow(.seconds(5)), timeout: .seconds(1), code: .providerTimedOut),
        Refusal(
            fault: .status(302, [:], ["Location": "http://127.0.0.1:1/"]), code: .providerUnavailable),
    ]

    @Test(
        "Refusals and faults have the catalogue's codes, and no secret or script gets into a log", arguments: refusals)
    func refusal(_ refusal: Refusal) async throws {
        let standIn = try StandInElevenLabs.make()
        try await standIn.run {
            let folder = try TemporaryFolder()
            let log = Mutex("")
            let service = Self.service(standIn, timeout: refusal.timeout) { event, detail in
                log.withLock { $0 += "\(event) \(detail)\n" }
            }
            _ = try await service.voices()
            for _ in 0..<refusal.repeats { standIn.fail(refusal.fault) }
            let error = await #expect(throws: GenerationError.self) {
                try await service.speak(
                    TestVoices.request("A private word.", Self.rachel), into: folder.path("out.wav"))
            }
            #expect(error?.code == refusal.code)
            #expect(folder.names == [])
            let told =
                log.withLock { $0 } + "\(error?.message ?? "") \(error?.detail ?? "") \(error?.suggestion ?? "")"
            #expect(!told.contains(StandInElevenLabs.key))
            #expect(!told.contains("private"))
        }
    }

    @Test("A wrong key is told as such at the first use")
    func wrongKey() async throws {
        let standIn = try StandInElevenLabs.make()
        try await standIn.run {
            let answer = await Self.code { try await Self.service(standIn, key: "wrong").voices() }
            #expect(answer == .providerKeyRefused)
        }
    }

    @Test("A service that is not there is unavailable, and mapped ids are still spoken here")
    func gone() async throws {
        let standIn = try StandInElevenLabs.make()
        let url = standIn.url
        try await standIn.run {}
        var configuration = TestVoices.configuration
        configuration.elevenLabs = VoiceConfiguration.Service(url: url, key: "k", modelName: "m")
        configuration.voiceMap = [Self.rachel: "flite-slt"]
        let service = VoiceService(configuration)
        #expect(await Self.code { try await service.voice("sharedVoice1") } == .providerUnavailable)
        #expect(try await service.voice(Self.rachel).id == "flite-slt")
    }

    @Test("A voice is made of the sound of a sample, speaks, and is removed")
    func clone() async throws {
        let standIn = try StandInElevenLabs.make()
        try await standIn.run {
            let folder = try TemporaryFolder()
            try Data(StandInElevenLabs.speech).write(to: URL(fileURLWithPath: folder.path("sample")))
            let service = Self.service(standIn)
            #expect(await service.capabilities.clones)
            let voice = try await service.clone(folder.path("sample"), name: "My \"voice\"\r\nX-Evil: 1")
            #expect(try await service.voices().contains { $0.id == voice.id })
            let add = try #require(standIn.arrivals.first { $0.path == "/v1/voices/add" })
            #expect(try await add.form().fields["name"] == "My \"voice\"X-Evil: 1")
            _ = try await service.speak(TestVoices.request("Hello.", voice.id), into: folder.path("out.wav"))
            try await service.removeVoice(voice.id)
            #expect(await Self.code { try await service.voice(voice.id) } == .voiceNotFound)
            #expect(await Self.code { try await service.removeVoice("flite-slt") } == .voiceNotFound)
            // Making a voice twice would cost twice.
            standIn.fail(.status(500, [:]))
            _ = await Self.code { try await service.clone(folder.path("sample"), name: "B") }
            #expect(standIn.arrivals.count { $0.path == "/v1/voices/add" } == 2)
            try Data("no sound".utf8).write(to: URL(fileURLWithPath: folder.path("words")))
            let refused = await Self.code { try await service.clone(folder.path("words"), name: "C") }
            #expect(refused == .voiceSampleSilent)
        }
    }

    @Test("A sound is said again in a voice of the provider's, and in none of this machine's")
    func convert() async throws {
        let standIn = try StandInElevenLabs.make()
        try await standIn.run {
            let folder = try TemporaryFolder()
            try Data(StandInElevenLabs.speech).write(to: URL(fileURLWithPath: folder.path("sound")))
            let service = Self.service(standIn)
            #expect(await service.capabilities.converts)
            try await service.checkConversion(to: Self.rachel)
            let said = try await service.convert(folder.path("sound"), voiceID: Self.rachel, into: folder.path("out"))
            let samples = try Spoken.samples(of: folder.path("out"))
            #expect(samples.count > 16_000)
            #expect(said.durationSeconds > 1)
            #expect(folder.names == ["out", "sound"])
            #expect(standIn.arrivals.contains { $0.path == "/v1/speech-to-speech/\(Self.rachel)" })
            let local = await Self.code { try await service.checkConversion(to: "flite-slt") }
            #expect(local == .notOfferedHere)
        }
        let alone = VoiceService(TestVoices.configuration)
        #expect(await Self.code { try await alone.checkConversion(to: Self.rachel) } == .notOfferedHere)
    }

    @Test("A sample that was sent with the same mark before makes no second voice")
    func markedClone() async throws {
        let standIn = try StandInElevenLabs.make()
        try await standIn.run {
            let folder = try TemporaryFolder()
            try Data(StandInElevenLabs.speech).write(to: URL(fileURLWithPath: folder.path("sample")))
            let service = Self.service(standIn)
            let first = try await service.clone(folder.path("sample"), name: "Ann", mark: "job-1")
            let again = try await service.clone(folder.path("sample"), name: "Ann", mark: "job-1")
            let other = try await service.clone(folder.path("sample"), name: "Ben", mark: "job-2")
            #expect(first.id == again.id)
            #expect(first.id != other.id)
            #expect(standIn.arrivals.count { $0.path == "/v1/voices/add" } == 2)
        }
    }

    @Test("A whole dubbing: create, wait, fetch, remove")
    func dub() async throws {
        let standIn = try StandInElevenLabs.make()
        try await standIn.run {
            let folder = try TemporaryFolder()
            try Data(StandInElevenLabs.speech).write(to: URL(fileURLWithPath: folder.path("video")))
            let service = Self.service(standIn)
            let parameters = DubParameters(
                provider: "elevenlabs", targetLanguage: "ja", sourceLanguage: "en", speakerCount: 2)
            try await service.checkDub(parameters)
            try await service.dub(parameters, from: folder.path("video"), into: folder.path("out"))
            #expect(try Spoken.samples(of: folder.path("out")).count > 16_000)
            let create = try #require(standIn.arrivals.first { $0.path == "/v1/dubbing" })
            let form = try await create.form()
            #expect(form.fields["source_lang"] == "en")
            #expect(form.fields["target_lang"] == "ja")
            #expect(form.fields["num_speakers"] == "2")
            #expect(standIn.arrivals.last?.method == .delete)
            #expect(folder.names == ["out", "video"])
            let failed = await Self.code {
                try await service.dub(
                    DubParameters(provider: "elevenlabs", targetLanguage: "la"), from: folder.path("video"),
                    into: folder.path("no"))
            }
            #expect(failed == .processingFailed)
        }
    }
}
