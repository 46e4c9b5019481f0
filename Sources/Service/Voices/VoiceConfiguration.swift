import Generations

/// Which voices there are and how they are reached.
public struct VoiceConfiguration: Sendable {
    /// A service and the key to it.
    public struct Service: Sendable {
        /// The address below which its routes are.
        public var url: String
        /// Its key, if it asks for one. Never logged.
        public var key: String?
        /// The model that it shall use, where it has several.
        public var modelName: String

        /// Names a service.
        public init(url: String, key: String?, modelName: String = "") {
            self.url = url
            self.key = key
            self.modelName = modelName
        }
    }

    /// The path of the `lipsmith` program, started as `lipsmith speak`, `mix` and `confined`.
    public var executable: String
    /// The children's environment.
    public var childEnvironment: [String: String]
    /// The flite program.
    public var fliteProgram = "/usr/bin/flite"
    /// The Piper program; nil for none.
    public var piperProgram: String?
    /// Piper's voices, `.onnx` files with their descriptions beside them.
    public var piperModels: [String] = []
    /// ElevenLabs; nil without a key.
    public var elevenLabs: Service?
    /// A service that writes down what is said; nil for none.
    public var transcription: Service?
    /// A service that translates; nil for none.
    public var translation: Service?
    /// The local voices that speak for ids which are not local; `*` stands for all others.
    public var voiceMap: [String: String] = [:]
    /// The longest video that is dubbed, in seconds.
    public var longestDubSeconds = 2700.0
    /// How long a service may take for one answer.
    public var serviceTimeout = Duration.seconds(120)
    /// How often a dubbing at ElevenLabs is looked at.
    public var pollInterval = Duration.seconds(3)
    /// Waits between two attempts at a service.
    public var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// Makes a configuration of local voices alone.
    public init(executable: String, childEnvironment: [String: String]) {
        self.executable = executable
        self.childEnvironment = childEnvironment
    }
}
