/// An order to a child that runs the voice network, sent to its standard input as JSON.
public struct NetworkOrder: Codable, Sendable {
    /// The names of voices, as `VoiceStyle` takes them.
    public var voice: String
    /// The pace as a factor of the voice's own, 0.5…2; other values are clamped.
    public var pace: Double
    /// Runs of symbols, each at most 510; each piece is spoken into a file of its own.
    public var pieces: [[String]]
    /// The beginning of the files' paths, which the piece's position and `.wav` complete.
    public var pathPrefix: String

    public init(voice: String, pace: Double, pieces: [[String]], pathPrefix: String) {
        self.voice = voice
        self.pace = pace
        self.pieces = pieces
        self.pathPrefix = pathPrefix
    }
}
