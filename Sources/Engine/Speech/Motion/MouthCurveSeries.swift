import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// The curves of opening, width and jaw on the 10 ms grid, before they are stretched to the speaker's range.
package struct MouthCurveSeries {
    package var opening: [Float]
    package var width: [Float]
    package var jaw: [Float]

    /// How far the mouth moves ahead of the sound, in frames of 10 ms: section 2, step 3 of Lipsmith's speech-to-mouth
    /// study, where it raised the correlation of the opening from 0.45 to 0.49 (with wider lobes for the width).
    private static let lead = 2.0
    /// Longer silences are plateaus instead of lobes, in frames: the same step of the study.
    private static let longestSilenceLobe = 16.0
    /// A lobe is cut at this distance, in its own widths, where it is a millionth of its peak: exp(−5.2^1.6).
    private static let reach = 5.2

    /// The blend of known phones' targets, on the grid from −`padding` frames to `count + padding`; the padding holds
    /// silence.
    ///
    /// Section 2, steps 2 to 4 of Lipsmith's speech-to-mouth study, with its lobe widths (frames before and after the
    /// middle): each phone has a lobe of influence around its middle, and a frame is the mean of the targets weighted
    /// by the lobes. Lobes are cut at `reach`, so the cost grows linearly with the length of the sound.
    package init(phones: [TimedPhone], count: Int, padding: Int) {
        let phones = Self.framed(phones, count: count, padding: padding)
        let mouth = Blend(phones, count: count, padding: padding, before: 3, after: 2, strength: \.opening)
        let corners = Blend(phones, count: count, padding: padding, before: 9, after: 6, strength: \.width)
        opening = mouth.opening
        jaw = mouth.jaw
        width = corners.width
    }

    /// The curves of an encoder, one value every 20 ms, interpolated linearly on the same grid; the first and last
    /// value are continued beyond the ends.
    ///
    /// Each value is the mean of three neighbours: that costs no correlation with real lips and lowers the median
    /// flicker of drawn mouths from 1.34 to 1.27 (docs/mouth-network.md).
    init(_ learned: LearnedMotion, count: Int, padding: Int) {
        func onGrid(_ heard: [Float]) -> [Float] {
            let values = Statistics.boxSmoothed(heard, radius: 1)
            guard let last = values.indices.last else { return [Float](repeating: 0, count: count + 2 * padding) }
            return (0..<count + 2 * padding).map { index in
                let position = min(max(Float(index - padding) / 2, 0), Float(last))
                let lower = Int(position)
                let upper = min(lower + 1, last)
                return values[lower] + (position - Float(lower)) * (values[upper] - values[lower])
            }
        }
        opening = onGrid(learned.opening)
        width = onGrid(learned.width)
        jaw = onGrid(learned.jaw)
    }

    /// The weighted mean of two series, each standardised over the speech first.
    ///
    /// - Parameters:
    ///   - share: The weight of the rules, 0…1.
    ///   - mask: Which frames are speech.
    init(rules: MouthCurveSeries, share: Float, heard: MouthCurveSeries, mask: [Bool]) {
        func mix(_ rules: [Float], _ usual: ClosedRange<Float>, _ heard: [Float]) -> [Float] {
            let heard = Statistics.standardized(heard, where: mask, usually: Self.heardScale)
            let ruled = Statistics.standardized(
                rules, where: mask,
                // From the 3rd to the 97th percentile a normal distribution has 3.8 standard deviations.
                usually: ((usual.lowerBound + usual.upperBound) / 2, (usual.upperBound - usual.lowerBound) / 3.8))
            return zip(heard, ruled).map { (1 - share) * $0 + share * $1 }
        }
        opening = mix(rules.opening, Self.ruleRanges[0], heard.opening)
        width = mix(rules.width, Self.ruleRanges[1], heard.width)
        jaw = mix(rules.jaw, Self.ruleRanges[2], heard.jaw)
    }

    /// The 3rd to 97th percentile of the rules' opening, width and jaw in speech, in unit scale: means over the clips
    /// of the speech-to-mouth study (section 2, step 6).
    static let ruleRanges: [ClosedRange<Float>] = [0.19...0.81, 0.22...0.69, 0.30...0.82]
    /// The same percentiles of an encoder's curves, in standard deviations of a speaker: means over the clips that the
    /// network was trained on.
    static let heardRanges: [ClosedRange<Float>] = [-1.45...2.15, -1.7...1.5, -1.9...2.05]
    /// The same percentiles of blends of both: means over 24 talking clips, measured with the network before this one.
    static let blendedRanges: [ClosedRange<Float>] = [-1.35...2.3, -1.7...1.7, -1.3...2.25]
    /// Mean and standard deviation of an encoder's curves on the clips of `heardRanges`.
    private static let heardScale = (mean: Float(0), spread: Float(0.95))

    private struct FramedPhone {
        var target: MouthTargets.Target
        var strength: MouthTargets.Strength
        var isSilence: Bool
        var start: Double
        var end: Double
    }

    /// Phones in frames of 10 ms, with silence in every gap before, between and after them.
    private static func framed(_ phones: [TimedPhone], count: Int, padding: Int) -> [FramedPhone] {
        let rate = Double(SpeechAnalysis.framesPerSecond)
        var framed: [FramedPhone] = []
        func add(_ name: String, _ start: Double, _ end: Double) {
            let target = MouthTargets.targets[name] ?? MouthTargets.silence
            let isSilence = target == MouthTargets.silence
            if isSilence, let last = framed.last, last.isSilence, start <= last.end {
                framed[framed.count - 1].end = end
                return
            }
            let strength = MouthTargets.strength(of: isSilence ? TimedPhone.silence : name)
            framed.append(
                FramedPhone(target: target, strength: strength, isSilence: isSilence, start: start, end: end))
        }
        var end = Double(-padding)
        for phone in phones {
            let (start, stop) = (phone.startSeconds * rate, phone.endSeconds * rate)
            if start > end + 1e-6 { add(TimedPhone.silence, end, start) }
            add(phone.phone, start, stop)
            end = max(end, stop)
        }
        if Double(count + padding) > end { add(TimedPhone.silence, end, Double(count + padding)) }
        return framed
    }

    /// The targets' means, weighted by lobes that reach `before` and `after` the middle of a phone (frames).
    private struct Blend {
        var opening: [Float]
        var width: [Float]
        var jaw: [Float]

        init(
            _ phones: [FramedPhone], count: Int, padding: Int, before: Double, after: Double,
            strength: KeyPath<MouthTargets.Strength, Float>
        ) {
            let size = count + 2 * padding
            opening = [Float](repeating: 0, count: size)
            width = opening
            jaw = opening
            var sum = [Float](repeating: 1e-6, count: size)
            for phone in phones {
                let target = phone.target
                let amplitude = phone.strength[keyPath: strength]
                let lobe = Lobe(phone, before: before, after: after)
                // Grid index k is frame k − padding, at which the mouth is already `lead` frames ahead.
                let shift = Double(padding) - MouthCurveSeries.lead
                let range = Int((lobe.lower + shift).rounded(.up))..<Int((lobe.upper + shift).rounded(.down)) + 1
                for index in range.clamped(to: 0..<size) {
                    let dominance = amplitude * lobe.value(at: Double(index) - shift)
                    sum[index] += dominance
                    opening[index] += dominance * target.opening
                    width[index] += dominance * target.width
                    jaw[index] += dominance * target.jaw
                }
            }
            for index in 0..<size {
                opening[index] /= sum[index]
                width[index] /= sum[index]
                jaw[index] /= sum[index]
            }
        }
    }

    /// The influence of one phone over time, 0…1, without its strength. Constants as in the study's formulas.
    private struct Lobe {
        let lower: Double
        let upper: Double
        private let start: Double
        private let end: Double
        private let centre: Double
        private let widthBefore: Double
        private let widthAfter: Double
        private let isPlateau: Bool

        init(_ phone: FramedPhone, before: Double, after: Double) {
            start = phone.start
            end = phone.end
            centre = (start + end) / 2
            isPlateau = phone.isSilence && end - start > MouthCurveSeries.longestSilenceLobe
            if isPlateau {
                widthBefore = 7.2 + before
                widthAfter = widthBefore
                lower = start + 8 - MouthCurveSeries.reach * widthBefore
                upper = end - 8 + MouthCurveSeries.reach * widthBefore
            } else {
                let half = max(2, (end - start) / 2)
                widthBefore = 0.9 * half + before
                widthAfter = 0.9 * half + after
                lower = centre - MouthCurveSeries.reach * widthBefore
                upper = centre + MouthCurveSeries.reach * widthAfter
            }
        }

        func value(at time: Double) -> Float {
            let distance: Double
            if isPlateau {
                distance = max(0, 8 - min(time - start, end - time)) / widthBefore
            } else {
                distance = time < centre ? (centre - time) / widthBefore : (time - centre) / widthAfter
            }
            return distance == 0 ? 1 : Float(exp(-pow(distance, 1.6)))
        }
    }
}
