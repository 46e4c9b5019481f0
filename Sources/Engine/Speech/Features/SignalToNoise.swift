/// Estimates the ratio of speech to background noise from the course of the loudness alone.
enum SignalToNoise {
    /// A second counts as a loud part when its 80th percentile is at most this far below that of the loudest second, in
    /// decibels, so that a minute of speech in an hour of silence is measured like speech alone. Unmeasured.
    private static let loudPartDepth: Float = 35

    /// The 95th percentile of the loud parts of `levels` (one every 10 ms) over the 3rd percentile of everything, in
    /// decibels.
    static func decibels(_ levels: [Float]) -> Float {
        guard !levels.isEmpty else { return 0 }
        let smoothed = Statistics.boxSmoothed(levels, radius: 2)
        let starts = Array(stride(from: 0, to: smoothed.count, by: SpeechAnalysis.framesPerSecond))
        let parts = starts.map { smoothed[$0..<min($0 + SpeechAnalysis.framesPerSecond, smoothed.count)] }
        // The 80th percentile instead of the peak: one loud noise must not set the scale.
        let loudness = parts.map { Statistics.quantile(0.8, ofSorted: $0.sorted()) }
        let limit = (loudness.max() ?? 0) - loudPartDepth
        let loud = zip(parts, loudness).flatMap { $1 >= limit ? Array($0) : [] }
        let background = Statistics.quantile(0.03, ofSorted: smoothed.sorted())
        return Statistics.quantile(0.95, ofSorted: loud.sorted()) - background
    }
}
