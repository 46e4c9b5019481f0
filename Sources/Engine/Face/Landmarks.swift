/// Named groups of the 468 points of MediaPipe's face mesh, as indices into a mesh. The subject's right is on the left
/// of the picture.
///
/// The groups are those of Lipsmith's photo and video studies.
public enum Landmarks {
    /// Points that keep their place when the face speaks: eye corners, nose bridge, brows, temples. Pose is read off
    /// them.
    public static let stable = [33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 9, 8, 70, 300, 127, 356]

    /// The outer edge of the lips, clockwise in the picture from the subject's right corner by the lower lip.
    public static let outerLips = [
        61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
    ]
    /// The inner edge of the lips, in the order of `outerLips`.
    public static let innerLips = [
        78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
    ]
    /// Outer, then inner edge.
    public static let lips = outerLips + innerLips

    /// The upper lip's outer edge without the corners, from the subject's right to the left.
    public static let upperOuterLip = [185, 40, 39, 37, 0, 267, 269, 270, 409]
    /// The lower lip's outer edge, likewise.
    public static let lowerOuterLip = [146, 91, 181, 84, 17, 314, 405, 321, 375]
    /// The upper lip's inner edge, likewise; each point faces the one of `lowerInnerLip` at the same place.
    public static let upperInnerLip = [191, 80, 81, 82, 13, 312, 311, 310, 415]
    /// The lower lip's inner edge, likewise.
    public static let lowerInnerLip = [95, 88, 178, 87, 14, 317, 402, 318, 324]
    /// The four corners: outer right and left, inner right and left.
    public static let lipCorners = [61, 291, 78, 308]

    /// Chin, jaw line, the skin under the lip and the folds beside the mouth: what moves with the lower jaw.
    public static let jaw = [
        152, 148, 176, 149, 150, 136, 172, 377, 400, 378, 379, 365, 397, 200, 199, 175, 18, 83, 313, 201, 421, 32, 262,
        194, 418, 106, 335, 43, 273, 57, 287, 212, 432, 202, 422, 204, 424, 182, 406,
    ]
    /// Points around the mouth that speech does not move; they hold a warp in place.
    public static let anchors = [
        33, 133, 362, 263, 168, 6, 197, 4, 1, 98, 327, 2, 129, 358, 50, 280, 234, 454, 93, 323, 132, 361, 205, 425, 36,
        266,
    ]
    /// Middle of the upper lip's inner edge; its distance from `lowerLipMiddle` is the mouth's opening.
    public static let upperLipMiddle = 13
    /// Middle of the lower lip's inner edge.
    public static let lowerLipMiddle = 14
    /// The subject's right mouth corner (outer edge); its distance from `leftCorner` is the mouth's width.
    public static let rightCorner = 61
    /// The subject's left mouth corner (outer edge).
    public static let leftCorner = 291
    /// Tip of the chin; its distance below `noseTip` measures how far the jaw has dropped.
    public static let chin = 152
    /// Tip of the nose.
    public static let noseTip = 1
    /// The subject's right outer eye corner; its distance from `leftEyeOuter` is the unit of length of a face.
    public static let rightEyeOuter = 33
    /// The subject's left outer eye corner.
    public static let leftEyeOuter = 263
}
