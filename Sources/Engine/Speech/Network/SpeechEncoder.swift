/// What hears speech: a loaded network, or anything else that turns sound into the motion of the mouth that makes it.
///
/// It belongs to one thread at a time.
public protocol SpeechEncoder: AnyObject, Sendable {
    /// Begins a sound, which must end before the next one begins.
    func listen() -> any SpeechListener
}

/// One sound that is being heard.
public protocol SpeechListener {
    /// Takes the next samples: 16 kHz, one channel, −1…1, all of them numbers, in blocks of any length.
    ///
    /// - Throws: `InferenceError` of kind `runFailed`.
    mutating func append(_ samples: ArraySlice<Float>) throws

    /// Ends the sound and gives what was heard: one value for every 20 ms begun, none for an empty sound.
    ///
    /// - Throws: `InferenceError` of kind `runFailed`.
    mutating func finish() throws -> LearnedMotion
}

/// What an encoder hears in a sound: 50 values a second; value `k` belongs to the moment `k` × 20 ms.
public struct LearnedMotion: Codable, Hashable, Sendable {
    /// Values per second.
    package static let framesPerSecond = 50

    /// Opening of the lips, in standard deviations of a speaker around his mean; flatter than real motion.
    public var opening: [Float] = []
    /// Distance of the corners, likewise.
    public var width: [Float] = []
    /// Distance of the chin, likewise.
    public var jaw: [Float] = []
    /// How likely nobody speaks, 0…1.
    public var silence: [Float] = []
    /// How likely the lips are shut for p, b or m, 0…1.
    public var shutLips: [Float] = []
    /// How likely the lower lip touches the teeth for f or v, 0…1.
    public var lipOnTeeth: [Float] = []

    /// Motion without a moment.
    public init() {}

    /// Whether it can be of a sound of that length, with numbers only: what comes from elsewhere may not.
    package func fits(seconds: Double) -> Bool {
        [opening, width, jaw, silence, shutLips, lipOnTeeth].allSatisfy { curve in
            abs(Double(curve.count) - seconds * Double(Self.framesPerSecond)) <= 10 && curve.count == opening.count
                && curve.allSatisfy(\.isFinite)
        }
    }
}
