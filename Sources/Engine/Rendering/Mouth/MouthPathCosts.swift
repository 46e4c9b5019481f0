import Face

/// The cost of showing a picture of the bank in place of a wanted mouth.
///
/// Costs are squared differences of the lips' shape in canonical units, summed over their 40 points; the weights below
/// convert other differences into that unit. Shape, pose and sharpness are weighted as in Lipsmith's video study,
/// version B. Lips of equal outline come with and without teeth, so what is seen between the lips is compared with what
/// the bank mostly shows for such a shape.
struct MouthPathCosts {
    /// The costs of one output frame.
    struct Frame {
        /// The cost of each entry of the bank.
        var costs: [Float]
        /// The indices of the entries with the lowest costs before the interior is compared, lowest first.
        var fittest: [Int]
        /// How visible the inside of the wanted mouth is, 0…1: 0 up to an opening of 0.01 over neutral, 1 from 0.07 on
        /// (canonical units; unmeasured).
        var openness: Float
    }

    // MARK: Weights of the video study, version B

    /// For squared differences of depth (z), which the mesh knows less exactly than x and y.
    private static let depthWeight: Float = 0.3
    /// For squared differences of the inner lips' points; the outer ones have 1.
    private static let innerWeight: Float = 1.6
    /// For the squared Frobenius distance of the heads' rotations.
    private static let poseWeight: Float = 0.02
    /// For the lack of sharpness, 0…1, relative to the median picture.
    private static let blurWeight: Float = 0.004
    /// For the squared difference of openings when the picture is more open than wanted: it can be cropped.
    private static let tooOpenWeight: Float = 2
    /// The same when the picture is less open: its teeth would be stretched.
    private static let tooClosedWeight: Float = 9
    /// A wanted opening of at most this much over neutral, in canonical units, asks for shut lips.
    private static let shutTolerance: Float = 0.008

    // MARK: Weights set by eye on real clips, without a measurement

    /// For the squared opening over neutral and `shutSpread` when shut lips are wanted. The study has 40, with which
    /// slits were left in pauses.
    private static let shutWeight: Float = 160
    /// Openings that the mesh reports for shut lips spread by this much, in canonical units; slits that show teeth
    /// begin little above.
    private static let shutSpread: Float = 0.002
    /// For a mean squared difference of luma (0…255) on the skin around the mouth.
    private static let lightWeight: Float = 6e-6
    /// For a mean squared difference of luma between the lips from what is expected there.
    private static let interiorWeight: Float = 4e-6
    /// For a mean squared difference of luma between the lips from one picture to the next at a jump.
    private static let interiorJumpWeight: Float = 5e-6
    /// For a mean squared difference of luma on the lips from one picture to the next at a jump.
    private static let lipsJumpWeight: Float = 3e-6
    /// In the expected interior, an entry's weight falls by a factor of e for every increase of its cost by this much.
    private static let likelySpread: Float = 0.0015
    /// Up to this root mean square difference of luma (0…255), two interiors may be mixed in a cross-fade.
    private static let alike: Float = 8
    /// From this difference on, mixing two interiors would show double teeth.
    private static let different: Float = 20
    /// Weights of neighbouring frames in the expected interior, which so changes slowly.
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

    /// The costs of consecutive output frames.
    ///
    /// - Parameter candidates: The length of each frame's `fittest`.
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

    /// The cost of a jump from one entry to another for its visibility.
    ///
    /// - Parameter openness: Of the wanted mouth, 0…1.
    func visibleJump(_ from: Int, _ to: Int, openness: Float) -> Float {
        let (a, b) = (bank.entries[from].picture.look, bank.entries[to].picture.look)
        let lips = MouthLook.squaredDistance(a.lips, b.lips) / Float(a.lips.count)
        guard openness > 0 else { return Self.lipsJumpWeight * lips }
        let interior = MouthLook.squaredDistance(a.interior, b.interior) / Float(a.interior.count)
        return Self.lipsJumpWeight * lips + Self.interiorJumpWeight * openness * interior
    }

    /// How different two entries are between the lips: 0 when they may be mixed, 1 when they must not.
    func interiorChange(_ from: Int, _ to: Int) -> Float {
        let (a, b) = (bank.entries[from].picture.look.interior, bank.entries[to].picture.look.interior)
        return smoothStep(
            Self.alike, Self.different, (MouthLook.squaredDistance(a, b) / Float(a.count)).squareRoot())
    }

    /// The lips' points relative to their centre, weighted so that a squared distance of two features is a cost.
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
            // Blending removes most of a uniform difference of light, so it counts a quarter.
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

    /// The expected interior: what the bank mostly shows between lips of the wanted shape.
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

    /// The entry nearest in time to a row of the scene: it has the row's light.
    private func nearestEntry(_ row: Int) -> Int {
        var (low, high) = (0, bank.entries.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if bank.entries[middle].row < row { low = middle + 1 } else { high = middle }
        }
        return low > 0 && row - bank.entries[low - 1].row < abs(bank.entries[low].row - row) ? low - 1 : low
    }
}
