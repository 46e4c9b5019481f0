import Face

/// Groups of mesh points that serve as control points of a still face. The subject's right is on the left of the
/// picture.
///
/// The lists are those of Lipsmith's photo study, section 1.
enum PortraitPoints {
    /// The outline of the face, from the top of the forehead clockwise in the picture.
    static let oval = [
        10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
        150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
    ]
    static let nose = [168, 6, 197, 195, 5, 4, 1, 2, 98, 327, 129, 358, 64, 294]
    static let cheeks = [50, 280, 205, 425, 36, 266, 117, 346, 101, 330, 187, 411, 147, 376, 207, 427, 216, 436]
    static let forehead = [9, 8, 151, 69, 299, 108, 337]
    static let brows = [
        46, 53, 52, 65, 55, 70, 63, 105, 66, 107, 276, 283, 282, 295, 285, 300, 293, 334, 296, 336,
    ]
    static let rightEye = EyePoints(
        outer: 33, inner: 133, upper: [246, 161, 160, 159, 158, 157, 173], lower: [7, 163, 144, 145, 153, 154, 155],
        crease: [247, 30, 29, 27, 28, 56, 190])
    static let leftEye = EyePoints(
        outer: 263, inner: 362, upper: [466, 388, 387, 386, 385, 384, 398], lower: [249, 390, 373, 374, 380, 381, 382],
        crease: [467, 260, 259, 257, 258, 286, 414])

    /// The control points that all layers have in common.
    static let common = unique(
        oval + Landmarks.jaw + nose + cheeks + forehead + rightEye.all + leftEye.all + brows + Landmarks.lipCorners)
    /// The control points of the upper lip's layer. It must not hold the lower lip: the points of a shut mouth coincide
    /// and then move apart, and a spline through both smears or folds.
    static let upperLayer = unique(common + Landmarks.upperOuterLip + Landmarks.upperInnerLip)
    /// The control points of the lower lip's layer.
    static let lowerLayer = unique(common + Landmarks.lowerOuterLip + Landmarks.lowerInnerLip)

    /// For each of the 468 points its mirror partner: the point nearest to its mirror image in the mean face.
    static let mirrored: [Int] = MeanFace.points.map { point in
        let wanted = SIMD3(-point.x, point.y, point.z)
        return MeanFace.points.indices.min {
            squaredDistance(MeanFace.points[$0], wanted) < squaredDistance(MeanFace.points[$1], wanted)
        }!
    }

    private static func squaredDistance(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
        let d = a - b
        return (d * d).sum()
    }

    private static func unique(_ points: [Int]) -> [Int] {
        var seen = Set<Int>()
        return points.filter { seen.insert($0).inserted }
    }
}

/// The mesh points of one eye; lids and crease run from the outer to the inner corner.
struct EyePoints {
    let outer: Int
    let inner: Int
    let upper: [Int]
    let lower: [Int]
    let crease: [Int]

    var all: [Int] { [outer, inner] + upper + lower }
    var upperMiddle: Int { upper[3] }
    var lowerMiddle: Int { lower[3] }
}

/// Groups of mesh points for the analysis of a driving performance.
public enum FacialFeatures {
    /// Lids and corners of both eyes.
    public static let lidPoints = PortraitPoints.rightEye.all + PortraitPoints.leftEye.all
    /// Both brows and the forehead above them.
    public static let browPoints = PortraitPoints.brows + PortraitPoints.forehead
}

/// The outline of a face.
public enum FaceOutline {
    /// The mesh points around the whole face, clockwise in the picture.
    public static let points = PortraitPoints.oval
}
