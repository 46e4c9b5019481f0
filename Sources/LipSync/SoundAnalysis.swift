import Media
import Speech

/// The sound that shall be spoken: its exact length and what is said in it.
struct SoundFacts: Sendable {
    var sampleRate: Int
    var channelCount: Int
    /// Samples at the sound's own rate; 0 for an empty track.
    var sampleCount: Int
}

enum SoundAnalysis {
    /// Longer sounds are refused.
    static let maximumSeconds = 7200.0

    /// Counts the samples of a sound by reading it once: containers' own lengths are estimates.
    ///
    /// - Throws: `MediaError`, `RenderFailure` of code `cancelled`.
    static func measure(_ path: String, cancellation: Cancellation) throws -> SoundFacts {
        let reader = try AudioReader(path)
        var count = 0
        while let block = try reader.next() {
            count += block.frameCount
            try cancellation.check()
            if Double(count) > maximumSeconds * Double(reader.sampleRate) {
                throw MediaError(
                    code: .durationTooLong, message: "The sound is longer than two hours.",
                    suggestion: "Cut it into shorter parts.", detail: path)
            }
        }
        return SoundFacts(
            sampleRate: reader.sampleRate, channelCount: reader.channelCount, sampleCount: count)
    }

    /// Recognises what is said.
    ///
    /// - Throws: `MediaError`, `SpeechError`, `RenderFailure` of code `cancelled`.
    static func analyze(_ path: String, cancellation: Cancellation) throws -> SpeechAnalysis {
        let reader = try AudioReader(path, sampleRate: 16_000, channelCount: 1)
        let analyzer = try SpeechAnalyzer()
        while let block = try reader.next() {
            try cancellation.check()
            try analyzer.append(block.samples[0])
        }
        return try analyzer.finish()
    }
}
