import Face
import Media

/// Looks for the faces of samples of a clip, or of a still picture.
package struct PictureCheck {
    /// Faces that are turned farther count as turned away: the drawn mouth fades out from 38 to 50 degrees
    /// (`SpeakerScene`), and most of it is gone here.
    static let largestYawDegrees = 45.0
    /// Pixels up to which every picture of a clip is decoded: about three seconds of decoding H.264 on one core. Unmeasured.
    private static let decodedPixels = 4_000_000_000
    /// How many samples are looked at again, nearer, where none shows a face.
    private static let closerSamples = 12

    let installation: Installation?
    let cancellation: Cancellation

    /// - Throws: `MediaError`, `InferenceError`, `RenderFailure`.
    func look(at path: String, _ media: MediaSummary) throws -> MediaCheck.Picture {
        guard let installation else {
            throw RenderFailure(
                .installationIncomplete, message: "The inference runtime and the models were not found.",
                suggestion: "Run `make setup`.")
        }
        if media.kind == .image { return try still(path, installation) }
        let reader: VideoReader
        do { reader = try VideoReader(path) } catch let error as MediaError where error.code == .resolutionUnsupported {
            return Self.unread(media)
        }
        guard reader.info.durationSeconds <= EngineLimits.mediaSeconds else { throw SourceClip.tooLong(path) }
        return try clip(reader, try installation.loadFaceModels())
    }

    /// A clip whose size is beyond the limits: its facts say so.
    private static func unread(_ media: MediaSummary) -> MediaCheck.Picture {
        let (seconds, rate) = (media.durationSeconds ?? 0, media.framesPerSecond ?? 0)
        let count = seconds * rate
        return MediaCheck.Picture(
            isStill: false, durationSeconds: seconds, width: media.width ?? 0, height: media.height ?? 0,
            frameRate: rate, frameCount: count.isFinite && count < 1e9 ? Int(count.rounded()) : 0, samples: [],
            shots: [], gaps: [])
    }

    private func still(_ path: String, _ installation: Installation) throws -> MediaCheck.Picture {
        let image = try StillImage(path)
        try cancellation.check()
        let faces = try PictureSearch(image: image, models: LazyFaceModels(installation)).faces()
        return MediaCheck.Picture(
            isStill: true, durationSeconds: 0, width: image.width, height: image.height, frameRate: 0, frameCount: 1,
            samples: [MediaCheck.Sample(seconds: 0, frame: 0, faces: Self.sorted(faces))], shots: [0], gaps: [])
    }

    private func clip(_ reader: VideoReader, _ models: FaceModels) throws -> MediaCheck.Picture {
        let info = reader.info
        var (samples, shots) = try samples(of: reader, models)
        let isFaceless = samples.allSatisfy(\.faces.isEmpty)
        if isFaceless, FaceTracker.findsMoreInTiles(info.width, info.height) {
            samples = try closer(samples, of: reader, models) ?? samples
        }
        if shots.isEmpty { shots = [0] }
        return MediaCheck.Picture(
            isStill: false, durationSeconds: info.durationSeconds, width: info.width, height: info.height,
            frameRate: info.frameRate.value, frameCount: info.estimatedFrameCount, samples: samples, shots: shots,
            gaps: Self.gaps(samples, durationSeconds: info.durationSeconds))
    }

    // MARK: Samples

    /// The frames to look at: at most one a second, evenly spread.
    package static func frames(durationSeconds: Double, frameRate: Double, frameCount: Int) -> [Int] {
        let count = min(MediaCheck.mostSamples, max(1, Int(durationSeconds.rounded(.up))))
        let stepSeconds = max(1, durationSeconds / Double(count))
        var frames: [Int] = []
        for index in 0..<count {
            let frame = Int((Double(index) * stepSeconds * frameRate).rounded(.up))
            if frame < max(1, frameCount), frame > frames.last ?? -1 { frames.append(frame) }
        }
        return frames
    }

    private func samples(
        of reader: VideoReader, _ models: FaceModels
    ) throws -> (samples: [MediaCheck.Sample], shots: [Double]) {
        let info = reader.info
        let frames = Self.frames(
            durationSeconds: info.durationSeconds, frameRate: info.frameRate.value, frameCount: info.estimatedFrameCount
        )
        var cursor = SampleCursor(reader, frames: frames, decodedPixels: Self.decodedPixels)
        var samples: [MediaCheck.Sample] = []
        var shots: [Double] = []
        var cuts = ShotDetector()
        while let (frame, isSample) = try cursor.next() {
            try cancellation.check()
            let seconds = Double(frame.index) * info.frameRate.inverse.value
            if cuts.isFirstOfShot(frame) { shots.append(seconds) }
            if isSample { samples.append(try look(at: frame, seconds: seconds, models, searchesTiles: false)) }
        }
        return (samples, shots)
    }

    /// Some of the samples again, in tiles that show small faces larger; nil where those show none either.
    private func closer(
        _ samples: [MediaCheck.Sample], of reader: VideoReader, _ models: FaceModels
    ) throws -> [MediaCheck.Sample]? {
        let step = (samples.count + Self.closerSamples - 1) / Self.closerSamples
        let reader = try VideoReader(reader.path)
        let frames = stride(from: 0, to: samples.count, by: max(1, step)).map { samples[$0].frame }
        var cursor = SampleCursor(reader, frames: frames, decodedPixels: Self.decodedPixels)
        var closer: [MediaCheck.Sample] = []
        while let (frame, isSample) = try cursor.next() {
            try cancellation.check()
            guard isSample else { continue }
            let seconds = Double(frame.index) * reader.info.frameRate.inverse.value
            closer.append(try look(at: frame, seconds: seconds, models, searchesTiles: true))
        }
        return closer.contains { !$0.faces.isEmpty } ? closer : nil
    }

    /// Each sample is a shot of its own for the tracker: seconds lie between them.
    private func look(
        at frame: VideoFrame, seconds: Double, _ models: FaceModels, searchesTiles: Bool
    ) throws -> MediaCheck.Sample {
        let faces = try FaceTracker(models, searchesTiles: searchesTiles).track(frame).faces
        return MediaCheck.Sample(seconds: seconds, frame: frame.index, faces: Self.sorted(faces))
    }

    private static func sorted(_ faces: [FaceObservation]) -> [MediaCheck.Face] {
        faces.sorted { $0.box.area > $1.box.area }.map { face in
            func rounded(_ value: Float) -> Double { (Double(value) * 10).rounded() / 10 }
            return MediaCheck.Face(
                left: rounded(face.box.left), top: rounded(face.box.top), right: rounded(face.box.right),
                bottom: rounded(face.box.bottom),
                yawDegrees: rounded(FacePose(of: face.landmarks).rotation.yawRadians * 180 / .pi),
                widthPixels: rounded(face.widthPixels), confidence: (Double(face.confidence) * 1000).rounded() / 1000)
        }
    }

    // MARK: Gaps

    /// The stretches without a face that can speak.
    package static func gaps(_ samples: [MediaCheck.Sample], durationSeconds: Double) -> [MediaCheck.Gap] {
        var gaps: [MediaCheck.Gap] = []
        for (index, sample) in samples.enumerated() {
            let reason: MediaCheck.Gap.Reason
            if let face = sample.faces.first {
                guard abs(face.yawDegrees) > largestYawDegrees else { continue }
                reason = .turnedAway
            } else {
                reason = .noFace
            }
            let end = index + 1 < samples.count ? samples[index + 1].seconds : max(durationSeconds, sample.seconds)
            if let last = gaps.last, last.reason == reason, last.endSeconds == sample.seconds {
                gaps[gaps.count - 1].endSeconds = end
            } else {
                gaps.append(MediaCheck.Gap(startSeconds: sample.seconds, endSeconds: end, reason: reason))
            }
        }
        return gaps
    }
}
