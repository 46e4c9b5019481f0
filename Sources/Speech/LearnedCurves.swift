/// The curves of the mouth network and of the rule model as one, on the 10 ms grid.
///
/// The mean of both follows unknown speakers better than either (docs/mouth-network.md): the network hears rate, stress and
/// every language; the rules know what a phone needs. Each curve is brought to mean 0 and spread 1 over the speech first.
struct LearnedCurves {
    /// Opening, width and jaw, in spreads.
    private(set) var opening: [Float]
    private(set) var width: [Float]
    private(set) var jaw: [Float]

    /// The 3rd and 97th percentile of these curves, mean of 24 talking clips: opening, width, jaw.
    static let meanRanges: [ClosedRange<Float>] = [-1.35...2.3, -1.7...1.7, -1.3...2.25]

    /// The rules' part, the network's being 1; known phones deserve more trust than recognised ones.
    private static let ruleShare: Float = 1
    private static let exactRuleShare: Float = 2
    /// Mean and spread of the network's own curves on the same clips.
    private static let learnedScale = (mean: Float(0), spread: Float(0.73))

    /// - Parameters:
    ///   - rules: The rule model's curves with `padding` frames on both sides.
    ///   - mask: Which frames of `rules` are speech.
    init(_ learned: LearnedMotion, rules: MouthCurveSeries, mask: [Bool], padding: Int, phonesAreExact: Bool) {
        let share = phonesAreExact ? Self.exactRuleShare : Self.ruleShare
        func mixed(_ learned: [Float], _ rules: [Float], _ range: ClosedRange<Float>) -> [Float] {
            let heard = Statistics.standardized(
                Self.onGrid(learned, count: rules.count, padding: padding), where: mask, usually: Self.learnedScale)
            let ruled = Statistics.standardized(
                rules, where: mask,
                // The range is that of the 3rd to 97th percentile: 3.8 spreads of an even curve.
                usually: ((range.lowerBound + range.upperBound) / 2, (range.upperBound - range.lowerBound) / 3.8))
            return zip(heard, ruled).map { ($0 + share * $1) / (1 + share) }
        }
        opening = mixed(learned.opening, rules.opening, MouthMotion.meanRanges[0])
        width = mixed(learned.width, rules.width, MouthMotion.meanRanges[1])
        jaw = mixed(learned.jaw, rules.jaw, MouthMotion.meanRanges[2])
    }

    /// Values every 20 ms on the grid of 10 ms, by straight lines; held beyond the ends.
    static func onGrid(_ values: [Float], count: Int, padding: Int) -> [Float] {
        guard let last = values.indices.last else { return [Float](repeating: 0, count: count) }
        return (0..<count).map { index in
            let position = min(max(Float(index - padding) / 2, 0), Float(last))
            let lower = Int(position)
            let upper = min(lower + 1, last)
            return values[lower] + (position - Float(lower)) * (values[upper] - values[lower])
        }
    }
}
