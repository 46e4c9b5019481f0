import FoundationEssentials
import Media

#if canImport(Glibc)
    import Glibc
#endif

/// The motion of a mouth for one sound, on the 10 ms grid: stretched, with closures, rest and speed limits applied.
package struct MouthMotion {
    /// In unit scale, as `width` and `jaw`; one value every 10 ms, with padding on both sides.
    package private(set) var opening: [Float]
    package private(set) var width: [Float]
    package private(set) var jaw: [Float]
    /// How much the mouth speaks, 0…1.
    package private(set) var speech: [Float]
    private let closures: [LipClosure]

    /// Frames of silence on both sides of the sound: enough for the lobes, the extended mask and its blur.
    private static let padding = 50
    /// Largest change per frame in unit scale: 5 mouth widths a second for opening, 2.5 for width and jaw (the 99th
    /// percentile of real speech), divided by the median speakers' ranges of 0.23, 0.16 and 0.17 mouth widths. Section
    /// 4 of Lipsmith's speech-to-mouth study.
    private static let speedLimits: [Float] = [5 / 0.23 / 100, 2.5 / 0.16 / 100, 2.5 / 0.17 / 100]
    /// The ramp into and out of rest: standard deviation of the mask's blur in frames (60 ms, section 2, step 8 of the
    /// study).
    private static let maskSigma = 6.0

    /// The weight of the rules in the curves of known phones; the rest is the encoder's. On aligned speech of people
    /// left out of training, larger weights follow real lips worse (docs/mouth-network.md).
    private static let ruleShare: Float = 0.3

    /// The motion of a sound that holds speech.
    package init(_ analysis: SpeechAnalysis, options: MouthTrackOptions) {
        let padding = Self.padding
        let rate = Double(SpeechAnalysis.framesPerSecond)
        let count = max(analysis.levels.count, Int((analysis.durationSeconds * rate).rounded(.up)) + 1)
        let learned = analysis.learned ?? LearnedMotion()
        var curves = MouthCurveSeries(learned, count: count, padding: padding)
        let mask: [Bool]
        let ranges: [ClosedRange<Float>]
        var closures: [LipClosure]
        if analysis.phonesAreExact {
            mask = SpeechMask(analysis.phones, count: count, padding: padding).frames
            let rules = MouthCurveSeries(phones: analysis.phones, count: count, padding: padding)
            let isHeard = analysis.learned != nil
            curves =
                isHeard ? MouthCurveSeries(rules: rules, share: Self.ruleShare, heard: curves, mask: mask) : rules
            ranges = isHeard ? MouthCurveSeries.blendedRanges : MouthCurveSeries.ruleRanges
            closures = LipClosure.closures(of: analysis.phones)
        } else {
            mask = SpeechMask(learned, count: count, padding: padding).frames
            ranges = MouthCurveSeries.heardRanges
            closures = LipClosure.closures(in: learned)
        }
        let blurred = Statistics.gaussianBlurred(mask, sigma: Self.maskSigma)
        let gains = Self.gains(temperature: options.temperature, signalToNoise: analysis.signalToNoiseDecibels)
        closures = closures.filter {
            let middle = Int(($0.core.lowerBound + $0.core.upperBound) / 2) + padding
            return blurred.indices.contains(middle) && blurred[middle] > 0.5
        }
        self.closures = closures
        speech = blurred
        let bend = analysis.phonesAreExact ? MouthSpread.knownOpening : MouthSpread.opening
        opening = Self.stretched(curves.opening, mask: mask, meanRange: ranges[0]).map {
            let share = bend.apply(to: $0)
            return Self.softLimited(options.restOpening + gains.opening * (share - options.restOpening))
        }
        width = Self.stretched(curves.width, mask: mask, meanRange: ranges[1]).map {
            let share = MouthSpread.width.apply(to: $0)
            return max(-0.5, min(1.5, options.restWidth + gains.width * (share - options.restWidth)))
        }
        jaw = Self.stretched(curves.jaw, mask: mask, meanRange: ranges[2]).map {
            let share = MouthSpread.jaw.apply(to: $0)
            return max(-0.3, min(1.6, options.restJaw + gains.opening * (share - options.restJaw)))
        }
        for closure in self.closures { closure.apply(to: &opening, padding: padding) }
        for index in blurred.indices {
            let share = blurred[index]
            opening[index] = share * opening[index] + (1 - share) * options.restOpening
            width[index] = share * width[index] + (1 - share) * options.restWidth
            jaw[index] = share * jaw[index] + (1 - share) * options.restJaw
        }
        // The lower envelope limits the speed without raising the opening in a closure.
        opening = Statistics.lowerEnvelope(opening, step: Self.speedLimits[0])
        width = Statistics.speedLimited(width, step: Self.speedLimits[1])
        jaw = Statistics.speedLimited(jaw, step: Self.speedLimits[2])
    }

    /// The gain on motion away from rest, for opening and jaw, and for width.
    ///
    /// The gains are those of section 4 of the speech-to-mouth study. In noise the encoder is less certain, so the
    /// mouth moves less: below 15 dB the temperature falls, to 0.7 of its value at 10 dB (section 5; the ramp between
    /// is unmeasured).
    ///
    /// - Parameters:
    ///   - temperature: 0…1.
    ///   - signalToNoise: In decibels.
    package static func gains(temperature: Double, signalToNoise: Float) -> (opening: Float, width: Float) {
        let certainty = 0.7 + 0.3 * max(0, min(1, (signalToNoise - 10) / 5))
        let effective = Float(max(0, min(1, temperature))) * certainty
        return (0.45 + 1.05 * effective, 0.6 + 0.8 * effective)
    }

    /// Limits an opening in unit scale to 0…1.9: 1.9 is 0.45 mouth widths, the 98th percentile of wide speakers
    /// (section 4 of the study). Above 1.4 values approach it smoothly; the start of the bend is unmeasured.
    package static func softLimited(_ value: Float) -> Float {
        let (knee, limit): (Float, Float) = (1.4, 1.9)
        guard value > knee else { return max(0, value) }
        return knee + (limit - knee) * tanh((value - knee) / (limit - knee))
    }

    /// Maps the curve's 3rd and 97th percentile in speech to 0 and 1, since least-squares curves are flatter than real
    /// motion.
    ///
    /// With less than 1 s of speech `meanRange` is used instead, from 3 s on the curve's own percentiles, a blend
    /// between. At least half the width of `meanRange` is assumed: a hum must not become a wide mouth.
    ///
    /// - Parameter meanRange: The percentiles' means over many clips.
    package static func stretched(_ curve: [Float], mask: [Bool], meanRange: ClosedRange<Float>) -> [Float] {
        let spoken = zip(curve, mask).compactMap { $1 ? $0 : nil }.sorted()
        let weight = Statistics.trust(inFrames: spoken.count)
        let meanWidth = meanRange.upperBound - meanRange.lowerBound
        var own = (low: meanRange.lowerBound, high: meanRange.upperBound)
        if weight > 0 {
            own = (Statistics.quantile(0.03, ofSorted: spoken), Statistics.quantile(0.97, ofSorted: spoken))
            let missing = max(0, meanWidth / 2 - (own.high - own.low))
            own = (own.low - missing / 2, own.high + missing / 2)
        }
        let low = weight * own.low + (1 - weight) * meanRange.lowerBound
        let high = weight * own.high + (1 - weight) * meanRange.upperBound
        return curve.map { ($0 - low) / (high - low) }
    }

    /// The value of one of this motion's curves at a time of the sound, interpolated linearly; `outside` beyond the
    /// grid.
    package func sample(_ curve: [Float], at seconds: Double, outside: Float) -> Float {
        let position = seconds * Double(SpeechAnalysis.framesPerSecond) + Double(Self.padding)
        guard position >= 0, position < Double(curve.count - 1) else { return outside }
        let index = Int(position)
        return curve[index] + Float(position - Double(index)) * (curve[index + 1] - curve[index])
    }

    /// Lowers the opening in the frame that shows most of each closure, and lists the closures of p b m in the track.
    ///
    /// Sampling the middles of the frames alone would miss closures shorter than a frame.
    ///
    /// - Parameter startSeconds: The time of the sound at which the track begins.
    package func showClosures(in track: inout MouthTrack, startSeconds: Double) {
        let rate = Double(SpeechAnalysis.framesPerSecond)
        let frameRate = track.frameRate.value
        let endSeconds = startSeconds + Double(track.opening.count) / frameRate
        for closure in closures {
            let seconds = closure.core.lowerBound / rate...closure.core.upperBound / rate
            guard seconds.upperBound >= startSeconds, seconds.lowerBound < endSeconds else { continue }
            if closure.kind == .lips { track.closures.append(seconds) }
            // In units of output frames from the start of the track.
            let core = (seconds.lowerBound - startSeconds) * frameRate...(seconds.upperBound - startSeconds) * frameRate
            let first = max(0, Int(core.lowerBound.rounded(.down)))
            let last = min(track.opening.count - 1, Int(core.upperBound.rounded(.down)))
            var best = (frame: first, shown: -1.0, middle: 0.0)
            for frame in first...max(first, last) {
                let from = max(core.lowerBound, Double(frame))
                let to = min(core.upperBound, Double(frame + 1))
                if to - from > best.shown { best = (frame, to - from, (from + to) / 2) }
            }
            guard track.opening.indices.contains(best.frame) else { continue }
            let nearest = ((startSeconds + best.middle / frameRate) * rate).rounded()
            let inCore = max(closure.core.lowerBound.rounded(.up), min(closure.core.upperBound.rounded(.down), nearest))
            let index = max(0, min(opening.count - 1, Int(inCore) + Self.padding))
            // In that frame the lips shut completely, however certain the network was.
            let shown = closure.kind == .lips ? 0 : opening[index]
            track.opening[best.frame] = min(track.opening[best.frame], shown)
        }
    }
}
