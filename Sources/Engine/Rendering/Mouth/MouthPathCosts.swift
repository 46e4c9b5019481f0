/// What it costs to show a picture of the bank where a mouth is wanted.
///
/// Shape, pose and sharpness are weighed as in Lipsmith's video study (version B). What is seen between the lips is
/// compared with what the bank mostly shows for such a shape, since lips of equal outline come with and without teeth;
/// weights of light and teeth were set by eye on real clips.
struct MouthPathCosts {
    /// One output frame.
    struct Frame {
        /// Of every entry.
        var costs: [Float]
        /// The entries whose shape fits best, best first.
        var fittest: [Int]
        /// How much of the inside of the wanted mouth is seen, 0…1.
        var openness: Float
    }

    private static let depthWeight: Float = 0.3
    private static let innerWeight: Float = 1.6
    private static let poseWeight: Float = 0.02
    private static let blurWeight: Float = 0.004
    private static let tooOpenWeight: Float = 2
    private static let tooClosedWeight: Float = 9
    private static let shutWeight: Float = 160
    /// A mouth is wanted shut up to this much over neutral.
    private static let shutTolerance: Float = 0.008
    /// Pictures of shut lips differ by this much to the mesh; a slit that shows teeth begins little above.
    private static let shutSpread: Float = 0.002
    /// For a mean squared difference of luma of 1.
    private static let lightWeight: Float = 6e-6
    private static let interiorWeight: Float = 4e-6
    private static let interiorJumpWeight: Float = 5e-6
    private static let lipsJumpWeight: Float = 3e-6
    /// Costs by which a shape stands back in the mean of what is seen between the lips, by a factor of e.
    private static let likelySpread: Float = 0.0015
    /// Root mean square differences of luma: teeth that may be mixed, and teeth that would be seen double.
    private static let alike: Float = 8
    private static let different: Float = 20
    /// What is seen between the lips changes slowly: weights of the frames around.
    private static let steadying: [Float] = [1, 2, 3, 2, 1]

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
        openings = shapes.map(MouthPath.opening)
        neutralOpening = MouthPath.opening(scene.neutral)
    }

    /// The costs of consecutive frames.
    func frames(_ wishes: [MouthPath.Wish], candidates: Int) -> [Frame] {
        var frames = wishes.map { frame($0, candidates: candidates) }
        let likely = frames.map(likelyInterior)
        for step in frames.indices where frames[step].openness > 0 {
            var steady = [Float](repeating: 0, count: likely[step].count)
            var sum: Float = 0
            for (offset, weight) in Self.steadying.enumerated() {
                let other = step + offset - Self.steadying.count / 2
                guard frames.indices.contains(other), frames[other].openness > 0 else { continue }
                let share = weight * frames[other].openness
                sum += share
                for place in steady.indices { steady[place] += share * likely[other][place] }
            }
            for place in steady.indices { steady[place] /= sum }
            let weight = Self.interiorWeight * frames[step].openness / Float(steady.count)
            for index in bank.entries.indices {
                frames[step].costs[index] +=
                    weight * MouthLook.squaredDistance(bank.entries[index].picture.look.interior, steady)
            }
        }
        return frames
    }

    /// How much a jump from one entry to another would be seen.
    func visibleJump(_ from: Int, _ to: Int, openness: Float) -> Float {
        let (a, b) = (bank.entries[from].picture.look, bank.entries[to].picture.look)
        let lips = MouthLook.squaredDistance(a.lips, b.lips) / Float(a.lips.count)
        guard openness > 0 else { return Self.lipsJumpWeight * lips }
        let interior = MouthLook.squaredDistance(a.interior, b.interior) / Float(a.interior.count)
        return Self.lipsJumpWeight * lips + Self.interiorJumpWeight * openness * interior
    }

    /// How different two entries are between the lips: 0 for alike, 1 for plainly different.
    func interiorChange(_ from: Int, _ to: Int) -> Float {
        let (a, b) = (bank.entries[from].picture.look.interior, bank.entries[to].picture.look.interior)
        return smoothStep(
            Self.alike, Self.different, (MouthLook.squaredDistance(a, b) / Float(a.count)).squareRoot())
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

    private func frame(_ wish: MouthPath.Wish, candidates: Int) -> Frame {
        let wanted = Self.feature(wish.shape)
        let opening = MouthPath.opening(wish.shape)
        let isShut = opening < neutralOpening + Self.shutTolerance
        let rotation = scene.poses[wish.row].rotation
        let here = bank.entries[nearestEntry(wish.row)].picture.look
        let costs = bank.entries.indices.map { index -> Float in
            let entry = bank.entries[index]
            let look = entry.picture.look
            var cost = MouthLook.squaredDistance(features[index], wanted)
            cost += Self.poseWeight * scene.poses[entry.row].rotation.squaredDistance(rotation)
            cost += Self.blurWeight * max(1 - entry.relativeSharpness, 0)
            let brighter = look.brightness - here.brightness
            // The blend takes most of an even difference of light away again.
            let light =
                MouthLook.squaredDistance(look.skin, here.skin) / Float(look.skin.count) + brighter * brighter / 4
            cost += Self.lightWeight * light
            let difference = openings[index] - opening
            cost += (difference > 0 ? Self.tooOpenWeight : Self.tooClosedWeight) * difference * difference
            if isShut {
                let excess = max(openings[index] - neutralOpening - Self.shutSpread, 0)
                cost += Self.shutWeight * excess * excess
            }
            return cost
        }
        return Frame(
            costs: costs, fittest: MouthPath.cheapest(costs, count: candidates),
            openness: smoothStep(0.01, 0.07, opening - neutralOpening))
    }

    /// What the bank mostly shows between lips of the wanted shape.
    private func likelyInterior(_ frame: Frame) -> [Float] {
        var mean = [Float](repeating: 0, count: bank.entries[0].picture.look.interior.count)
        guard frame.openness > 0, let first = frame.fittest.first else { return mean }
        var sum: Float = 0
        for index in frame.fittest {
            let weight = exponential((frame.costs[first] - frame.costs[index]) / Self.likelySpread)
            sum += weight
            let interior = bank.entries[index].picture.look.interior
            for place in mean.indices { mean[place] += weight * interior[place] }
        }
        return mean.map { $0 / sum }
    }

    /// The entry that was filmed nearest to a row: it stands in the row's light.
    private func nearestEntry(_ row: Int) -> Int {
        var (low, high) = (0, bank.entries.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if bank.entries[middle].row < row { low = middle + 1 } else { high = middle }
        }
        return low > 0 && row - bank.entries[low - 1].row < abs(bank.entries[low].row - row) ? low - 1 : low
    }
}
