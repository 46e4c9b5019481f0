import Face

/// The mesh points that rendering keeps of every frame, and their slots in a row of a `LandmarkTrack`.
public enum SpeakerPoints {
    /// The kept points as indices into the mesh, in the order of their slots.
    public static let meshPoints: [Int] = Array(
        Set(Landmarks.lips + Landmarks.jaw + Landmarks.anchors + Landmarks.stable + [Landmarks.noseTip])
    ).sorted()
    /// The number of kept points.
    public static let count = meshPoints.count

    /// The points that speech moves as indices into the mesh: lips, then jaw. Shapes have their points in this order.
    package static let mouthPoints = Landmarks.lips + Landmarks.jaw
    /// The slots of `mouthPoints`; the following ones likewise of their groups in `Landmarks`.
    static let mouth = slots(mouthPoints)
    static let lips = slots(Landmarks.lips)
    static let anchors = slots(Landmarks.anchors)
    static let stable = slots(Landmarks.stable)

    /// The slots of mesh points, which must be kept ones.
    static func slots(_ points: [Int]) -> [Int] { points.map { meshPoints.firstIndex(of: $0)! } }

    /// The index of a mesh point in `mouthPoints`, to which it must belong.
    static func mouthIndex(_ point: Int) -> Int { mouthPoints.firstIndex(of: point)! }
}

/// Indices into shapes (`SpeakerPoints.mouthPoints`) for the groups of `Landmarks` that the mouth's geometry needs.
package enum MouthIndex {
    package static let upperInner = Landmarks.upperInnerLip.map(SpeakerPoints.mouthIndex)
    package static let lowerInner = Landmarks.lowerInnerLip.map(SpeakerPoints.mouthIndex)
    /// The upper lip's inner edge with the inner corners at both ends.
    static let upperInnerEdge = [rightInnerCorner] + upperInner + [leftInnerCorner]
    /// The lower lip's inner edge with the inner corners at both ends.
    static let lowerInnerEdge = [rightInnerCorner] + lowerInner + [leftInnerCorner]
    static let upperOuter = Landmarks.upperOuterLip.map(SpeakerPoints.mouthIndex)
    static let lowerOuter = Landmarks.lowerOuterLip.map(SpeakerPoints.mouthIndex)
    static let corners = Landmarks.lipCorners.map(SpeakerPoints.mouthIndex)
    static let outline = Landmarks.outerLips.map(SpeakerPoints.mouthIndex)
    static let rightInnerCorner = SpeakerPoints.mouthIndex(78)
    static let leftInnerCorner = SpeakerPoints.mouthIndex(308)
    package static let upperMiddle = SpeakerPoints.mouthIndex(Landmarks.upperLipMiddle)
    package static let lowerMiddle = SpeakerPoints.mouthIndex(Landmarks.lowerLipMiddle)
    package static let rightCorner = SpeakerPoints.mouthIndex(Landmarks.rightCorner)
    package static let leftCorner = SpeakerPoints.mouthIndex(Landmarks.leftCorner)
    static let jaw = Landmarks.jaw.map(SpeakerPoints.mouthIndex)
    /// Chin points whose mean height measures the jaw's drop in `MouthInterior` (Lipsmith's video study).
    static let chinTips = [152, 175, 199].map(SpeakerPoints.mouthIndex)
    /// Points that move with the lower jaw and little else; their mean drop moves painted lower teeth (photo study).
    static let jawTips = [152, 175, 199, 148, 377].map(SpeakerPoints.mouthIndex)
}
