import Generations
public import LipSync
public import Voices
import Worker

/// What an operator has set about voices.
public struct VoiceSettings: Sendable {
    private let template: VoiceConfiguration

    /// Reads what was set.
    ///
    /// - Throws: `ConfigurationError` about the first setting that cannot be used.
    public init(flags: [String: String] = [:], environment: [String: String] = [:]) throws(ConfigurationError) {
        try self.init(SettingReader(flags: flags, environment: environment))
    }

    init(_ reader: SettingReader) throws(ConfigurationError) {
        var voices = VoiceConfiguration(executable: "", childEnvironment: [:])
        if let key = try reader.optionalText("elevenlabs-key") {
            voices.elevenLabs = VoiceConfiguration.Service(
                url: try reader.address("elevenlabs-url") ?? "", key: key,
                modelName: try reader.text("elevenlabs-model"))
        }
        voices.voiceMap = try reader.voices("voice-map")
        voices.networkProcessCount = Int(try reader.number("voice-processes"))
        voices.networkIdleTime = .seconds(try reader.number("voice-idle-time"))
        voices.piperProgram = try reader.optionalText("piper-program")
        voices.piperModels = (try reader.optionalText("piper-voices") ?? "").split(separator: ",").map(String.init)
        if let url = try reader.address("transcription-url") {
            voices.transcription = VoiceConfiguration.Service(
                url: url, key: try reader.optionalText("transcription-key"),
                modelName: try reader.text("transcription-model"))
        }
        if let url = try reader.address("translation-url") {
            voices.translation = VoiceConfiguration.Service(url: url, key: try reader.optionalText("translation-key"))
        }
        voices.longestDubSeconds = Double(try reader.number("dub-length-limit"))
        voices.serviceTimeout = .seconds(try reader.number("speech-timeout"))
        template = voices
    }

    /// Opens the voices.
    ///
    /// - Parameters:
    ///   - executable: The path of the `lipsmith` program.
    ///   - environment: The environment of its children; nil takes what they need of this process's.
    ///   - log: Takes events with particulars.
    public func open(
        executable: String = Installation.currentExecutable, environment: [String: String]? = nil,
        log: @escaping @Sendable (_ event: String, _ detail: String) -> Void = { _, _ in }
    ) -> VoiceService {
        var configuration = template
        configuration.executable = executable
        configuration.childEnvironment =
            environment ?? WorkerConfiguration(executable: executable, workingFolder: "").childEnvironment
        return VoiceService(configuration, log: log)
    }
}
