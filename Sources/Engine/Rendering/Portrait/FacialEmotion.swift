import Face

/// An emotion that a face can show.
public enum FacialEmotion: String, Codable, CaseIterable, Sendable {
    case happy, sad, angry, disgusted, surprised, neutral
}

/// How the points of a face move for an emotion, in canonical units; the mouth is separate from the rest.
///
/// The table is section 6 of Lipsmith's photo study: chosen and checked by eye on six faces, photographs and paintings.
/// `out` is away from the midline, `down` towards the chin. No wrinkles are drawn, so every emotion is mild.
public struct EmotionShape: Sendable {
    /// For each of the 468 points its offset in canonical units: the lips and what moves with them.
    public private(set) var mouth = [SIMD3<Float>](repeating: .zero, count: 468)
    /// The same for brows, lids, nose and upper cheeks.
    public private(set) var upperFace = [SIMD3<Float>](repeating: .zero, count: 468)
    /// How far the upper lids are closed, 0…1.
    public private(set) var lid: Float = 0
    /// Whether the offsets of the mouth open the lips, so that they are reduced where speech needs them shut.
    private var partsLips = false

    // Points on the subject's right and their mirror partners.

    private static let innerBrow = withMirror([55, 65, 107, 66])
    private static let middleBrow = withMirror([52, 105])
    private static let outerBrow = withMirror([46, 53, 63, 70])
    private static let wings = withMirror([129, 98, 64])
    private static let upperCheeks = withMirror([50, 117, 101, 36])
    private static let middleCheeks = withMirror([205, 187, 207, 216, 147])
    private static let lowerLids = PortraitPoints.rightEye.lower + PortraitPoints.leftEye.lower
    private static let upperLids = PortraitPoints.rightEye.upper + PortraitPoints.leftEye.upper
    private static let lips = Set(Landmarks.lips)
    /// The shares by which points of the folds beside the mouth follow its corners.
    private static let folds: [([Int], Float)] = [
        ([57], 0.8), ([212, 43], 0.6), ([216], 0.55), ([207], 0.45), ([205], 0.35), ([202, 106, 204, 187], 0.3),
    ]

    /// The shape at strength 1; all offsets are zero for `neutral`.
    public init(_ emotion: FacialEmotion) {
        switch emotion {
        case .neutral: break
        case .happy:
            moveCorners(out: 0.040, down: -0.045)
            moveMouth([0, 37, 267, 13, 82, 312], down: -0.006)
            move(Self.upperCheeks, out: 0.004, down: -0.020)
            moveMouth(Self.middleCheeks, out: 0.006, down: -0.008)
            move(Self.lowerLids, down: -0.014)
            lid = 0.10
        case .sad:
            moveCorners(out: -0.010, down: 0.030)
            moveMouth([17, 84, 314, 18], down: -0.010)
            move(Self.innerBrow, out: -0.012, down: -0.038)
            move(Self.middleBrow, down: -0.012)
            move(Self.outerBrow, down: 0.012)
            move([9, 8], down: -0.012)
            move(Self.upperCheeks, down: 0.004)
            lid = 0.22
        case .angry:
            moveCorners(out: -0.012, down: 0.010)
            moveMouth(Landmarks.upperOuterLip, down: 0.004)
            moveMouth(Landmarks.lowerOuterLip, down: -0.006)
            move(Self.innerBrow, out: -0.016, down: 0.040)
            move(Self.middleBrow, out: -0.006, down: 0.022)
            move(Self.outerBrow, down: -0.004)
            move([9, 8, 168], down: 0.014)
            move(Self.wings, out: 0.008, down: -0.006)
            move(Self.lowerLids, down: -0.008)
            lid = 0.14
        case .disgusted:
            moveCorners(out: 0.004, down: 0.014)
            moveMouth(Landmarks.upperOuterLip + Landmarks.upperInnerLip) { -0.024 * (1 - 0.6 * $0) }
            moveMouth(Landmarks.lowerInnerLip, down: -0.010)
            move(Self.innerBrow, out: -0.010, down: 0.026)
            move(Self.middleBrow, down: 0.016)
            move(Self.outerBrow, down: 0.008)
            move(Self.wings + [2], out: 0.004, down: -0.020)
            move([1, 4, 5], down: -0.006)
            move(Self.lowerLids, down: -0.012)
            move(Self.withMirror([205, 36, 50]), down: -0.014)
            lid = 0.16
            partsLips = true
        case .surprised:
            moveCorners(out: -0.016, down: 0.010)
            moveMouth(Landmarks.lowerOuterLip + Landmarks.lowerInnerLip) { 0.060 * (1 - 0.7 * $0) }
            moveMouth(Landmarks.upperOuterLip + Landmarks.upperInnerLip) { -0.008 * (1 - $0) }
            for point in Landmarks.jaw where !Self.lips.contains(point) {
                let x = MeanFace.points[point].x / 0.35
                mouth[point].y += 0.050 * exponential(-x * x)
            }
            move(Self.innerBrow, down: -0.060)
            move(Self.middleBrow, down: -0.066)
            move(Self.outerBrow, down: -0.050)
            move([151, 69, 299, 108, 337, 9, 8], down: -0.030)
            move(Self.upperLids, down: -0.018)
            partsLips = true
        }
    }

    /// The strength of an emotion, 0.5…1.5, for a temperature of 0…1; 0.5 gives the table's own strength.
    public static func strength(temperature: Double) -> Float { Float(0.5 + temperature) }

    /// The share of `mouth` that is applied while the mouth speaks, 0…1: 0.8, since the full emotion would slur the
    /// words (photo study, section 6), and 0 to 0.4 with the opening for emotions that open the lips (unmeasured).
    ///
    /// - Parameters:
    ///   - speaking: How much the mouth speaks, 0…1.
    ///   - opening: The wanted opening in mouth widths.
    public func mouthShare(speaking: Float, opening: Float) -> Float {
        let gap = min(max(opening / 0.10, 0), 1)
        return 1 - speaking * (1 - (partsLips ? 0.4 * gap : 0.8))
    }

    /// The same emotion with less motion under the rims of glasses, which would bend: brows by `BrowLift.glassesShare`,
    /// lids not at all.
    public func behindGlasses() -> EmotionShape {
        var calmer = self
        for point in PortraitPoints.brows + PortraitPoints.forehead { calmer.upperFace[point] *= BrowLift.glassesShare }
        for point in Self.lowerLids + Self.upperLids { calmer.upperFace[point] = .zero }
        return calmer
    }

    private static func withMirror(_ points: [Int]) -> [Int] {
        Array(Set(points + points.map { PortraitPoints.mirrored[$0] })).sorted()
    }

    /// How much a lip point moves with its corner, 0…1; 0.288 is the corners' distance from the midline in the mean
    /// face.
    private static func cornerWeight(_ point: Int) -> Float {
        power(min(abs(MeanFace.points[point].x) / 0.288, 1), 1.5)
    }

    private static func outward(_ point: Int) -> Float {
        let x = MeanFace.points[point].x
        return x > 0.01 ? 1 : x < -0.01 ? -1 : 0
    }

    private mutating func moveCorners(out: Float, down: Float) {
        for point in Landmarks.lips {
            let weight = Self.cornerWeight(point)
            mouth[point] += SIMD3(out * Self.outward(point), down, 0) * weight
        }
        for (points, weight) in Self.folds {
            for point in Self.withMirror(points) {
                mouth[point] += SIMD3(out * Self.outward(point), down, 0) * weight
            }
        }
    }

    private mutating func moveMouth(_ points: [Int], out: Float = 0, down: Float) {
        for point in points { mouth[point] += SIMD3(out * Self.outward(point), down, 0) }
    }

    private mutating func moveMouth(_ points: [Int], down: (_ cornerWeight: Float) -> Float) {
        for point in points { mouth[point].y += down(Self.cornerWeight(point)) }
    }

    private mutating func move(_ points: [Int], out: Float = 0, down: Float) {
        for point in points { upperFace[point] += SIMD3(out * Self.outward(point), down, 0) }
    }
}

/// How the brows lift for emphasis.
public enum BrowLift {
    /// The share of the brows' motion that is applied behind glasses: photo study, section 6.
    public static let glassesShare: Float = 0.4

    /// For each of the 468 points its offset for a lift of one face unit: brows by 1, the forehead by 0.4 (unmeasured).
    public static let offsets: [SIMD3<Float>] = {
        var offsets = [SIMD3<Float>](repeating: .zero, count: 468)
        for point in PortraitPoints.brows { offsets[point].y = -1 }
        for point in [151, 69, 299, 108, 337, 9, 8] { offsets[point].y = -0.4 }
        return offsets
    }()
}
