import Generations

/// The voices and services of an installation, and how they are accessed.
public struct VoiceConfiguration: Sendable {
    /// A service with its key.
    public struct Service: Sendable {
        /// The base URL of its routes.
        public var url: String
        /// The key, if the service needs one. Never logged.
        public var key: String?
        /// The model to use, for a service with several.
        public var modelName: String

        public init(url: String, key: String?, modelName: String = "") {
            self.url = url
            self.key = key
            self.modelName = modelName
        }
    }

    /// The path of the `lipsmith` program, started as `lipsmith speak`, `speak-network`, `render` and `confined`.
    public var executable: String
    /// The whole environment of the children.
    public var childEnvironment: [String: String]
    /// The path of the flite program.
    public var fliteProgram = "/usr/bin/flite"
    /// The path of the Piper program; `nil` for none.
    public var piperProgram: String?
    /// The paths of Piper's voices: `.onnx` files with their descriptions beside them.
    public var piperModels: [String] = []
    /// How many processes run the voice network at once, each on one core.
    public var networkProcessCount = 1
    /// How long a process keeps the voice network loaded after it spoke.
    public var networkIdleTime = Duration.seconds(600)
    /// ElevenLabs; `nil` when there is no key.
    public var elevenLabs: Service?
    /// A transcription service; `nil` for none.
    public var transcription: Service?
    /// A translation service; `nil` for none.
    public var translation: Service?
    /// For voice ids that are not local, the local voice to use; `*` is the key for all others.
    public var voiceMap: [String: String] = [:]
    /// The longest video that is dubbed, in seconds.
    public var longestDubSeconds = 2700.0
    /// The longest time for one response of a service.
    public var serviceTimeout = Duration.seconds(120)
    /// The interval at which the state of a dubbing at ElevenLabs is polled.
    public var pollInterval = Duration.seconds(3)
    /// Waits before the next attempt to call a service; replaced in tests.
    public var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// A configuration with local voices only.
    public init(executable: String, childEnvironment: [String: String]) {
        self.executable = executable
        self.childEnvironment = childEnvironment
    }
}
