public import Generations
import HTTP
import Queues

/// Samples of this machine's voices: a sentence each, spoken when somebody first wants to hear it and kept in memory, some 40 kB
/// for a voice.
public actor VoicePreviews {
    private static let path = "/media/voices/"
    private static let suffix = ".mp3"

    private let provider: (any VoiceProvider)?
    private let folder: String?
    private var sounds: [String: Task<[UInt8], any Error>] = [:]
    /// Anybody may ask for a sample, so that they must not keep the machine busy.
    private let line = FairSemaphore(places: 1)

    /// - Parameter folder: For sounds that are being spoken; nil speaks nothing.
    public init(provider: (any VoiceProvider)?, folder: String?) {
        self.provider = provider
        self.folder = folder
    }

    /// Where a sample of a voice is heard: at its provider, or here; nil where there is none.
    ///
    /// - Parameter base: The beginning of addresses in the answer.
    public static func url(of voice: Voice, base: String) -> String? {
        if let url = voice.previewURL { return url }
        return isOurs(voice) ? base + path + voice.uuid + suffix : nil
    }

    /// Gives samples out, to anybody: they say nothing of anybody's.
    public nonisolated var endpoint: Endpoint {
        Endpoint(.get, Self.path + "{id}", summary: "Hear a voice.", callers: .anybody) { call in
            let name = call.parameter()
            guard name.hasSuffix(Self.suffix) else { throw GenerationError(.voiceNotFound) }
            let bytes = try await self.sound(of: String(name.dropLast(Self.suffix.count)))
            return HTTPResponse(
                .ok, headers: ["Content-Type": "audio/mpeg", "Cache-Control": "public, max-age=86400"], bytes: bytes)
        }
    }

    private func sound(of id: String) async throws -> [UInt8] {
        if let known = sounds[id] { return try await known.value }
        guard let provider, let folder, let voice = try await provider.ownVoices().first(where: { $0.uuid == id })
        else { throw GenerationError(.voiceNotFound) }
        if let known = sounds[id] { return try await known.value }
        let making = Task { [line] in
            try await line.pass {
                let request = SpeechRequest(
                    provider: voice.provider, voiceID: voice.id, script: Self.sentence(in: voice.language ?? ""))
                var bytes: [UInt8] = []
                let sound = try await provider.stream(request, as: .mp3, beside: "\(folder)/\(RandomBytes.uuid())")
                for try await more in sound { bytes += more }
                return bytes
            }
        }
        sounds[id] = making
        do { return try await making.value } catch {
            sounds[id] = nil
            throw error
        }
    }

    /// Voices of a provider on the network have samples there, and speaking costs money.
    private static func isOurs(_ voice: Voice) -> Bool { voice.previewURL == nil && voice.provider != "elevenlabs" }

    /// What a voice of a language says; numbers, which all voices read in their own language, where no sentence is known.
    private static func sentence(in language: String) -> String {
        let code = language.split(separator: "-").first.map(String.init) ?? ""
        return sentences[code] ?? "1, 2, 3, 4, 5."
    }

    private static let sentences = [
        "en": "Hello! This is my voice. Whatever you write, I will say it.",
        "es": "¡Hola! Esta es mi voz. Lo que escribas, yo lo digo.",
        "fr": "Bonjour ! Voici ma voix. Ce que vous écrivez, je le dis.",
        "it": "Ciao! Questa è la mia voce. Quello che scrivi, io lo dico.",
        "pt": "Olá! Esta é a minha voz. O que você escreve, eu digo.",
        "hi": "नमस्ते! यह मेरी आवाज़ है। आप जो लिखेंगे, मैं वही कहूँगी।",
        "de": "Hallo! Das ist meine Stimme. Was Sie schreiben, sage ich.",
    ]
}
