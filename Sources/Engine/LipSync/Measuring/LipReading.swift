import Face
import Rendering

/// Lips that were read back from a drawn frame.
struct LipReading: Codable, Sendable {
    /// Which face of the output it is; its own shape is what lengths are compared with.
    var scene: Int
    /// The distance of the inner lips, in face units.
    var gap: Float
    /// The distance of the mouth's corners, in face units.
    var span: Float

    init(scene: Int, landmarks: [SIMD3<Float>]) {
        let pose = FacePose(of: landmarks)
        func place(_ point: Int) -> SIMD3<Float> { pose.canonical(landmarks[point]) }
        let across = place(Landmarks.leftCorner) - place(Landmarks.rightCorner)
        self.scene = scene
        gap = place(Landmarks.lowerLipMiddle).y - place(Landmarks.upperLipMiddle).y
        span = (across * across).sum().squareRoot()
    }
}

/// How a face's lengths become shares of its own range.
struct LipScale: Codable, Sendable {
    /// The gap of the shut lips and the span of the resting mouth, in face units.
    var shutGap: Float
    var restSpan: Float
    /// The face unit's share that a mouth width is.
    private let mouthWidth: Float
    private let range: MouthRange

    init(shutGap: Float, restSpan: Float, mouthWidth: Float, range: MouthRange) {
        self.shutGap = shutGap
        self.restSpan = restSpan
        self.mouthWidth = max(mouthWidth, 0.05)
        self.range = range
    }

    init(_ scene: SpeakerScene) {
        self.init(
            shutGap: scene.reference.opening, restSpan: scene.reference.width, mouthWidth: scene.mouthWidth,
            range: scene.range)
    }

    /// A length in face units as a share of the range of openings.
    func openingShare(_ length: Float) -> Float { length / mouthWidth / max(range.opening, 1e-3) }

    /// In shares of the range of openings, 0 for shut lips.
    func opening(_ reading: LipReading) -> Float { openingShare(reading.gap - shutGap) }

    /// In shares of the range of widths: the inverse of `MouthRange.curves`.
    func width(_ reading: LipReading) -> Float {
        let value = (reading.span - restSpan) / mouthWidth
        let (ends, rest) = (range.widthEnds, MouthRange.restWidth)
        return value < 0 ? rest * (1 - value / ends.low) : rest + value / ends.high * (1 - rest)
    }
}

/// What drawing is about in a frame, for whoever reads it back.
struct MeasuredFace: Sendable {
    /// Which face of the output it is.
    var scene: Int
    /// How its place in the frame is known.
    var place: Place

    enum Place: Sendable {
        /// By the pose of the filmed face.
        case filmed(Filmed)
        /// A photo's: about where its 468 points lie, in pixels.
        case still([SIMD3<Float>])
    }

    /// A filmed face, its own mouth in the same frame.
    struct Filmed: Sendable {
        var pose: FacePose
        /// The outer lips in pixels.
        var outline: [SIMD2<Float>]
        /// Drawing is confined to the ellipse about the lips.
        var isConfined: Bool
    }

    /// `nil` for a photo's.
    var filmed: Filmed? { if case .filmed(let filmed) = place { filmed } else { nil } }
}
