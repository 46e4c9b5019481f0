import Foundation
import Generations
import HTTP
import LipSync
import Media
import Speech
import TestSupport
import Testing
import Text
import Voices

@Suite("Dubbing with parts that the operator keeps")
struct LocalDubbingTests {
    /// What is said in the test's sound, with its times.
    private static let segments: [(start: Double, end: Double, text: String)] = [
        (0.5, 2.5, " Good morning, my dear people."), (3.5, 5.5, " Tomorrow we bake bread."), (6.0, 6.2, " ... "),
    ]

    private static let transcription = { @Sendable (request: StandIn.Arrival) async throws -> HTTPResponse in
        guard request.path == "/v1/audio/transcriptions", request.method == .post,
            request.headers["Authorization"] == "Bearer t-secret"
        else { return StandInElevenLabs.refusal(401, "no", "no") }
        let form = try await request.form()
        guard form.fields["model"] == "small", form.fields["response_format"] == "verbose_json",
            form.fields["timestamp_granularities[]"] == "segment", (form.files["file"] ?? 0) > 10_000
        else { return StandInElevenLabs.refusal(400, "no", "no") }
        return StandInElevenLabs.json([
            "task": "transcribe", "language": "english", "duration": 8.0, "text": "…",
            "segments": .array(
                segments.enumerated().map { index, segment in
                    [
                        "id": .integer(Int64(index)), "start": .number(segment.start), "end": .number(segment.end),
                        "text": .string(segment.text),
                    ]
                }),
        ])
    }

    private static let translation = { @Sendable (request: StandIn.Arrival) async throws -> HTTPResponse in
        guard request.path == "/translate", let body = request.json, body["format"]?.text == "text",
            body["source"]?.text == "en", body["api_key"]?.text == "l-secret", let texts = body["q"]?.array
        else { return StandInElevenLabs.refusal(403, "no", "no") }
        guard body["target"]?.text == "de" else {
            return HTTPResponse(
                .badRequest, headers: ["Content-Type": "application/json"],
                bytes: JSONValue.object(["error": "xx is not supported"]).utf8)
        }
        let known = [
            "Good morning, my dear people.": "Guten Morgen, meine lieben Leute.",
            "Tomorrow we bake bread.":
                "Morgen früh backen wir alle zusammen ein großes und sehr braunes Brot im Ofen.",
        ]
        return StandInElevenLabs.json([
            "translatedText": .array(texts.map { .string(known[$0.text ?? ""] ?? "?") })
        ])
    }

    /// Runs stand-ins for both services, and gives a `VoiceService` that asks them, the transcriber and a folder to `body`.
    private static func withServices(
        timeout: Duration = .seconds(60),
        _ body: @Sendable (VoiceService, StandIn, TemporaryFolder) async throws -> Void
    ) async throws {
        let transcriber = try StandIn(transcription)
        let translator = try StandIn(translation)
        try await transcriber.run {
            try await translator.run {
                try await body(service(transcriber, translator, timeout: timeout), transcriber, try TemporaryFolder())
            }
        }
    }

    private static func service(
        _ transcriber: StandIn, _ translator: StandIn, timeout: Duration
    ) -> VoiceService {
        var configuration = TestVoices.configuration
        configuration.transcription = VoiceConfiguration.Service(
            url: transcriber.url, key: "t-secret", modelName: "small")
        configuration.translation = VoiceConfiguration.Service(url: translator.url, key: "l-secret")
        configuration.longestDubSeconds = 2
        configuration.serviceTimeout = timeout
        return VoiceService(configuration)
    }

    /// Eight seconds of a tone, loud like a street.
    private static func source(_ folder: TemporaryFolder) throws -> String {
        let path = folder.path("video")
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "sine=frequency=3000:duration=8:sample_rate=44100", "-af", "volume=0.4", "-f", "wav",
            path,
        ])
        return path
    }

    @Test("Phrases are spoken at their times over a low original, and the file knows its phones")
    func dub() async throws {
        try await Self.withServices { service, _, folder in
            let source = try Self.source(folder)
            #expect(await service.capabilities.dubs)
            let parameters = DubParameters(provider: "elevenlabs", targetLanguage: "de")
            try await service.checkDub(parameters)
            try await service.dub(parameters, from: source, into: folder.path("out"))
            #expect(folder.names == ["out", "video"])

            let phones = try #require(EmbeddedPhones.read(folder.path("out")))
            let spoken = phones.filter { $0.phone != TimedPhone.silence }
            let first = spoken.filter { $0.startSeconds < 3.4 }
            let second = spoken.filter { $0.startSeconds >= 3.4 }
            #expect(first.count > 15)
            #expect(second.count > 30)
            #expect(abs(first[0].startSeconds - 0.5) < 0.15)
            #expect((1.4...2.8).contains(first[first.count - 1].endSeconds - 0.5))
            #expect(abs(second[0].startSeconds - 3.5) < 0.15)
            // Far more words than the original had are spoken faster, up to the bound.
            #expect(second[second.count - 1].endSeconds < 8)

            let sound = try Spoken.samples(of: folder.path("out"))
            #expect(abs(Double(sound.count) / 16_000 - 8) < 0.05)
            func tone(_ from: Double, _ to: Double) -> Double {
                Self.level(of: 3000, in: sound[Int(from * 16_000)..<Int(to * 16_000)])
            }
            let under = (tone(0.8, 1.2) + tone(3.9, 4.4)) / 2
            #expect(tone(2.9, 3.2) - under > 10, "the original comes up between the phrases")
            #expect(sound.reduce(0) { max($0, abs($1)) } < 0.99)
        }
    }

    @Test(
        "What a service does wrong has a code",
        arguments: [
            (StandIn.Fault.status(500, [:]), FailureCode.dependencyFaulty),
            (.status(401, [:]), .dependencyFaulty), (.slow(.seconds(4)), .dependencyTimedOut),
            (.cut, .dependencyUnavailable), (.type("text/html"), .dependencyFaulty),
            (.status(200, ["text": "no segments"]), .dependencyFaulty),
            (.status(200, ["segments": [["start": 1]]]), .dependencyFaulty),
            (.status(200, ["segments": []]), .videoUnusable),
        ])
    func faults(fault: StandIn.Fault, code: FailureCode) async throws {
        // Where nothing is slow, there is time enough for a busy machine.
        let timeout = Duration.seconds(code == .dependencyTimedOut ? 1 : 60)
        try await Self.withServices(timeout: timeout) { service, transcriber, folder in
            let source = try Self.source(folder)
            transcriber.fail(fault, fault, fault)
            let error = await #expect(throws: GenerationError.self) {
                try await service.dub(
                    DubParameters(provider: "elevenlabs", targetLanguage: "de", sourceLanguage: "en"), from: source,
                    into: folder.path("out"))
            }
            #expect(error?.code == code)
            #expect("\(error?.message ?? "") \(error?.detail ?? "")".contains("secret") == false)
            #expect(folder.names == ["video"])
        }
    }

    /// Eight seconds in which a man speaks, then a woman, and nothing else is heard.
    private static func conversation(_ folder: TemporaryFolder) throws -> String {
        for voice in ["rms", "slt"] {
            try Program.succeed(
                "flite", ["-voice", voice, "-t", "Good morning, my dear people.", "-o", folder.path(voice)])
        }
        let path = folder.path("video")
        try Program.ffmpeg([
            "-f", "wav", "-i", folder.path("rms"), "-f", "wav", "-i", folder.path("slt"), "-filter_complex",
            "[0]adelay=500[a];[1]adelay=3500[b];[a][b]amix=2:normalize=0,apad=whole_dur=8", "-f", "wav", path,
        ])
        return path
    }

    @Test("A man is spoken by a man's voice and a woman by a woman's, and nothing of what they said is left")
    func genders() async throws {
        try await Self.withServices { service, _, folder in
            let source = try Self.conversation(folder)
            try await service.dub(
                DubParameters(provider: "elevenlabs", targetLanguage: "de"), from: source,
                into: folder.path("out"))
            let sound = try Spoken.samples(of: folder.path("out"))
            #expect(abs(Double(sound.count) / 16_000 - 8) < 0.05)
            let man = try #require(VoicePitch.median(of: sound[8_000..<40_000]))
            let woman = try #require(VoicePitch.median(of: sound[56_000..<100_000]))
            #expect(man < 150)
            #expect(woman > 170)
            #expect(sound[(3 * 16_000)..<(16_000 * 34 / 10)].allSatisfy { abs($0) < 1e-4 })
        }
    }

    @Test("Phrases are told apart by pitch only where two people speak")
    func pitches() {
        let two: [Double?] = [110, 220, nil, 120]
        #expect(OriginalSpeech.genders(of: two, speakerCount: 0) == ["male", "female", "female", "male"])
        #expect(OriginalSpeech.genders(of: two, speakerCount: 1) == ["male", "male", "male", "male"])
        // One woman who goes down at the end of what she says.
        #expect(OriginalSpeech.genders(of: [200, 190, 155], speakerCount: 0) == ["female", "female", "female"])
        #expect(OriginalSpeech.genders(of: [nil], speakerCount: 0) == ["male"])
        #expect(OriginalSpeech.genders(of: [], speakerCount: 0) == [])
    }

    @Test("Nothing of the original is heard where the request says so")
    func dropped() async throws {
        try await Self.withServices { service, _, folder in
            let source = try Self.source(folder)
            try await service.dub(
                DubParameters(provider: "elevenlabs", targetLanguage: "de", dropsBackground: true), from: source,
                into: folder.path("out"))
            let sound = try Spoken.samples(of: folder.path("out"))
            #expect(sound[46_400..<51_200].allSatisfy { abs($0) < 1e-4 })
        }
    }

    @Test("Languages that the translator or the voices lack are refused")
    func languages() async throws {
        try await Self.withServices { service, _, folder in
            let source = try Self.source(folder)
            let untranslated = await #expect(throws: GenerationError.self) {
                try await service.dub(
                    DubParameters(provider: "elevenlabs", targetLanguage: "sw"), from: source,
                    into: folder.path("out"))
            }
            #expect(untranslated?.code == .providerRefused)
            #expect(untranslated?.field == .targetLanguage)
            let unspoken = await #expect(throws: GenerationError.self) {
                try await service.checkDub(DubParameters(provider: "elevenlabs", targetLanguage: "zu"))
            }
            #expect(unspoken?.code == .notOfferedHere)
        }
    }

    @Test("With nothing configured the refusal names the settings")
    func nothing() async throws {
        let error = await #expect(throws: GenerationError.self) {
            try await TestVoices.local.checkDub(DubParameters(provider: "elevenlabs", targetLanguage: "de"))
        }
        #expect(error?.code == .notOfferedHere)
        for name in ["LIPSMITH_ELEVENLABS_KEY", "LIPSMITH_TRANSCRIPTION_URL", "LIPSMITH_TRANSLATION_URL"] {
            #expect(error?.suggestion.contains(name) == true)
        }
    }

    @Test("Phrases may use the pause behind them, but little more than they need")
    func room() {
        #expect(abs(LocalDubbing.room(from: 0, phraseEnd: 2, next: 10) - 2.3) < 1e-9)
        #expect(LocalDubbing.room(from: 0, phraseEnd: 2, next: 2.05) == 2)
        #expect(LocalDubbing.room(from: 5, phraseEnd: 4, next: 5.1) >= 0.3)
        #expect(LocalDubbing.code("English") == "en")
        #expect(LocalDubbing.code("pt") == "pt")
        #expect(LocalDubbing.code(nil) == "auto")
    }

    /// The power at a frequency, in decibels (Goertzel).
    private static func level(of frequency: Double, in samples: ArraySlice<Float>) -> Double {
        let factor = 2 * cos(2 * .pi * frequency / 16_000)
        var (one, two) = (0.0, 0.0)
        for sample in samples { (one, two) = (Double(sample) + factor * one - two, one) }
        return 10 * log10((one * one + two * two - factor * one * two) / Double(samples.count) + 1e-12)
    }
}
