/// Where a sound holds speech, judged by its loudness alone.
///
/// The gate of Lipsmith's speech-to-mouth study (section "silence"), with three additions for sound it did not hold:
/// loudness is taken from the loud parts only, so that a minute of speech in an hour of silence keeps its scale; a
/// level that stands still is no speech, however loud; and a lone click is none.
package struct SpeechActivity {
    /// Levels smoothed over 5 frames, in decibels.
    let levels: [Float]
    /// The loudness of speech: the 95th percentile of the loud parts, in decibels.
    let loudLevel: Float
    /// The background: the 3rd percentile of everything, in decibels.
    let quietLevel: Float
    /// True for each frame that is loud and moving enough to be speech.
    let frames: [Bool]

    /// Speech under this cannot be told from the rounding noise of 16-bit sound, in decibels.
    private static let inaudible: Float = -75
    /// A loud part is a second whose 80th percentile is at most this far under the loudest one's, in decibels.
    private static let loudPartDepth: Float = 35
    /// Loudness that stays within this many decibels…
    private static let steadySpread: Float = 2
    /// …for this many frames is a tone, a hum or a hiss. Spoken syllables move by 10 dB four times a second.
    private static let steadyFrames = 80
    /// Where such a sound begins and ends the level jumps; this many frames of it are no speech either.
    private static let steadyMargin = 6
    /// Speech comes in stretches at least this long (frames); a click does not.
    private static let shortestStretch = 6
    /// A sound whose loudness moves less than this altogether holds no speech, in decibels.
    private static let leastRange: Float = 3
    /// Less speech than this in all is none, in frames.
    private static let leastSpeech = 10

    /// Judges `levels` in decibels, one per 10 ms.
    package init(levels: [Float]) {
        let smoothed = Statistics.boxSmoothed(levels, radius: 2)
        let loud = Statistics.quantile(0.95, ofSorted: Self.loudParts(smoothed).sorted())
        let quiet = Statistics.quantile(0.03, ofSorted: smoothed.sorted())
        let threshold = max(loud - 32, quiet + 0.25 * (loud - quiet), Self.inaudible)
        var frames = smoothed.map { $0 > threshold }
        for (start, spread) in Statistics.slidingSpread(smoothed, width: Self.steadyFrames).enumerated()
        where spread <= Self.steadySpread {
            let range = max(0, start - Self.steadyMargin)..<start + Self.steadyFrames + Self.steadyMargin
            for index in range.clamped(to: frames.indices) { frames[index] = false }
        }
        if loud - quiet < Self.leastRange, smoothed.count > Self.steadyFrames {
            frames = frames.map { _ in false }
        }
        for run in Self.runs(of: true, in: frames) where run.count < Self.shortestStretch {
            for index in run { frames[index] = false }
        }
        self.levels = smoothed
        loudLevel = loud
        quietLevel = quiet
        self.frames = frames
    }

    /// Loudness of speech over that of the background, in decibels.
    var signalToNoise: Float { levels.isEmpty ? 0 : loudLevel - quietLevel }

    /// Whether at least 100 ms count as speech and were also recognised as something else than silence.
    func containsSpeech(phones: [TimedPhone]) -> Bool {
        let rate = Double(SpeechAnalysis.framesPerSecond)
        var count = 0
        for phone in phones where phone.phone != TimedPhone.silence {
            let start = Int(phone.startSeconds * rate)
            let range = start..<max(start, Int(phone.endSeconds * rate))
            count += frames[range.clamped(to: frames.indices)].count { $0 }
            if count >= Self.leastSpeech { return true }
        }
        return false
    }

    /// The mouth's time of speech: widened by 160 ms both ways, pauses under 200 ms closed.
    ///
    /// `padding` frames of silence are added on both sides of the sound, so that speech at its ends can ring out;
    /// `count` is the number of frames without them.
    func mouthMask(count: Int, padding: Int) -> [Bool] {
        var mask = [Bool](repeating: false, count: count + 2 * padding)
        for run in Self.runs(of: true, in: frames) {
            let range = run.lowerBound + padding - 16..<run.upperBound + padding + 16
            for index in range.clamped(to: mask.indices) { mask[index] = true }
        }
        for gap in Self.runs(of: false, in: mask)
        where gap.count < 20 && gap.lowerBound > 0 && gap.upperBound < mask.count {
            for index in gap { mask[index] = true }
        }
        return mask
    }

    /// The levels of all seconds that are about as loud as the loudest one.
    private static func loudParts(_ levels: [Float]) -> [Float] {
        let starts = Array(stride(from: 0, to: levels.count, by: SpeechAnalysis.framesPerSecond))
        let parts = starts.map { levels[$0..<min($0 + SpeechAnalysis.framesPerSecond, levels.count)] }
        // A high percentile, not the peak: a slammed door must not set the scale.
        let loudness = parts.map { Statistics.quantile(0.8, ofSorted: $0.sorted()) }
        let limit = (loudness.max() ?? 0) - loudPartDepth
        return zip(parts, loudness).flatMap { $1 >= limit ? Array($0) : [] }
    }

    private static func runs(of value: Bool, in mask: [Bool]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for index in mask.indices {
            if mask[index] == value {
                start = start ?? index
            } else if let first = start {
                runs.append(first..<index)
                start = nil
            }
        }
        if let first = start { runs.append(first..<mask.count) }
        return runs
    }
}
