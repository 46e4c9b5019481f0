/// An order to a child that runs the voice network: one line of JSON on its standard input.
public struct NetworkOrder: Codable, Sendable {
    /// The order's number, which its answer repeats.
    public var number = 0
    /// The name of a voice or of a blend, as `VoiceStyle` takes it.
    public var voice: String
    /// The pace as a factor of the voice's own, 0.5…2; other values are clamped.
    public var pace: Double
    /// The pitch as a factor of the voice's own, 0.5…2; other values are clamped.
    public var pitch: Double
    /// 1 to 510 symbols of `VoiceSymbols`.
    public var symbols: String

    public init(voice: String, pace: Double = 1, pitch: Double = 1, symbols: String) {
        self.voice = voice
        self.pace = pace
        self.pitch = pitch
        self.symbols = symbols
    }
}

/// The answer to a `NetworkOrder`, one line of JSON: a take or a failure.
public struct NetworkAnswer: Codable, Sendable {
    /// The sound.
    public var take: NetworkTake?
    /// The reason when there is none.
    public var failure: SynthesisFailure?
    /// The number of the order.
    public var number = 0
    /// Whether the child ends behind this answer.
    public var isLast = false

    public init(take: NetworkTake) { self.take = take }
    public init(failure: SynthesisFailure) { self.failure = failure }
}
