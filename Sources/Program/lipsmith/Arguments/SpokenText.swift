import Foundation
import Generations
import LipSync
import Server
import Voices

/// Texts of a command line as sounds: the same voices as a server's, set by the same variables.
enum SpokenText {
    /// What was spoken.
    struct Take: Encodable, Sendable {
        var output: String
        var voice: String
        var durationSeconds: Double
    }

    /// The longest text that is taken, in bytes: a book's chapter.
    private static let largestText = 1 << 20
    /// The voice unless another is named: the first of these that the machine has.
    private static let defaultVoices = ["kokoro-man", "flite-slt", "espeak-en-us"]

    /// The voices that are configured.
    ///
    /// - Throws: `UsageError` about a variable that cannot be used.
    static func service() throws -> VoiceService {
        let settings: VoiceSettings
        do { settings = try VoiceSettings(environment: ProcessInfo.processInfo.environment) } catch {
            throw UsageError(message: error.description)
        }
        let isTalkative = ProcessInfo.processInfo.environment["LIPSMITH_DEBUG"] != nil
        return settings.open { event, detail in if isTalkative { Terminal.error("\(event): \(detail)") } }
    }

    /// Speaks a text into a WAV file, which appears whole or not at all.
    ///
    /// - Throws: `CommandFailure`; `UsageError` about a variable that cannot be used.
    static func speak(
        _ script: String, voice: String?, speed: Double = 1, pitch: Double = 1, into path: String
    ) throws -> Take {
        try OutputPlaces.check([OutputPlaces.Place(path, name: "--out")], inputs: [])
        let service = try service()
        let unfinished = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
        do {
            let spoken = try AsyncCommand.run {
                let chosen = try await voiceID(voice, service)
                let request = SpeechRequest(
                    provider: "elevenlabs", voiceID: chosen, script: script, speed: speed, pitch: pitch)
                return (chosen, try await service.speak(request, into: unfinished))
            }
            guard rename(unfinished, path) == 0 else {
                throw RenderFailure(
                    .outputUnwritable, message: "The sound cannot be written.",
                    suggestion: "Choose another place.", detail: "\(path): \(String(cString: strerror(errno)))")
            }
            return Take(output: path, voice: spoken.0, durationSeconds: spoken.1.durationSeconds)
        } catch {
            unlink(unfinished)
            throw CommandFailure(error)
        }
    }

    /// Takes the sound of a command: a file, or a text that is spoken into a file which goes with the process.
    ///
    /// For every command with `--audio FILE`, `--text TEXT` and `--voice ID`. `--text -` reads standard input.
    ///
    /// - Throws: `UsageError` unless there is exactly one of file and text.
    static func takeSound(_ arguments: inout ArgumentReader) throws -> Sound {
        guard let sound = try takeSoundIfGiven(&arguments) else {
            throw UsageError(message: "--audio or --text is missing.")
        }
        return sound
    }

    /// Likewise for a command that can do without a sound.
    static func takeSoundIfGiven(_ arguments: inout ArgumentReader) throws -> Sound? {
        let audio = try arguments.takeValue("--audio")
        let text = try arguments.takeValue("--text")
        let voice = try arguments.takeValue("--voice")
        if audio != nil, text != nil { throw UsageError(message: "--audio and --text exclude each other.") }
        if let audio {
            if voice != nil { throw UsageError(message: "--voice needs --text.") }
            return .file(audio)
        }
        guard let text else {
            if voice != nil { throw UsageError(message: "--voice needs --text.") }
            return nil
        }
        return .text(text == "-" ? try standardInput() : text, voice: voice)
    }

    /// The sound of a command.
    enum Sound {
        case file(String)
        case text(String, voice: String?)

        /// The user's own files in it.
        var paths: [String] { if case .file(let path) = self { [path] } else { [] } }

        /// A sound that is there.
        struct Given {
            var path: String
            /// What a report tells of the text.
            var texts: [TextNote] = []
            /// The voice that has spoken it; `nil` for a file of the user's.
            var voice: String?
        }

        /// Gives the sound to `body`; a spoken text's file is removed behind it.
        ///
        /// - Parameter isNoted: Whether there is a report: only then the voices are asked for their languages.
        /// - Throws: `CommandFailure` where the text cannot be spoken, and what `body` throws.
        func with<Value>(isNoted: Bool, _ body: (Given) throws -> Value) throws -> Value {
            switch self {
            case .file(let path): return try body(Given(path: path))
            case .text(let script, let voice):
                let folder = FileManager.default.temporaryDirectory.path + "/lipsmith-" + UUID().uuidString
                guard mkdir(folder, 0o700) == 0 else {
                    throw RenderFailure(
                        .outputUnwritable,
                        message: "No temporary folder can be made.", suggestion: "Set TMPDIR.", detail: folder)
                }
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let take = try speak(script, voice: voice, into: folder + "/speech.wav")
                let notes = isNoted ? [TextNote(script, voice: take.voice, language: language(of: take.voice))] : []
                return try body(Given(path: folder + "/speech.wav", texts: notes, voice: take.voice))
            }
        }
    }

    /// The language of a voice of this machine; `nil` where it is not known.
    private static func language(of voice: String) -> String? {
        try? AsyncCommand.run { try await service().ownVoices().first { $0.id == voice }?.language }
    }

    /// The text on standard input.
    static func standardInput() throws -> String {
        let data = try FileHandle.standardInput.read(upToCount: largestText + 1) ?? Data()
        guard data.count <= largestText, let text = String(data: data, encoding: .utf8) else {
            throw UsageError(message: "The text must be UTF-8 of at most 1 MiB.")
        }
        return text
    }

    private static func voiceID(_ wanted: String?, _ service: VoiceService) async throws -> String {
        if let wanted { return wanted }
        let voices = try await service.voices()
        guard let id = defaultVoices.first(where: { id in voices.contains { $0.id == id } }) ?? voices.first?.id else {
            throw RenderFailure(
                .installationIncomplete, message: "There is no voice on this machine.",
                suggestion: "Run `make setup`, which installs espeak-ng and flite.")
        }
        return id
    }
}
