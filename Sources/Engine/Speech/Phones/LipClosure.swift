/// A ceiling on the opening where the lips must be seen together (p b m), or the lower lip at the teeth (f v).
///
/// Ceilings, cores and rise times for known phones are section 2, step 7 of Lipsmith's speech-to-mouth study.
package struct LipClosure: Hashable, Sendable {
    /// Where the ceiling is at `level`, in frames of 10 ms.
    package var core: ClosedRange<Double>
    /// The ceiling within the core, unit scale.
    package var level: Float
    /// Frames of 10 ms over which the ceiling rises by 1 (unit scale) on either side of the core.
    package var rise: Double
    package var kind: Kind

    /// The two kinds of closure whose absence viewers notice.
    package enum Kind: Sendable {
        /// The lips meet each other, for p b m.
        case lips
        /// The lower lip meets the upper teeth, for f v.
        case lipOnTeeth
    }

    /// The closures of `phones`, in order: each begins a frame before the phone and ends three before its end.
    package static func closures(of phones: [TimedPhone]) -> [LipClosure] {
        let rate = Double(SpeechAnalysis.framesPerSecond)
        return phones.compactMap { phone in
            guard let kind = MouthTargets.targets[phone.phone]?.closure else { return nil }
            var start = phone.startSeconds * rate - 1
            var end = phone.endSeconds * rate - 3
            if end < start {
                start = (start + end) / 2
                end = start
            }
            // A short phone's core may fall between two points of the grid; move it onto the nearest one.
            if start.rounded(.up) > end {
                start = ((start + end) / 2).rounded()
                end = start
            }
            let isBilabial = kind == .lips
            return LipClosure(core: start...end, level: isBilabial ? 0 : 0.12, rise: isBilabial ? 5 : 6, kind: kind)
        }
    }

    /// The closures in an encoder's motion: stretches of at least 40 ms with a probability over 0.5 of p b m, or of f
    /// v.
    ///
    /// These are less certain than known phones, so the ceiling of p b m is 0.05 (the opening at rest) and rises within
    /// 40 ms: on people left out of training the track follows the lips better this way, and shows more of their
    /// closures, than with the ceilings of known phones (docs/mouth-network.md). Thresholds between 40 and 80 % hardly
    /// differ.
    package static func closures(in learned: LearnedMotion) -> [LipClosure] {
        closures(where: learned.shutLips, level: 0.05, rise: 4, kind: .lips)
            + closures(where: learned.lipOnTeeth, level: 0.12, rise: 6, kind: .lipOnTeeth)
    }

    private static func closures(
        where likelihoods: [Float], level: Float, rise: Double, kind: Kind
    ) -> [LipClosure] {
        let framesPerValue = Double(SpeechAnalysis.framesPerSecond) / Double(LearnedMotion.framesPerSecond)
        var found: [LipClosure] = []
        var start: Int?
        for index in 0...likelihoods.count {
            if index < likelihoods.count, likelihoods[index] > 0.5 {
                start = start ?? index
            } else if let first = start {
                start = nil
                guard index - first >= 2 else { continue }
                let core = Double(first) * framesPerValue...Double(index - 1) * framesPerValue
                found.append(LipClosure(core: core, level: level, rise: rise, kind: kind))
            }
        }
        return found
    }

    /// Lowers `opening` (index k is frame k − `padding`) to the ceiling.
    package func apply(to opening: inout [Float], padding: Int) {
        // Openings are limited to 1.9, so a ceiling over 2.5 has no effect.
        let reach = 2.5 * rise
        let lower = Int((core.lowerBound - reach).rounded(.up)) + padding
        let upper = Int((core.upperBound + reach).rounded(.down)) + padding
        for index in (lower..<upper + 1).clamped(to: opening.indices) {
            let frame = Double(index - padding)
            let distance = max(0, core.lowerBound - frame, frame - core.upperBound)
            opening[index] = min(opening[index], level + Float(distance / rise))
        }
    }
}
