public import Face
import Media

/// Looks for the mark in a file.
///
///     let finding = try WatermarkSearch(models: models).find(in: "clip.mp4")
///     if finding.score.isMarked { … }
public struct WatermarkSearch: Sendable {
    private let models: FaceModels
    private let key: WatermarkKey
    private let speeds: WatermarkSpeeds
    private let threadCount: Int

    /// At most so many frames are examined, so many a second: more hardly help (Lipsmith's watermark study).
    private static let mostFrames = 800
    private static let mostFramesPerSecond = 26.0
    /// So many frames are read at most, with a face or without: five minutes, so that a search of a film comes to an end.
    /// Unmeasured.
    private static let mostReadFrames = 8000
    /// A clip in which a face is seen for less than this says little, in seconds (likewise).
    private static let leastSeconds = 2.5
    /// Another face than the one that is followed must be so many times as wide to take its place. Unmeasured.
    private static let widerFace: Float = 1.25

    /// - Parameters:
    ///   - models: Are used by one search at a time: sessions belong to one thread.
    ///   - key: Of the mark that is looked for.
    ///   - speeds: `wide` finds the mark in clips that were sped up or slowed down, and takes some seconds longer.
    ///   - threadCount: For decoding.
    public init(
        models: FaceModels, key: WatermarkKey = .standard, speeds: WatermarkSpeeds = .usual, threadCount: Int = 2
    ) {
        self.models = models
        self.key = key
        self.speeds = speeds
        self.threadCount = threadCount
    }

    /// Examines the largest face of a file, and once more in the mirrored picture where nothing is found.
    ///
    /// - Throws: `MediaError` where the file cannot be read, `InferenceError` where a network cannot be run.
    public func find(in path: String) throws -> WatermarkFinding {
        let straight = try examine(path, isMirrored: false)
        guard !straight.score.isMarked, straight.obstacle == nil else { return straight }
        let mirrored = try examine(path, isMirrored: true)
        return mirrored.score.score > straight.score.score ? mirrored : straight
    }

    private func examine(_ path: String, isMirrored: Bool) throws -> WatermarkFinding {
        let reader = try VideoReader(path, threadCount: threadCount)
        var finding = WatermarkFinding(
            score: .none, isMirrored: isMirrored, obstacle: .stillPicture, frameCount: 0, durationSeconds: 0,
            faceWidthPixels: 0)
        if reader.isStillImage { return finding }
        let detector = WatermarkDetector()
        let tracker = FaceTracker(models)
        let rate = reader.info.frameRate.value
        let step = max(1, Int((rate / Self.mostFramesPerSecond).rounded()))
        var followed: Int?
        var widths: [Float] = []
        var readCount = 0
        while detector.frameCount < Self.mostFrames, readCount < Self.mostReadFrames, let frame = try reader.next() {
            readCount += 1
            let shown = isMirrored ? try frame.mirrored() : frame
            if let face = Self.face(of: try tracker.track(shown).faces, followed: followed) {
                followed = face.identity
                widths.append(face.widthPixels)
                detector.collect(shown, landmarks: face.landmarks, seconds: Double(frame.index) / rate)
            }
            // Frames that are passed over are decoded, but not converted.
            if step > 1 { try reader.seek(toFrame: frame.index + step) }
        }
        finding.frameCount = detector.frameCount
        finding.durationSeconds = detector.durationSeconds
        finding.faceWidthPixels = widths.isEmpty ? 0 : Double(widths.sorted()[widths.count / 2])
        finding.score = detector.scores(of: [key], speeds: speeds)[0]
        finding.obstacle =
            if finding.score.isMarked {
                nil
            } else if detector.frameCount == 0 {
                .noFace
            } else {
                detector.durationSeconds < Self.leastSeconds ? .tooShort : nil
            }
        return finding
    }

    /// The widest face; the followed one, unless another is much wider.
    private static func face(of faces: [FaceObservation], followed: Int?) -> FaceObservation? {
        guard let widest = faces.max(by: { $0.widthPixels < $1.widthPixels }) else { return nil }
        guard let own = faces.first(where: { $0.identity == followed }) else { return widest }
        return widest.widthPixels > widerFace * own.widthPixels ? widest : own
    }
}
