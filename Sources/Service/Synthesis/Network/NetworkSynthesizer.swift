import Wave

/// Speaks runs of symbols into files, in a confined child.
public final class NetworkSynthesizer {
    /// The silence after a run that ends a sentence, in seconds, at the voice's own pace. Unmeasured.
    private static let sentencePauseSeconds = 0.3
    /// The silence after a run that was cut within a sentence.
    private static let cutPauseSeconds = 0.1
    /// What the network's samples are multiplied with: its voices peak at up to 1.15, and files have no room above 1.
    private static let gain = Float(0.7)
    /// The longest sound of one order, in seconds: 5,000 characters spoken slowly are shorter.
    private static let longestSeconds = 3600.0

    private let network: VoiceNetwork
    private let folder: String

    /// Loads the network.
    ///
    /// - Parameter folder: Holds the network and its voices.
    /// - Throws: `SynthesisFailure` of code `missing`.
    public init(folder: String, runtimeFolder: String) throws(SynthesisFailure) {
        network = try VoiceNetwork(folder: folder, runtimeFolder: runtimeFolder)
        self.folder = folder
    }

    /// Carries out an order of the parent process.
    public func answer(_ order: NetworkOrder) -> SynthesisAnswer {
        do { return SynthesisAnswer(pieces: try speak(order)) } catch { return SynthesisAnswer(failure: error) }
    }

    private func speak(_ order: NetworkOrder) throws(SynthesisFailure) -> [SpokenPiece] {
        let style = try VoiceStyle(order.voice, folder: folder)
        let pace = order.pace.isFinite ? min(max(order.pace, 0.5), 2) : 1
        var pieces: [SpokenPiece] = []
        var totalSeconds = 0.0
        for (index, runs) in order.pieces.enumerated() {
            var samples: [Float] = []
            var spans: [PhoneSpan] = []
            var pauseSeconds = 0.0
            for run in runs {
                samples += [Float](repeating: 0, count: Int(pauseSeconds * Double(VoiceNetwork.sampleRate)))
                let start = Double(samples.count) / Double(VoiceNetwork.sampleRate)
                let symbols = Array(run.unicodeScalars)
                let take = try network.speak(symbols, style: style, pace: pace)
                samples += take.samples
                spans += take.spans.map {
                    PhoneSpan(
                        phones: $0.phones, startSeconds: $0.startSeconds + start, endSeconds: $0.endSeconds + start)
                }
                let endsSentence = symbols.last.map(VoiceSymbols.sentenceEnds.contains) ?? false
                pauseSeconds = (endsSentence ? Self.sentencePauseSeconds : Self.cutPauseSeconds) / pace
            }
            let seconds = Double(samples.count) / Double(VoiceNetwork.sampleRate)
            totalSeconds += seconds
            guard totalSeconds <= Self.longestSeconds else {
                throw SynthesisFailure(.tooLong, detail: "piece \(index)")
            }
            let path = "\(order.pathPrefix)\(index).wav"
            try WaveFile(sampleRate: VoiceNetwork.sampleRate, samples: Self.integers(samples)).write(to: path)
            pieces.append(
                SpokenPiece(
                    path: path, durationSeconds: seconds,
                    phones: PhoneSpan.gapless(spans, durationSeconds: seconds), pauseSeconds: pauseSeconds))
        }
        return pieces
    }

    /// In 16 bits, never over full scale.
    private static func integers(_ samples: [Float]) -> [Int16] {
        let peak = samples.reduce(0) { max($0, abs($1)) }
        let gain = min(gain, 0.95 / max(peak, 1e-6))
        return samples.map { Int16(($0 * gain * 32767).rounded()) }
    }
}
