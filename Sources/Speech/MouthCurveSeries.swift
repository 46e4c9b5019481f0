import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// Opening, width and jaw on the 10 ms grid: the blend of the phones' targets plus loudness.
///
/// Steps 2 to 5 of the rule model of Lipsmith's speech-to-mouth study. Each phone rules a lobe around its middle; a
/// frame is the mean of the targets weighted by the lobes. Lobes end where they no longer count, so the cost grows
/// with the length of the sound only.
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

    /// Blends `analysis` on the grid from −`padding` frames to `count + padding`; the padding holds silence.
    package init(analysis: SpeechAnalysis, activity: SpeechActivity, count: Int, padding: Int) {
        let classes = analysis.phonesAreExact ? MouthTargets.exactClasses : MouthTargets.classes
        let phones = Self.framed(analysis.phones, classes, count: count, padding: padding)
        let mouth = Blend(phones, count: count, padding: padding, before: 3, after: 2, strength: \.opening)
        let corners = Blend(phones, count: count, padding: padding, before: 9, after: 6, strength: \.width)
        opening = mouth.first
        jaw = mouth.second
        width = corners.third
        // Exact targets hold what loudness would add.
        if analysis.phonesAreExact { return }
        for index in opening.indices {
            let frame = index - padding
            guard activity.levels.indices.contains(frame) else { continue }
            let loudness = max(0, min(1.2, 1 + (activity.levels[frame] - activity.loudLevel) / 30))
            opening[index] += loudness * (0.19 * mouth.loudShare[index] + 0.50 * mouth.silentShare[index])
            jaw[index] += loudness * (0.18 * mouth.loudShare[index] + 0.56 * mouth.silentShare[index])
        }
    }

    private struct FramedPhone {
        var mouthClass: MouthTargets.Class
        var strength: MouthTargets.Strength
        var isSilence: Bool
        var start: Double
        var end: Double
    }

    /// Phones in frames, with silence before, between and after them wherever there is none.
    private static func framed(
        _ phones: [TimedPhone], _ classes: [String: MouthTargets.Class], count: Int, padding: Int
    ) -> [FramedPhone] {
        let rate = Double(SpeechAnalysis.framesPerSecond)
        var framed: [FramedPhone] = []
        func add(_ name: String, _ start: Double, _ end: Double) {
            let mouthClass = classes[name] ?? MouthTargets.silence
            let isSilence = mouthClass == MouthTargets.silence
            if isSilence, let last = framed.last, last.isSilence, start <= last.end {
                framed[framed.count - 1].end = end
                return
            }
            let strength = MouthTargets.strength(of: isSilence ? TimedPhone.silence : name)
            framed.append(
                FramedPhone(mouthClass: mouthClass, strength: strength, isSilence: isSilence, start: start, end: end))
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
        /// Opening, jaw and width.
        var first: [Float]
        var second: [Float]
        var third: [Float]
        /// Share of the classes that follow loudness, 0…1.
        var loudShare: [Float]
        /// Share of silence, 0…1.
        var silentShare: [Float]

        init(
            _ phones: [FramedPhone], count: Int, padding: Int, before: Double, after: Double,
            strength: KeyPath<MouthTargets.Strength, Float>
        ) {
            let size = count + 2 * padding
            first = [Float](repeating: 0, count: size)
            second = first
            third = first
            loudShare = first
            silentShare = first
            var sum = [Float](repeating: 1e-6, count: size)
            for phone in phones {
                let target = phone.mouthClass
                let amplitude = phone.strength[keyPath: strength]
                let lobe = Lobe(phone, before: before, after: after)
                // Grid index k stands for frame k − padding, at which the mouth is already `lead` frames further.
                let shift = Double(padding) - MouthCurveSeries.lead
                let range = Int((lobe.lower + shift).rounded(.up))..<Int((lobe.upper + shift).rounded(.down)) + 1
                for index in range.clamped(to: 0..<size) {
                    let dominance = amplitude * lobe.value(at: Double(index) - shift)
                    sum[index] += dominance
                    first[index] += dominance * target.opening
                    second[index] += dominance * target.jaw
                    third[index] += dominance * target.width
                    if target.followsLoudness { loudShare[index] += dominance }
                    if phone.isSilence { silentShare[index] += dominance }
                }
            }
            for index in 0..<size {
                first[index] /= sum[index]
                second[index] /= sum[index]
                third[index] /= sum[index]
                loudShare[index] /= sum[index]
                silentShare[index] /= sum[index]
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
