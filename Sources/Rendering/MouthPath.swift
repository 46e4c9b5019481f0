/// Which mouth pictures are shown in one output frame, and how much of each.
public struct MouthPictureChoice: Hashable, Sendable {
    /// Indices of bank entries with weights that sum to 1; two during a cross-fade, else one.
    public var parts: [Part]

    /// One picture of a choice.
    public struct Part: Hashable, Sendable {
        /// The bank's entry.
        public var entry: Int
        /// 0…1.
        public var weight: Float
    }
}

/// Chooses a mouth picture for every output frame: the cheapest path through the bank, where a picture costs by how
/// far it is from the wanted lips and a jump between pictures that were not neighbours in time costs extra.
///
/// Costs and constants come from Lipsmith's video study (version B).
struct MouthPath {
    /// One frame that wants a mouth.
    struct Wish {
        /// The row of the scene whose pose it is seen in.
        var row: Int
        /// The wanted canonical shape.
        var shape: [SIMD3<Float>]
    }

    private static let depthWeight: Float = 0.3
    private static let innerWeight: Float = 1.6
    private static let poseWeight: Float = 0.02
    private static let blurWeight: Float = 0.004
    private static let tooOpenWeight: Float = 2
    private static let tooClosedWeight: Float = 9
    private static let shutWeight: Float = 40
    private static let shutTolerance: Float = 0.008
    private static let stayCost: Float = 0.0003

    private let scene: SpeakerScene
    private let bank: MouthBank
    private let features: [[Float]]
    private let openings: [Float]
    private let neutralOpening: Float

    init(scene: SpeakerScene, bank: MouthBank) {
        self.scene = scene
        self.bank = bank
        let shapes = bank.entries.map { scene.ownShape($0.row) }
        features = shapes.map(Self.feature)
        openings = shapes.map(Self.opening)
        neutralOpening = Self.opening(scene.neutral)
    }

    static func opening(_ shape: [SIMD3<Float>]) -> Float {
        shape[MouthIndex.lowerMiddle].y - shape[MouthIndex.upperMiddle].y
    }

    /// The lips around their own centre, weighted so that a squared distance is a cost.
    private static func feature(_ shape: [SIMD3<Float>]) -> [Float] {
        let lips = shape[..<SpeakerPoints.lips.count]
        let center = lips.reduce(.zero, +) / Float(lips.count)
        var values: [Float] = []
        values.reserveCapacity(lips.count * 3)
        for (index, point) in lips.enumerated() {
            let offset = point - center
            let weight = (index >= lips.count / 2 ? innerWeight : 1).squareRoot()
            values += [offset.x * weight, offset.y * weight, offset.z * weight * depthWeight.squareRoot()]
        }
        return values
    }

    private func costs(_ wish: Wish) -> [Float] {
        let wanted = Self.feature(wish.shape)
        let opening = Self.opening(wish.shape)
        let isShut = opening < neutralOpening + Self.shutTolerance
        let rotation = scene.poses[wish.row].rotation
        return bank.entries.indices.map { index in
            let entry = bank.entries[index]
            var cost = squaredDistance(features[index], wanted)
            cost += Self.poseWeight * scene.poses[entry.row].rotation.squaredDistance(rotation)
            cost += Self.blurWeight * max(1 - entry.relativeSharpness, 0)
            let difference = openings[index] - opening
            cost += (difference > 0 ? Self.tooOpenWeight : Self.tooClosedWeight) * difference * difference
            if isShut {
                let excess = max(openings[index] - neutralOpening - Self.shutTolerance, 0)
                cost += Self.shutWeight * excess * excess
            }
            return cost
        }
    }

    private func squaredDistance(_ a: [Float], _ b: [Float]) -> Float {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var sums = SIMD8<Float>.zero
                var index = 0
                while index + 8 <= a.count {
                    let difference =
                        UnsafeRawPointer(a.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self)
                        - UnsafeRawPointer(b.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self)
                    sums += difference * difference
                    index += 8
                }
                return sums.sum()
            }
        }
    }

    /// The cheapest path for consecutive output frames. Empty banks give an empty path.
    func choose(_ wishes: [Wish]) -> [MouthPictureChoice] {
        let count = bank.entries.count
        guard count > 0, !wishes.isEmpty else { return [] }
        let all = wishes.map(costs)
        let jumpCost = jumpCost(all)
        var total = all[0]
        var origins: [[Int32]] = [[]]
        for step in 1..<max(wishes.count, 1) {
            var best = 0
            for index in 1..<count where total[index] < total[best] { best = index }
            let jump = total[best] + jumpCost
            var next = [Float](repeating: 0, count: count)
            var origin = [Int32](repeating: Int32(best), count: count)
            for index in 0..<count {
                var value = jump
                func consider(_ from: Int, _ extra: Float) {
                    guard from >= 0, from < count, total[from] + extra < value else { return }
                    value = total[from] + extra
                    origin[index] = Int32(from)
                }
                consider(index - 1, 0)
                consider(index, Self.stayCost)
                consider(index + 1, Self.stayCost)
                next[index] = value + all[step][index]
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

    /// A jump costs about what the fourth best picture is worse than the best, so that a rich bank jumps rarely and a
    /// poor one when it must.
    private func jumpCost(_ all: [[Float]]) -> Float {
        let margins = all.map { costs -> Float in
            var best = [Float](repeating: .infinity, count: 4)
            for cost in costs where cost < best[3] {
                best[3] = cost
                best.sort()
            }
            return best[3].isFinite ? best[3] - best[0] : 0
        }.sorted()
        return 0.002 + 2 * margins[margins.count / 2]
    }

    /// After a jump the old picture goes on for two frames at two thirds and one third.
    private func crossFaded(_ path: [Int]) -> [MouthPictureChoice] {
        var old = 0
        var framesLeft = 0
        return path.indices.map { step in
            let entry = path[step]
            if step > 0, abs(entry - path[step - 1]) > 1 {
                old = path[step - 1]
                framesLeft = 2
            }
            guard framesLeft > 0 else { return MouthPictureChoice(parts: [.init(entry: entry, weight: 1)]) }
            old = min(old + 1, bank.entries.count - 1)
            let share = Float(framesLeft) / 3
            framesLeft -= 1
            return MouthPictureChoice(
                parts: [.init(entry: entry, weight: 1 - share), .init(entry: old, weight: share)])
        }
    }
}
