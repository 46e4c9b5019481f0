/// Turns sound into the motion of the mouth that makes it, such as `MouthNetwork`.
///
/// An encoder is used by one thread at a time.
public protocol SpeechEncoder: AnyObject, Sendable {
    /// Begins a sound; it must be finished before the next one begins.
    func listen() -> any SpeechListener
}

/// One sound on its way through a `SpeechEncoder`.
public protocol SpeechListener {
    /// Takes the next samples: 16 kHz, one channel, −1…1, finite, in blocks of any length.
    ///
    /// - Throws: `InferenceError` of kind `runFailed`.
    mutating func append(_ samples: ArraySlice<Float>) throws

    /// Ends the sound and returns its motion: one value for every 20 ms begun, none for an empty sound.
    ///
    /// - Throws: `InferenceError` of kind `runFailed`.
    mutating func finish() throws -> LearnedMotion
}

/// The curves that an encoder predicts for a sound: 50 values a second; value `k` belongs to the time `k` × 20 ms. All
/// curves have the same length.
public struct LearnedMotion: Codable, Hashable, Sendable {
    /// Values per second of each curve.
    package static let framesPerSecond = 50

    /// Opening of the lips, in standard deviations around the speaker's mean; flatter than real motion.
    public var opening: [Float] = []
    /// Distance of the mouth's corners, in the same unit.
    public var width: [Float] = []
    /// Distance of the chin below the nose, in the same unit.
    public var jaw: [Float] = []
    /// Probability that no voice is heard, 0…1.
    public var silence: [Float] = []
    /// Probability that the lips are shut for p, b or m, 0…1.
    public var shutLips: [Float] = []
    /// Probability that the lower lip touches the teeth for f or v, 0…1.
    public var lipOnTeeth: [Float] = []

    /// Motion of no length.
    public init() {}

    /// Whether this can be the motion of a sound of `seconds`: curves of one length that differs from it by 0.2 s at
    /// most, all values finite. For motion that was decoded from a file.
    package func fits(seconds: Double) -> Bool {
        [opening, width, jaw, silence, shutLips, lipOnTeeth].allSatisfy { curve in
            abs(Double(curve.count) - seconds * Double(Self.framesPerSecond)) <= 10 && curve.count == opening.count
                && curve.allSatisfy(\.isFinite)
        }
    }
}
