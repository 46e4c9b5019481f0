import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Opening, width and jaw on the 10 ms grid, before they are stretched to the speaker's range.
package struct MouthCurveSeries {
    package var opening: [Float]
    package var width: [Float]
    package var jaw: [Float]

    /// The mouth moves before the sound, in frames.
    private static let lead = 2.0
    /// Longer silences are plateaus instead of lobes, in frames.
    private static let longestSilenceLobe = 16.0
    /// A lobe is cut where it is under a millionth of its top: exp(−5.2^1.6).
    private static let reach = 5.2

    /// The blend of known phones' targets, on the grid from −`padding` frames to `count + padding`; the padding holds
    /// silence.
    ///
    /// Steps 2 to 4 of the rule model of Lipsmith's speech-to-mouth study. Each phone rules a lobe around its middle; a
    /// frame is the mean of the targets weighted by the lobes. Lobes end where they no longer count, so the cost grows with
    /// the length of the sound only.
    package init(phones: [TimedPhone], count: Int, padding: Int) {
        let phones = Self.framed(phones, count: count, padding: padding)
        let mouth = Blend(phones, count: count, padding: padding, before: 3, after: 2, strength: \.opening)
        let corners = Blend(phones, count: count, padding: padding, before: 9, after: 6, strength: \.width)
        opening = mouth.opening
        jaw = mouth.jaw
        width = corners.width
    }

    /// What an encoder hears, every 20 ms, on the same grid by straight lines; held beyond the ends.
    ///
    /// Means of three neighbours: they follow real lips as well as single values, and the picture flickers less.
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

    /// The weighted mean of two series, each brought to mean 0 and spread 1 over the speech first.
    ///
    /// - Parameters:
    ///   - share: The rules' part, 0…1.
    ///   - mask: Which frames are speech.
    init(rules: MouthCurveSeries, share: Float, heard: MouthCurveSeries, mask: [Bool]) {
        func mix(_ rules: [Float], _ usual: ClosedRange<Float>, _ heard: [Float]) -> [Float] {
            let heard = Statistics.standardized(heard, where: mask, usually: Self.heardScale)
            let ruled = Statistics.standardized(
                rules, where: mask,
                // The range is that of the 3rd to 97th percentile: 3.8 spreads of an even curve.
                usually: ((usual.lowerBound + usual.upperBound) / 2, (usual.upperBound - usual.lowerBound) / 3.8))
            return zip(heard, ruled).map { (1 - share) * $0 + share * $1 }
        }
        opening = mix(rules.opening, Self.ruleRanges[0], heard.opening)
        width = mix(rules.width, Self.ruleRanges[1], heard.width)
        jaw = mix(rules.jaw, Self.ruleRanges[2], heard.jaw)
    }

    /// The 3rd to 97th percentile of the rules' opening, width and jaw in speech, in unit scale: means of the study's clips.
    static let ruleRanges: [ClosedRange<Float>] = [0.19...0.81, 0.22...0.69, 0.30...0.82]
    /// Likewise of curves that are heard, in spreads of a speaker: means of the clips that taught the network.
    static let heardRanges: [ClosedRange<Float>] = [-1.45...2.15, -1.7...1.5, -1.9...2.05]
    /// Likewise of the blends of both: means of 24 talking clips, measured with the ears before.
    static let blendedRanges: [ClosedRange<Float>] = [-1.35...2.3, -1.7...1.7, -1.3...2.25]
    /// Mean and spread of the curves that are heard, on the clips of `heardRanges`.
    private static let heardScale = (mean: Float(0), spread: Float(0.95))

    private struct FramedPhone {
        var target: MouthTargets.Target
        var strength: MouthTargets.Strength
        var isSilence: Bool
        var start: Double
        var end: Double
    }

    /// Phones in frames, with silence before, between and after them wherever there is none.
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

    /// The dominance-weighted means for one shape of lobe.
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
                // Grid index k stands for frame k − padding, at which the mouth is already `lead` frames further.
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

    /// Where and how much one phone rules, without its strength.
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
