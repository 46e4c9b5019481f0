import Face

/// The mesh of a still face, in the picture and in canonical space.
struct PortraitFace: Sendable {
    /// 468 points in pixels.
    let landmarks: [SIMD3<Float>]
    let pose: FacePose
    /// The 468 points in canonical space.
    let shape: [SIMD3<Float>]

    /// The length of one face unit (the distance of the outer eye corners) in pixels.
    var unit: Float { pose.unitPixels }

    /// - Parameter landmarks: 468 points in pixels, z in the same unit.
    init(landmarks: [SIMD3<Float>]) {
        self.landmarks = landmarks
        let pose = FacePose(of: landmarks)
        self.pose = pose
        shape = landmarks.map { pose.canonical($0) }
    }

    /// The face with some points moved in the picture; the pose stays.
    ///
    /// - Parameters:
    ///   - points: The new places by mesh point, in pixels.
    ///   - pairs: Pairs of points that get their mean depth; all others keep their depth.
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

    /// The place of a mesh point in pixels.
    func pixel(_ point: Int) -> SIMD2<Float> { SIMD2(landmarks[point].x, landmarks[point].y) }

    /// The canonical places of `SpeakerPoints.mouthPoints`.
    var mouth: [SIMD3<Float>] { SpeakerPoints.mouthPoints.map { shape[$0] } }
}
