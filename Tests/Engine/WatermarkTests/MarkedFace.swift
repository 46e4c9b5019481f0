import Face
import Media
import TestSupport
import Watermark

/// The portrait as a moving clip of five seconds, followed by the real networks.
struct MarkedFace {
    static let identifier: UInt32 = 0xC0FF_EE42
    static let framesPerSecond = 25

    /// The points of the mesh that the renderer of clips knows.
    static let renderedPoints = Array(
        Set(Landmarks.lips + Landmarks.jaw + Landmarks.anchors + Landmarks.stable + [Landmarks.noseTip])
    ).sorted()

    /// The frames without a mark.
    let frames: [VideoFrame]
    /// The face's 468 points in each of them.
    let landmarks: [[SIMD3<Float>]]

    /// Made once: following the face takes a second.
    static let shared: MarkedFace? = try? MarkedFace()

    /// The clip with the mark of the public key, coded; made once.
    static let markedClip: String? = {
        let path = TemporaryFolder.shared.path("marked-portrait.mp4")
        return (try? shared?.write(path)) == nil ? nil : path
    }()

    private init() throws {
        let path = TemporaryFolder.shared.path("moving-portrait.mp4")
        try Program.ffmpeg([
            "-loop", "1", "-framerate", "\(Self.framesPerSecond)", "-i", Repository.portrait, "-t", "5", "-vf",
            "scale=1024:1024,crop=512:512:210+14*sin(1.7*t):10+9*sin(2.3*t),noise=alls=5:allf=t,format=yuv420p",
            "-c:v", "libx264", "-crf", "12", path,
        ])
        let tracker = try TestFaces.tracker()
        let frames = try TestPictures.frames(path)
        self.frames = frames
        landmarks = try frames.map { frame in
            guard let face = try tracker.track(frame).faces.first else { throw Program.Failed("no face") }
            return face.landmarks
        }
    }

    /// The places of some points in a frame.
    func points(_ meshPoints: [Int], frame: Int) -> [SIMD2<Float>] {
        meshPoints.map { SIMD2(landmarks[frame][$0].x, landmarks[frame][$0].y) }
    }

    /// Writes the clip with a mark.
    ///
    /// - Parameter strength: 0 for a clip without a mark.
    func write(
        _ path: String, key: WatermarkKey = .standard, meshPoints: [Int] = renderedPoints, strength: Float = 1,
        constantRateFactor: Int = 20
    ) throws {
        let painter = WatermarkPainter(key: key, identifier: Self.identifier, meshPoints: meshPoints)
        let writer = try VideoWriter(
            path,
            video: VideoOutputSettings(
                width: frames[0].width, height: frames[0].height, frameRate: Rational(Self.framesPerSecond),
                constantRateFactor: constantRateFactor, preset: "veryfast"), audio: nil)
        for (number, frame) in frames.enumerated() {
            let drawn = try frame.copy()
            painter.paint(
                into: drawn, points: points(meshPoints, frame: number),
                seconds: Double(number) / Double(Self.framesPerSecond), strength: strength)
            try writer.append(drawn)
        }
        try writer.finish()
    }
}
