/// Which mouth pictures of a bank are shown in one output frame, and with what weight.
public struct MouthPictureChoice: Hashable, Sendable {
    /// Indices of bank entries with weights that sum to 1; two during a cross-fade, else one.
    public var parts: [Part]

    package init(parts: [Part]) { self.parts = parts }

    /// One picture of a choice.
    public struct Part: Hashable, Sendable {
        /// The index of the picture in `MouthBank.entries`.
        public var entry: Int
        /// The weight of the picture outside the lips' gap, 0…1.
        public var weight: Float
        /// The weight of the picture between the lips, 0…1. It differs from `weight` where two different rows of teeth
        /// would otherwise be mixed.
        public var inside: Float

        package init(entry: Int, weight: Float, inside: Float) {
            self.entry = entry
            self.weight = weight
            self.inside = inside
        }
    }
}

/// Chooses a mouth picture for every output frame: the cheapest path through the bank (Viterbi search). A picture costs
/// by its difference from the wanted mouth (`MouthPathCosts`); a jump between pictures that are not neighbours in time
/// costs extra, more when the change would be more visible.
///
/// Costs are in the unit of `MouthPathCosts`: squared canonical units, summed over the lips' points.
struct MouthPath {
    /// The wanted mouth of one output frame.
    struct Wish {
        /// The row of the scene that gives the pose.
        var row: Int
        /// The wanted canonical places of `SpeakerPoints.mouthPoints`.
        var shape: [SIMD3<Float>]
    }

    /// The cost of showing the same picture again (video study, version B); advancing by one costs nothing.
    private static let stayCost: Float = 0.0003
    /// The cost of going back by one picture. More than staying twice: otherwise a mouth at rest swings between two
    /// pictures. Raised from the study's 0.0003 for that reason.
    private static let backwardCost: Float = 0.0008
    /// Pictures at most this many source frames apart count as neighbours in time, so that a dropped picture is no
    /// jump. Unmeasured.
    private static let neighbourFrames = 2
    /// A jump's visibility is computed between this many of the cheapest pictures so far and this many of the best next
    /// ones: bounds the time of a step to 32 × 32. Unmeasured.
    private static let candidates = 32
    /// The extra cost of a jump to any other picture, in place of its visibility. Unmeasured.
    private static let farJump: Float = 0.006
    /// Seconds over which the pictures are cross-faded at a jump: two frames at 25 frames a second (video study,
    /// version B).
    private static let fadeSeconds = 0.08

    private let bank: MouthBank
    private let costs: MouthPathCosts
    private let fadeFrames: Int
    /// For each entry whether it is a neighbour in time of the entry before.
    private let follows: [Bool]

    init(scene: SpeakerScene, bank: MouthBank) {
        self.bank = bank
        costs = MouthPathCosts(scene: scene, bank: bank)
        fadeFrames = max(2, Int((Self.fadeSeconds * scene.framesPerSecond).rounded()))
        let frames = bank.entries.map(\.picture.frameNumber)
        follows = frames.indices.map { $0 > 0 && frames[$0] - frames[$0 - 1] <= Self.neighbourFrames }
    }

    /// The distance of the inner lips in the middle of a shape (`SpeakerPoints.mouthPoints`), in its unit.
    static func opening(_ shape: [SIMD3<Float>]) -> Float {
        shape[MouthIndex.lowerMiddle].y - shape[MouthIndex.upperMiddle].y
    }

    /// The cheapest path for consecutive output frames; empty for an empty bank.
    func choose(_ wishes: [Wish]) -> [MouthPictureChoice] {
        let count = bank.entries.count
        guard count > 0, !wishes.isEmpty else { return [] }
        let all = costs.frames(wishes, candidates: Self.candidates)
        let jumpCost = jumpCost(all)
        var total = all[0].costs
        var origins: [[Int32]] = [[]]
        for step in 1..<max(wishes.count, 1) {
            let frame = all[step]
            let best = Self.cheapest(total, count: Self.candidates)
            let farJump = total[best[0]] + jumpCost + Self.farJump
            var next = [Float](repeating: farJump, count: count)
            var origin = [Int32](repeating: Int32(best[0]), count: count)
            for index in frame.fittest {
                for from in best where total[from] + jumpCost < next[index] {
                    let value = total[from] + jumpCost + costs.visibleJump(from, index, openness: frame.openness)
                    guard value < next[index] else { continue }
                    next[index] = value
                    origin[index] = Int32(from)
                }
            }
            for index in 0..<count {
                func consider(_ from: Int, _ extra: Float) {
                    guard total[from] + extra < next[index] else { return }
                    next[index] = total[from] + extra
                    origin[index] = Int32(from)
                }
                if follows[index] { consider(index - 1, 0) }
                consider(index, Self.stayCost)
                if index + 1 < count, follows[index + 1] { consider(index + 1, Self.backwardCost) }
                next[index] += frame.costs[index]
            }
            total = next
            origins.append(origin)
        }
        var path = [Int](repeating: 0, count: wishes.count)
        path[wishes.count - 1] = total.indices.min { total[$0] < total[$1] }!
        for step in stride(from: wishes.count - 1, to: 0, by: -1) {
            path[step - 1] = Int(origins[step][path[step]])
        }
        return crossFaded(path)
    }

    /// The indices of the `count` smallest values, smallest first.
    static func cheapest(_ values: [Float], count: Int) -> [Int] {
        var kept: [Int] = []
        for index in values.indices {
            if kept.count == count, values[index] >= values[kept[count - 1]] { continue }
            var place = kept.count
            while place > 0, values[kept[place - 1]] > values[index] { place -= 1 }
            kept.insert(index, at: place)
            if kept.count > count { kept.removeLast() }
        }
        return kept
    }

    /// The base cost of a jump: 0.0015 + twice the median over the frames of how much the fourth best picture is worse
    /// than the best. A bank with many similar pictures then jumps rarely, one with few when it must. The video study
    /// (version B) has 0.002 as first term; it was lowered when the visibility of a jump got its own cost.
    private func jumpCost(_ all: [MouthPathCosts.Frame]) -> Float {
        let margins = all.map { frame -> Float in
            let best = Self.cheapest(frame.costs, count: 4)
            return best.count == 4 ? frame.costs[best[3]] - frame.costs[best[0]] : 0
        }.sorted()
        return 0.0015 + 2 * margins[margins.count / 2]
    }

    /// After a jump the old picture is continued and faded out.
    private func crossFaded(_ path: [Int]) -> [MouthPictureChoice] {
        var old = 0
        var framesLeft = 0
        return path.indices.map { step in
            let entry = path[step]
            if step > 0, !areNeighbours(entry, path[step - 1]) {
                old = path[step - 1]
                framesLeft = fadeFrames
            }
            guard framesLeft > 0 else { return MouthPictureChoice(parts: [.init(entry: entry, weight: 1, inside: 1)]) }
            if old + 1 < bank.entries.count, follows[old + 1] { old += 1 }
            let share = Float(framesLeft) / Float(fadeFrames + 1)
            framesLeft -= 1
            let inside = share * (1 - costs.interiorChange(old, entry))
            return MouthPictureChoice(
                parts: [
                    .init(entry: entry, weight: 1 - share, inside: 1 - inside),
                    .init(entry: old, weight: share, inside: inside),
                ])
        }
    }

    private func areNeighbours(_ a: Int, _ b: Int) -> Bool { a == b || abs(a - b) == 1 && follows[max(a, b)] }
}
