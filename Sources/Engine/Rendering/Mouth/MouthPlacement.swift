import Face

/// The face's place in one frame, and the wanted place of its mouth. Memory is kept from frame to frame.
struct MouthPlacement {
    /// The pose of the face in the frame.
    private(set) var pose = FacePose.identity
    /// The wanted canonical places of `SpeakerPoints.mouthPoints`.
    private(set) var shape: [SIMD3<Float>] = []
    /// The mouth's points in pixels as the frame shows them.
    private(set) var from: [SIMD2<Float>] = []
    /// The mouth's points in pixels as wanted.
    private(set) var to: [SIMD2<Float>] = []
    /// The points of `Landmarks.anchors` in pixels.
    private(set) var anchors: [SIMD2<Float>] = []
    /// The wanted outer lips in pixels, a closed polygon.
    private(set) var outline: [SIMD2<Float>] = []

    private var ownShape: [SIMD3<Float>] = []

    /// The length of one face unit (the distance of the outer eye corners) in pixels.
    var unit: Float { pose.unitPixels }

    /// Computes all places for one frame.
    mutating func read(_ instruction: MouthInstruction, scene: SpeakerScene) {
        let row = instruction.row
        let pose = scene.poses[row]
        self.pose = pose
        scene.readShape(for: instruction.curves, row: row, into: &shape)
        if !instruction.offsets.isEmpty {
            for (index, point) in SpeakerPoints.mouthPoints.enumerated() {
                shape[index] += instruction.offsets[point] * instruction.offsetShare
            }
            MouthShape.separateLips(&shape)
        }
        if instruction.strength < 1 {
            scene.readOwnShape(row, into: &ownShape)
            for (index, own) in ownShape.enumerated() {
                shape[index] = own + (shape[index] - own) * instruction.strength
            }
        }
        from.refill(SpeakerPoints.mouth) { scene.picturePoint(row, $0) }
        to.refill(shape) { pose.picture($0) }
        anchors.refill(SpeakerPoints.anchors) { scene.picturePoint(row, $0) }
        outline.refill(MouthIndex.outline) { to[$0] }
    }
}
