package import Face
package import Media
import Rendering

/// What the first pass keeps of one face in one shot.
package struct FaceRecord: Sendable {
    package let shot: Int
    package let identity: Int
    private(set) var frameNumbers: [Int] = []
    private(set) var track: LandmarkTrack
    private(set) var confidences: [Float] = []
    private(set) var boxes: [FaceBox] = []
    /// The sum of the face's widths in all frames, in pixels.
    private(set) var widthSum = 0.0
    /// The gap between the lips in each frame, in distances of the outer eye corners.
    private(set) var openings: [Float] = []
    var bank: MouthBankBuilder
    /// Where the face is seen best; `nil` unless pictures are kept.
    private(set) var reference: MouthReference?
    /// What the lower face looks like in each frame; empty unless occluders are looked for.
    private(set) var thumbnails: [FaceThumbnail] = []

    /// The points that feelings move; empty unless one is asked for.
    private(set) var expressionTrack: LandmarkTrack

    /// - Parameter keepsManyPictures: Twice as many mouth pictures are kept.
    package init(shot: Int, identity: Int, pictureSide: Int, keepsManyPictures: Bool = false) {
        self.shot = shot
        self.identity = identity
        track = LandmarkTrack(pictureSide: pictureSide)
        expressionTrack = LandmarkTrack(pictureSide: pictureSide, points: ExpressionWarp.trackedPoints)
        bank =
            keepsManyPictures
            ? MouthBankBuilder(maximumPictures: 1024, maximumBytes: 96 << 20)
            : MouthBankBuilder(maximumPictures: 512, maximumBytes: 48 << 20)
    }

    package mutating func add(
        _ face: FaceObservation, number: Int, frame: VideoFrame, keepsPictures: Bool, keepsThumbnails: Bool = false,
        keepsExpression: Bool = false
    ) {
        frameNumbers.append(number)
        confidences.append(face.confidence)
        boxes.append(face.box)
        widthSum += Double(face.widthPixels)
        openings.append(Self.opening(face.landmarks))
        track.append(face.landmarks)
        if keepsExpression { expressionTrack.append(face.landmarks) }
        guard keepsThumbnails || keepsPictures else { return }
        let thumbnail = FaceThumbnail(frame, landmarks: face.landmarks)
        if keepsThumbnails { thumbnails.append(thumbnail) }
        if keepsPictures {
            bank.add(frame, number: number, landmarks: face.landmarks, thumbnail: thumbnail)
            reference =
                MouthReference(
                    frame, landmarks: face.landmarks, confidence: face.confidence, betterThan: reference) ?? reference
        }
    }

    /// Takes the tracks out, so that they are not kept twice.
    mutating func takeTrack() -> LandmarkTrack {
        defer { track = LandmarkTrack(pictureSide: 0) }
        return track
    }

    /// The rows whose source frames lie in a range.
    func rows(in frames: Range<Int>) -> Range<Int> {
        row(from: frames.lowerBound)..<row(from: frames.upperBound)
    }

    /// How large and how often the face is seen in a range of source frames.
    func presence(in frames: Range<Int>) -> Double {
        rows(in: frames).reduce(0) { $0 + Double(boxes[$1].area) * Double(confidences[$1]) }
    }

    /// The box in a source frame, if the face is seen there.
    func box(inFrame number: Int) -> FaceBox? {
        let row = row(from: number)
        return row < frameNumbers.count && frameNumbers[row] == number ? boxes[row] : nil
    }

    /// The first row at or behind a source frame.
    private func row(from number: Int) -> Int {
        var low = 0
        var high = frameNumbers.count
        while low < high {
            let middle = (low + high) / 2
            if frameNumbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func opening(_ landmarks: [SIMD3<Float>]) -> Float {
        let gap = landmarks[Landmarks.lowerLipMiddle] - landmarks[Landmarks.upperLipMiddle]
        let eyes = landmarks[Landmarks.leftEyeOuter] - landmarks[Landmarks.rightEyeOuter]
        return ((gap * gap).sum() / max((eyes * eyes).sum(), 1e-6)).squareRoot()
    }
}

extension [FaceRecord] {
    /// The records that are faces for sure: textures fool detector and mesh for a few frames, not for longer.
    ///
    /// - Parameter frameCount: Frames read; a clip shorter than the limit needs a face in half of it.
    package func credible(framesPerSecond: Double, frameCount: Int) -> [FaceRecord] {
        let needed = Swift.min(Int((0.4 * framesPerSecond).rounded()), (frameCount + 1) / 2)
        var seen: [Int: Int] = [:]
        for record in self { seen[record.identity, default: 0] += record.frameNumbers.count }
        return filter { seen[$0.identity]! >= needed }
    }
}
