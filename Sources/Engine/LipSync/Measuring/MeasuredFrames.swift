/// Which frames of an output are read back: a seventh of them at most.
package struct MeasuredFrames: Sendable {
    /// Frames for each that is read back: with it the report takes less than 8 % of a job's time.
    private static let leastStep = 7
    /// Of the frames that may be read back, those of closures take at most this share; pairs of neighbours the rest.
    private static let closureShare = 0.6
    /// What is kept of a frame is under 1 kB, and a longer video is no better known by more of them.
    private static let mostFrames = 6000

    /// In ascending order.
    package let frames: [Int]
    /// The first frames of pairs, of which the next one is read back, too; ascending.
    package let pairs: [Int]

    /// - Parameters:
    ///   - frameCount: Frames of the output.
    ///   - closures: For each closure of the sound the frame that shows it; those beyond the share are left out evenly.
    ///   - neighbours: Further frames of closures, read back where all closures are and the share allows it.
    package init(frameCount: Int, closures: [Int], neighbours: [Int] = []) {
        let budget = min(frameCount / Self.leastStep, Self.mostFrames)
        let unique = Set(closures.filter { (0..<frameCount).contains($0) }).sorted()
        let most = Int(Double(budget) * Self.closureShare)
        var chosen = Set(Self.thinned(unique, to: most))
        if unique.count < most {
            let further = Set(neighbours.filter { (0..<frameCount).contains($0) }).subtracting(chosen).sorted()
            chosen.formUnion(Self.thinned(further, to: most - unique.count))
        }
        let wanted = (budget - chosen.count) / 2
        var pairs: [Int] = []
        for number in 0..<wanted {
            // In the middle of equal stretches, so that no end of the video is preferred.
            let first = (2 * number + 1) * (frameCount - 1) / (2 * wanted)
            // A neighbour may be known already as a closure's frame, or as another pair's.
            guard first + 1 < frameCount, pairs.last.map({ $0 < first }) ?? true else { continue }
            chosen.formUnion([first, first + 1])
            pairs.append(first)
        }
        frames = chosen.sorted()
        self.pairs = pairs
    }

    private static func thinned(_ values: [Int], to count: Int) -> [Int] {
        guard values.count > count else { return values }
        return (0..<count).map { values[(2 * $0 + 1) * values.count / (2 * count)] }
    }
}
