/// How long the pieces are into which a job is divided.
public struct SplitRule: Codable, Hashable, Sendable {
    /// Processes that will work at the same time.
    public var workerCount: Int
    /// The shortest piece, seconds. What is shorter than two of them stays whole. A piece costs the start of a process and a
    /// key frame; of 20 s they are about a hundredth of the work.
    public var leastSeconds: Double
    /// The longest piece, seconds: what a process that dies has done for nothing.
    public var mostSeconds: Double
    /// Pieces for each worker, where their length allows it, so that all workers end at about the same time.
    public var piecesPerWorker = 4

    public init(workerCount: Int = 2, leastSeconds: Double = 20, mostSeconds: Double = 60) {
        self.workerCount = max(1, workerCount)
        self.leastSeconds = leastSeconds
        self.mostSeconds = max(leastSeconds, mostSeconds)
    }

    /// The number of about equal pieces of a length; 1 for one that stays whole.
    ///
    /// - Parameter seconds: At least 0.
    public func pieceCount(ofSeconds seconds: Double) -> Int {
        guard seconds >= 2 * leastSeconds else { return 1 }
        let fewest = Int((seconds / mostSeconds).rounded(.up))
        let most = Int(seconds / leastSeconds)
        return min(max(fewest, workerCount * piecesPerWorker), most)
    }

    /// The number of about equal spans in which a length is looked at. Each loads the networks and reads some seconds before
    /// itself, so that there are no more of them than workers, as long as none is longer than three sections.
    public func spanCount(ofSeconds seconds: Double) -> Int {
        guard seconds >= 2 * leastSeconds else { return 1 }
        return min(max(Int((seconds / (3 * mostSeconds)).rounded(.up)), workerCount), Int(seconds / leastSeconds))
    }
}

/// Where frames are cut into pieces.
enum SplitPlaces {
    /// A cut may lie this share of a piece's length away from where equal pieces would end.
    private static let reach = 0.3

    /// Cuts frames into about equal pieces at the best places near where those would end.
    ///
    /// - Parameters:
    ///   - frames: What is cut.
    ///   - count: How many pieces; fewer where there is no place for a cut.
    ///   - forced: Where a cut is needed besides, whatever the pieces' lengths.
    ///   - cost: What a cut before a frame costs, in frames that are decoded for nothing; `nil` where none may be.
    /// - Returns: The pieces in order, without gaps; none is empty.
    static func pieces(
        of frames: Range<Int>, count: Int, forced: [Int] = [], cost: (Int) -> Int?
    ) -> [Range<Int>] {
        guard !frames.isEmpty else { return [] }
        let length = Double(frames.count) / Double(max(count, 1))
        let reach = max(1, Int(length * Self.reach))
        var cuts = Set(forced.filter { frames.contains($0) && $0 > frames.lowerBound })
        for number in 1..<max(count, 1) {
            let even = frames.lowerBound + Int((Double(number) * length).rounded())
            let candidates = (even - reach...even + reach).filter { frames.contains($0) && $0 > frames.lowerBound }
            // Of equally cheap ones the nearest, of equally near ones the first.
            let best = candidates.compactMap { place in
                cost(place).map { (cost: $0, distance: abs(place - even), place: place) }
            }.min { ($0.cost, $0.distance, $0.place) < ($1.cost, $1.distance, $1.place) }
            if let best { cuts.insert(best.place) }
        }
        let ends = cuts.sorted() + [frames.upperBound]
        var start = frames.lowerBound
        return ends.map { end in
            defer { start = end }
            return start..<end
        }
    }
}
