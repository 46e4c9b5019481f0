extension MouthCurveSeries {
    /// The 3rd and 97th percentile of blended curves, mean of 24 talking clips: opening, width, jaw.
    static let blendedRanges: [ClosedRange<Float>] = [-1.35...2.3, -1.7...1.7, -1.3...2.25]

    /// The rules' part, the network's being 1; known phones deserve more trust than recognised ones.
    private static let ruleShare: Float = 1
    private static let exactRuleShare: Float = 2
    /// Mean and spread of the network's own curves on the same clips.
    private static let learnedScale = (mean: Float(0), spread: Float(0.73))

    /// Mixes in what the mouth network hears; all curves are in spreads then.
    ///
    /// The mean of both follows unknown speakers better than either (docs/mouth-network.md): the network hears rate, stress
    /// and every language; the rules know what a phone needs. Each is brought to mean 0 and spread 1 over the speech first.
    ///
    /// - Parameters:
    ///   - mask: Which frames are speech.
    ///   - padding: The frames before the sound.
    mutating func blend(_ learned: LearnedMotion, mask: [Bool], padding: Int, phonesAreExact: Bool) {
        let share = phonesAreExact ? Self.exactRuleShare : Self.ruleShare
        func mix(_ rules: inout [Float], _ learned: [Float], _ range: ClosedRange<Float>) {
            let heard = Statistics.standardized(
                Self.onGrid(learned, count: rules.count, padding: padding), where: mask, usually: Self.learnedScale)
            let ruled = Statistics.standardized(
                rules, where: mask,
                // The range is that of the 3rd to 97th percentile: 3.8 spreads of an even curve.
                usually: ((range.lowerBound + range.upperBound) / 2, (range.upperBound - range.lowerBound) / 3.8))
            rules = zip(heard, ruled).map { ($0 + share * $1) / (1 + share) }
        }
        mix(&opening, learned.opening, MouthMotion.meanRanges[0])
        mix(&width, learned.width, MouthMotion.meanRanges[1])
        mix(&jaw, learned.jaw, MouthMotion.meanRanges[2])
    }

    /// Values every 20 ms on the grid of 10 ms, by straight lines; held beyond the ends.
    private static func onGrid(_ values: [Float], count: Int, padding: Int) -> [Float] {
        guard let last = values.indices.last else { return [Float](repeating: 0, count: count) }
        return (0..<count).map { index in
            let position = min(max(Float(index - padding) / 2, 0), Float(last))
            let lower = Int(position)
            let upper = min(lower + 1, last)
            return values[lower] + (position - Float(lower)) * (values[upper] - values[lower])
        }
    }
}
