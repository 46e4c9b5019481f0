public import Generations
import HTTP
import LipSync
import Processes
import Queues
import Synthesis

/// The voices of an installation: those of this machine, and those of ElevenLabs if the operator has a key.
///
///     let sound = try await voices.speak(SpeechRequest(…), into: "words.wav")
public final class VoiceService: VoiceProvider {
    /// How long the provider's list of voices is cached.
    private static let memory = Duration.seconds(60)
    /// The longest time for converting a sound to another format.
    private static let conversionTime = Duration.seconds(600)

    private let configuration: VoiceConfiguration
    private let children: SpeechChildren
    private let local: LocalVoices
    private let elevenLabs: ElevenLabs?
    private let dubbing: LocalDubbing?
    private let known: VoiceMemory
    /// How many texts the provider is asked to speak at once.
    private let line = FairSemaphore(places: 4, placesPerOwner: 2)
    /// The speeds that ElevenLabs has.
    private static let remoteSpeeds = 0.7...1.2

    /// Makes the service; no process is started and no request sent.
    ///
    /// - Parameter log: Is called with events and their details, never with a script or a key.
    public init(
        _ configuration: VoiceConfiguration,
        log: @escaping @Sendable (_ event: String, _ detail: String) -> Void = { _, _ in }
    ) {
        self.configuration = configuration
        let children = SpeechChildren(
            executable: configuration.executable, environment: configuration.childEnvironment, log: log)
        self.children = children
        var engines: [(provider: String, engine: any LocalEngine)] = []
        if let program = configuration.piperProgram {
            engines.append(
                ("piper", PiperEngine(program: program, models: configuration.piperModels, children: children)))
        }
        let network = NetworkChildren(
            executable: configuration.executable, environment: configuration.childEnvironment,
            count: configuration.networkProcessCount, idleTime: configuration.networkIdleTime, log: log)
        engines.append((KokoroEngine.provider, KokoroEngine(children: children, network: network)))
        engines.append(("flite", FliteEngine(program: configuration.fliteProgram, children: children)))
        engines.append((EspeakEngine.provider, EspeakEngine(children: children)))
        let local = LocalVoices(engines: engines, children: children)
        self.local = local
        elevenLabs = configuration.elevenLabs.map { service in
            ElevenLabs(
                client: ServiceClient(
                    base: service.url, headers: ["xi-api-key": service.key ?? "", "Accept": "*/*"],
                    timeout: configuration.serviceTimeout, pause: configuration.pause),
                modelName: service.modelName,
                dubTimeout: .seconds(1800) + .seconds(configuration.longestDubSeconds * 4),
                pollInterval: configuration.pollInterval, log: log)
        }
        if let transcription = configuration.transcription, let translation = configuration.translation {
            dubbing = LocalDubbing(
                transcriber: Transcriber(
                    client: ServiceClient(
                        base: transcription.url,
                        headers: transcription.key.map { ["Authorization": "Bearer \($0)"] } ?? [:],
                        // The transcription of a long sound is one response.
                        timeout: max(configuration.serviceTimeout, .seconds(configuration.longestDubSeconds)),
                        pause: configuration.pause), modelName: transcription.modelName),
                translator: Translator(
                    client: ServiceClient(
                        base: translation.url, headers: [:], timeout: configuration.serviceTimeout,
                        pause: configuration.pause), key: translation.key),
                voices: local, children: children)
        } else {
            dubbing = nil
        }
        known = VoiceMemory(lifetime: Self.memory)
    }

    /// The abilities of the configured and installed voices and services.
    public var capabilities: VoiceCapabilities {
        get async {
            let hasLocal = await (try? local.voices())?.isEmpty == false
            return VoiceCapabilities(
                speaks: hasLocal || elevenLabs != nil, clones: elevenLabs != nil,
                converts: elevenLabs != nil, dubs: elevenLabs != nil || dubbing != nil,
                longestDubSeconds: configuration.longestDubSeconds)
        }
    }

    /// The voices of this machine; no provider is asked.
    public func ownVoices() async throws -> [Voice] { try await local.voices().map(\.voice) }

    /// The names for which the operator has chosen a voice.
    public var mappedNames: Set<String> { Set(configuration.voiceMap.keys).subtracting(["*"]) }

    /// The provider's voices, then those of this machine.
    public func voices() async throws -> [Voice] {
        let local = try await ownVoices()
        guard let elevenLabs else { return local }
        if let voices = await known.voices { return voices + local }
        let voices = try await elevenLabs.voices()
        await known.keep(voices)
        return voices + local
    }

    /// The voice for an id: the local voice of that name, the provider's, or one from `voiceMap`.
    ///
    /// - Throws: `GenerationError` of code `voiceNotFound`, with a listed voice in its suggestion.
    public func voice(_ id: String) async throws -> Voice {
        switch try await speaker(id) {
        case .local(let voice): return voice.voice
        case .elevenLabs(let voice): return voice
        }
    }

    /// Speaks a script into a WAV file; a local voice's file also holds its phones (`EmbeddedPhones`).
    public func speak(_ request: SpeechRequest, into path: String) async throws -> SpokenSound {
        switch try await speaker(request.voiceID) {
        case .local(let voice):
            let facts = try await local.speak(
                request.script, voice: voice, manner: SpeechManner(pace: request.speed, pitch: request.pitch),
                into: path)
            return SpokenSound(durationSeconds: facts.durationSeconds)
        case .elevenLabs(let voice): return try await speakRemotely(request, voice: voice, into: path)
        }
    }

    /// Speaks a script while it is heard. A provider's voice is heard when it has spoken the whole script.
    public func stream(
        _ request: SpeechRequest, as format: SpeechFormat, beside path: String
    ) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        let owner = WorkOwner.current
        let next: @Sendable () async throws -> [UInt8]?
        switch try await speaker(request.voiceID) {
        case .local(let voice):
            let stream = try SpokenStream(
                request, as: format, voice: voice, voices: local, children: children, path: path)
            next = { try await stream.next() }
        case .elevenLabs(let voice):
            var whole = request
            whole.speed = min(max(request.speed, Self.remoteSpeeds.lowerBound), Self.remoteSpeeds.upperBound)
            let stream = try WholeSoundStream(as: format, tempo: request.speed / whole.speed) { [whole] in
                _ = try await self.speakRemotely(whole, voice: voice, into: path)
                return path
            }
            next = { try await stream.next() }
        }
        return AsyncThrowingStream {
            // Whoever sends the answer does it on nobody's behalf.
            try await WorkOwner.$current.withValue(owner) { try await next() }
        }
    }

    /// Clones a voice from a sample, at the provider.
    ///
    /// - Parameter mark: An idempotency key: calls with the same one make one voice.
    public func clone(_ sample: String, name: String, mark: String? = nil) async throws -> Voice {
        guard let elevenLabs else {
            throw GenerationError(
                .notOfferedHere, "This installation cannot make voices of samples.",
                suggestion: "Set elevenlabs-key (LIPSMITH_ELEVENLABS_KEY); voices of this machine cannot be cloned.")
        }
        return try await SpeechFolder.with(for: sample) { folder in
            let plain = folder.output("sample.wav")
            let source = try await folder.take(sample, as: "sample")
            do {
                _ = try await children.mix(
                    .extraction(of: source, to: plain, sampleRate: 44_100, channelCount: 1), in: folder,
                    timeLimit: .seconds(120))
            } catch let error as GenerationError where error.code == .audioUnusable {
                throw GenerationError(.voiceSampleSilent, detail: error.detail)
            }
            let voice = try await elevenLabs.clone(plain, name: name, mark: mark, in: folder)
            await known.forget()
            return voice
        }
    }

    /// Checks that a sound can be converted to a voice; voices of this machine speak texts only.
    public func checkConversion(to voiceID: String) async throws {
        guard elevenLabs != nil else { throw Self.noConversion("This installation cannot say a sound again.") }
        guard case .elevenLabs = try await speaker(voiceID) else {
            throw Self.noConversion("The voice speaks texts alone; it cannot say a sound again.")
        }
    }

    private static func noConversion(_ message: String) -> GenerationError {
        GenerationError(
            .notOfferedHere, message,
            suggestion: "Set elevenlabs-key (LIPSMITH_ELEVENLABS_KEY), and choose a voice of ElevenLabs.")
    }

    /// Converts the speech of a file to a voice of the provider, into a WAV file.
    public func convert(_ source: String, voiceID: String, into path: String) async throws -> SpokenSound {
        try await checkConversion(to: voiceID)
        guard let elevenLabs, case .elevenLabs(let voice) = try await speaker(voiceID) else {
            throw GenerationError(.voiceNotFound, field: .voice)
        }
        return try await SpeechFolder.with(for: path) { folder in
            let plain = folder.output("sound.wav")
            _ = try await children.mix(
                .extraction(
                    of: try await folder.take(source, as: "source"), to: plain, sampleRate: 44_100, channelCount: 1),
                in: folder,
                timeLimit: Self.conversionTime)
            let answer = try await elevenLabs.convert(plain, voiceID: voice.id, in: folder)
            let converted = folder.output("converted.wav")
            do {
                let facts = try await children.mix(
                    .extraction(of: answer, to: converted, sampleRate: 48_000, channelCount: 1), in: folder,
                    timeLimit: Self.conversionTime)
                try await folder.release(converted, to: path)
                return SpokenSound(durationSeconds: facts.durationSeconds)
            } catch let error as GenerationError where error.code == .audioUnusable {
                throw Self.undecodable(error)
            }
        }
    }

    /// Removes a voice at the provider.
    public func removeVoice(_ id: String) async throws {
        guard let elevenLabs, try await local.voice(id) == nil else { throw GenerationError(.voiceNotFound) }
        try await elevenLabs.removeVoice(id)
        await known.forget()
    }

    /// Checks that some configured service can make a dubbing.
    public func checkDub(_ parameters: DubParameters) async throws {
        if elevenLabs != nil { return }
        guard dubbing != nil else { throw Self.noDubbing }
        guard try await local.voice(forLanguage: parameters.targetLanguage) != nil else {
            throw LocalDubbing.noVoice(parameters.targetLanguage)
        }
    }

    /// Translates the speech of a file into another file.
    public func dub(_ parameters: DubParameters, from source: String, into path: String) async throws {
        try await checkDub(parameters)
        return try await SpeechFolder.with(for: path) { folder in
            let sound = try await folder.take(source, as: "source")
            let dubbed: String
            if let elevenLabs {
                let plain = folder.output("sound.wav")
                _ = try await children.mix(
                    .extraction(of: sound, to: plain, sampleRate: 44_100, channelCount: 2), in: folder,
                    timeLimit: .seconds(600))
                let answer = try await elevenLabs.dub(parameters, sound: plain, in: folder)
                dubbed = folder.output("dubbed.wav")
                do {
                    _ = try await children.mix(
                        .extraction(of: answer, to: dubbed, sampleRate: 48_000, channelCount: 2), in: folder,
                        timeLimit: .seconds(600))
                } catch let error as GenerationError where error.code == .audioUnusable {
                    throw Self.undecodable(error)
                }
            } else if let dubbing {
                dubbed = try await dubbing.dub(parameters, sound: sound, in: folder)
            } else {
                throw Self.noDubbing
            }
            try await folder.release(dubbed, to: path)
        }
    }

    /// The suggestion of the error for a dubbing without a configured service.
    public static let dubbingSuggestion =
        "Set elevenlabs-key (LIPSMITH_ELEVENLABS_KEY), or transcription-url and translation-url "
        + "(LIPSMITH_TRANSCRIPTION_URL, LIPSMITH_TRANSLATION_URL)."

    private static var noDubbing: GenerationError {
        GenerationError(
            .notOfferedHere, "This installation has no dubbing provider.", suggestion: dubbingSuggestion,
            field: .dubbing)
    }

    private static func undecodable(_ error: GenerationError) -> GenerationError {
        GenerationError(
            .providerUnavailable, "The speech provider sent a sound that cannot be decoded.",
            detail: error.detail)
    }

    private enum Speaker: Sendable {
        case local(LocalVoice)
        case elevenLabs(Voice)
    }

    private func speaker(_ id: String) async throws -> Speaker {
        if let voice = try await local.voice(id) { return .local(voice) }
        if let elevenLabs, configuration.voiceMap[id] == nil {
            if let voice = await known.voices?.first(where: { $0.id == id }) { return .elevenLabs(voice) }
            do { return .elevenLabs(try await elevenLabs.voice(id)) } catch let error as GenerationError
                where error.code == .voiceNotFound && configuration.voiceMap["*"] != nil
            {}
        }
        if let chosen = configuration.voiceMap[id] ?? configuration.voiceMap["*"],
            let voice = try await local.voice(chosen)
        {
            return .local(voice)
        }
        let example = try await local.voices().first?.voice.id
        throw GenerationError(
            .voiceNotFound,
            suggestion: "Choose a voice of GET /v2/voices" + (example.map { ", such as \($0)" } ?? "")
                + ", or let the operator map this one with voice-map (LIPSMITH_VOICE_MAP).", field: .voice)
    }

    private func speakRemotely(_ request: SpeechRequest, voice: Voice, into path: String) async throws -> SpokenSound {
        guard let elevenLabs else { throw GenerationError(.voiceNotFound, field: .voice) }
        return try await SpeechFolder.with(for: path) { folder in
            var request = request
            request.voiceID = voice.id
            let pieces = try await line.pass(owner: WorkOwner.current?.rawValue) { [request] in
                try await elevenLabs.speak(request, in: folder)
            }
            var laid: [SoundMix.Voice] = []
            var start = 0.0
            for (index, piece) in pieces.enumerated() {
                let plain = folder.output("plain-\(index).wav")
                let facts: SoundFacts
                do {
                    facts = try await children.mix(
                        .extraction(of: piece, to: plain, sampleRate: 48_000, channelCount: 1), in: folder,
                        timeLimit: .seconds(120))
                } catch let error as GenerationError where error.code == .audioUnusable {
                    throw Self.undecodable(error)
                }
                laid.append(
                    SoundMix.Voice(
                        path: plain, startSeconds: start, durationSeconds: facts.durationSeconds, phones: nil))
                start += facts.durationSeconds
            }
            let mixed = folder.output("speech.wav")
            let facts = try await children.mix(
                SoundMix(outputPath: mixed, voices: laid, loudness: SoundMix.speechLoudness), in: folder,
                timeLimit: .seconds(120))
            try await folder.release(mixed, to: path)
            return SpokenSound(durationSeconds: facts.durationSeconds)
        }
    }
}

/// A cache of the provider's list of voices.
private actor VoiceMemory {
    private let lifetime: Duration
    private var list: [Voice]?
    private var readAt = ContinuousClock.now

    init(lifetime: Duration) { self.lifetime = lifetime }

    var voices: [Voice]? { ContinuousClock.now - readAt < lifetime ? list : nil }

    func keep(_ voices: [Voice]) {
        list = voices
        readAt = .now
    }

    func forget() { list = nil }
}
