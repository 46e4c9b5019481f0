import Face

/// Where the face of one frame is and where its mouth shall be, in memory that is kept from frame to frame.
struct MouthPlacement {
    /// The face's pose.
    private(set) var pose = FacePose.identity
    /// The wanted canonical places of `SpeakerPoints.mouthPoints`.
    private(set) var shape: [SIMD3<Float>] = []
    /// `SpeakerPoints.mouthPoints` in pixels as they are.
    private(set) var from: [SIMD2<Float>] = []
    /// `SpeakerPoints.mouthPoints` in pixels as they shall be.
    private(set) var to: [SIMD2<Float>] = []
    /// `Landmarks.anchors` in pixels.
    private(set) var anchors: [SIMD2<Float>] = []
    /// The wanted outer lips in pixels, a closed polygon.
    private(set) var outline: [SIMD2<Float>] = []

    private var ownShape: [SIMD3<Float>] = []

    /// Pixels in a face unit.
    var unit: Float { pose.unitPixels }

    /// Takes the places of one frame.
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
