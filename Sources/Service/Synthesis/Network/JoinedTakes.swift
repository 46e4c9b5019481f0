public import Speech

/// Takes of the voice network one after the other, with the pauses that belong between them.
public struct JoinedTakes: Sendable {
    /// The silence behind a run that ends a sentence, in seconds, at the voice's own pace. Unmeasured.
    private static let sentencePauseSeconds = 0.3
    /// The silence behind a run that was cut within a sentence.
    private static let cutPauseSeconds = 0.1

    /// The sound, at `VoiceNetwork.sampleRate`; full scale is 1, and some voices go beyond it.
    public private(set) var samples: [Float] = []
    /// The silence before the next take, in seconds.
    public private(set) var pauseSeconds = 0.0
    private var spans: [PhoneSpan] = []

    public init() {}

    /// The length in seconds, without the last pause.
    public var durationSeconds: Double { Double(samples.count) / Double(VoiceNetwork.sampleRate) }

    /// The phones, without gaps.
    public var phones: [TimedPhone] { PhoneSpan.gapless(spans, durationSeconds: durationSeconds) }

    /// Adds the take of a run.
    ///
    /// - Parameters:
    ///   - symbols: The run.
    ///   - pace: The pace at which it was spoken, as a factor.
    public mutating func append(_ take: NetworkTake, symbols: String, pace: Double) {
        samples += [Float](repeating: 0, count: Int(pauseSeconds * Double(VoiceNetwork.sampleRate)))
        let start = durationSeconds
        samples += take.samples
        spans += take.spans.map {
            PhoneSpan(phones: $0.phones, startSeconds: $0.startSeconds + start, endSeconds: $0.endSeconds + start)
        }
        let endsSentence = symbols.unicodeScalars.last.map(VoiceSymbols.sentenceEnds.contains) ?? false
        pauseSeconds = (endsSentence ? Self.sentencePauseSeconds : Self.cutPauseSeconds) / pace
    }
}
