import Face

/// The mesh points that rendering keeps of every frame, and where each stands in a row.
public enum SpeakerPoints {
    /// The kept points as mesh numbers, in row order.
    public static let meshPoints: [Int] = Array(
        Set(Landmarks.lips + Landmarks.jaw + Landmarks.anchors + Landmarks.stable + [Landmarks.noseTip])
    ).sorted()
    /// The number of kept points.
    public static let count = meshPoints.count

    /// What speech moves: lips, then jaw.
    package static let mouthPoints = Landmarks.lips + Landmarks.jaw
    static let mouth = slots(mouthPoints)
    static let lips = slots(Landmarks.lips)
    static let anchors = slots(Landmarks.anchors)
    static let stable = slots(Landmarks.stable)

    /// The places of mesh points in a row.
    static func slots(_ points: [Int]) -> [Int] { points.map { meshPoints.firstIndex(of: $0)! } }

    /// The place of a mesh point in `mouthPoints`.
    static func mouthIndex(_ point: Int) -> Int { mouthPoints.firstIndex(of: point)! }
}

/// Places in `SpeakerPoints.mouthPoints` that the mouth's geometry needs often.
package enum MouthIndex {
    package static let upperInner = Landmarks.upperInnerLip.map(SpeakerPoints.mouthIndex)
    package static let lowerInner = Landmarks.lowerInnerLip.map(SpeakerPoints.mouthIndex)
    /// The inner edges with the corners at both ends.
    static let upperInnerEdge = [rightInnerCorner] + upperInner + [leftInnerCorner]
    /// See `upperInnerEdge`.
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
    static let chinTips = [152, 175, 199].map(SpeakerPoints.mouthIndex)
    /// What drops with the lower jaw and little else.
    static let jawTips = [152, 175, 199, 148, 377].map(SpeakerPoints.mouthIndex)
}
