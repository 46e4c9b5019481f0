import Face

/// A still face: where its points are, in the picture and in canonical space.
struct PortraitFace: Sendable {
    /// 468 points in pixels.
    let landmarks: [SIMD3<Float>]
    let pose: FacePose
    /// The same in canonical space.
    let shape: [SIMD3<Float>]

    /// The distance of the outer eye corners in pixels: the unit of everything that is drawn.
    var unit: Float { pose.unitPixels }

    /// - Parameter landmarks: 468 points in pixels, z in the same unit.
    init(landmarks: [SIMD3<Float>]) {
        self.landmarks = landmarks
        let pose = FacePose(of: landmarks)
        self.pose = pose
        shape = landmarks.map { pose.canonical($0) }
    }

    /// The face with some points moved in the picture.
    ///
    /// - Parameter pairs: Points that get their common mean depth; the others keep theirs.
    func moving(_ points: [Int: SIMD2<Float>], sharingDepth pairs: [(Int, Int)]) -> PortraitFace {
        var landmarks = landmarks
        for (a, b) in pairs {
            let depth = (landmarks[a].z + landmarks[b].z) / 2
            landmarks[a].z = depth
            landmarks[b].z = depth
        }
        for (point, place) in points { landmarks[point] = SIMD3(place.x, place.y, landmarks[point].z) }
        return PortraitFace(landmarks: landmarks, pose: pose)
    }

    private init(landmarks: [SIMD3<Float>], pose: FacePose) {
        self.landmarks = landmarks
        self.pose = pose
        shape = landmarks.map { pose.canonical($0) }
    }

    /// A point in pixels.
    func pixel(_ point: Int) -> SIMD2<Float> { SIMD2(landmarks[point].x, landmarks[point].y) }

    /// The canonical places of `SpeakerPoints.mouthPoints`.
    var mouth: [SIMD3<Float>] { SpeakerPoints.mouthPoints.map { shape[$0] } }
}
