package import Face
package import Media
import Records
import Rendering

/// What the first pass keeps of one face in one shot.
package struct FaceRecord: Sendable {
    package let shot: Int
    package let identity: Int
    private(set) var frameNumbers: [Int] = []
    private(set) var track: LandmarkTrack
    private(set) var confidences: [Float] = []
    private(set) var boxes: [FaceBox] = []
    /// The face's width in each frame, in pixels.
    private var widths: [Float] = []
    /// The gap between the lips in each frame, in distances of the outer eye corners.
    private(set) var openings: [Float] = []
    var bank: MouthBankBuilder
    /// Frames that show the face ever better; of a whole clip the one that is kept. None unless pictures are kept.
    private var references: [MouthReference] = []
    /// What the lower face looks like in each frame; empty unless occluders are looked for.
    private(set) var thumbnails: [FaceThumbnail] = []

    /// The points that feelings move; empty unless one is asked for.
    private(set) var expressionTrack: LandmarkTrack

    /// Whether everything is kept of which a choice is made when the spans of a clip are put together.
    private let isSpan: Bool

    /// Where the face is seen best; `nil` unless pictures are kept.
    var reference: MouthReference? { references.last }

    /// The mean width of the face, in pixels.
    var meanWidthPixels: Double { widths.reduce(0) { $0 + Double($1) } / Double(max(widths.count, 1)) }

    /// - Parameters:
    ///   - keepsManyPictures: Twice as many mouth pictures are kept.
    ///   - isSpan: Whether it is of a span of the clip and will be appended to others, so that all pictures are kept.
    package init(
        shot: Int, identity: Int, pictureSide: Int, keepsManyPictures: Bool = false, isSpan: Bool = false
    ) {
        self.shot = shot
        self.identity = identity
        track = LandmarkTrack(pictureSide: pictureSide)
        expressionTrack = LandmarkTrack(pictureSide: pictureSide, points: ExpressionWarp.trackedPoints)
        self.isSpan = isSpan
        bank =
            isSpan
            ? MouthBankBuilder(maximumPictures: .max, maximumBytes: .max)
            : keepsManyPictures
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
        widths.append(face.widthPixels)
        openings.append(Self.opening(face.landmarks))
        track.append(face.landmarks)
        if keepsExpression { expressionTrack.append(face.landmarks) }
        guard keepsThumbnails || keepsPictures else { return }
        let thumbnail = FaceThumbnail(frame, landmarks: face.landmarks)
        if keepsThumbnails { thumbnails.append(thumbnail) }
        if keepsPictures {
            bank.add(frame, number: number, landmarks: face.landmarks, thumbnail: thumbnail)
            if let better = MouthReference(
                frame, landmarks: face.landmarks, confidence: face.confidence, betterThan: reference,
                keepsAll: isSpan)
            {
                keep(better)
            }
        }
    }

    private mutating func keep(_ better: MouthReference) {
        if !isSpan { references = [] }
        references.append(better)
    }

    /// A record of the same kind of points, of another shot and identity, with nothing in it.
    func empty(_ shot: Int, _ identity: Int, keepsManyPictures: Bool) -> FaceRecord {
        var record = FaceRecord(shot: shot, identity: identity, pictureSide: 0, keepsManyPictures: keepsManyPictures)
        record.track = track.selecting([])
        record.expressionTrack = expressionTrack.selecting([])
        return record
    }

    /// Adds what a span of the clip behind this one's frames shows of the same face, with the outcome that adding its frames
    /// one by one would have.
    mutating func append(_ span: FaceRecord) {
        frameNumbers += span.frameNumbers
        confidences += span.confidences
        boxes += span.boxes
        widths += span.widths
        openings += span.openings
        thumbnails += span.thumbnails
        track.append(span.track)
        expressionTrack.append(span.expressionTrack)
        for picture in span.bank.pictures { bank.append(picture) }
        for candidate in span.references {
            if let reference, !isSpan, !candidate.isBetter(than: reference) { continue }
            keep(candidate)
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

extension FaceRecord: Codable {
    private enum CodingKeys: CodingKey {
        case shot, identity, frameNumbers, track, confidences, boxes, widths, openings, bank, references, thumbnails
        case expressionTrack, isSpan
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        shot = try members.decode(Int.self, forKey: .shot)
        identity = try members.decode(Int.self, forKey: .identity)
        frameNumbers = try members.decodePacked(Int.self, forKey: .frameNumbers)
        track = try members.decode(LandmarkTrack.self, forKey: .track)
        confidences = try members.decodePacked(Float.self, forKey: .confidences)
        boxes = try members.decodePacked(FaceBox.self, forKey: .boxes)
        widths = try members.decodePacked(Float.self, forKey: .widths)
        openings = try members.decodePacked(Float.self, forKey: .openings)
        bank = try members.decode(MouthBankBuilder.self, forKey: .bank)
        references = try members.decode([MouthReference].self, forKey: .references)
        thumbnails = try members.decode([FaceThumbnail].self, forKey: .thumbnails)
        expressionTrack = try members.decode(LandmarkTrack.self, forKey: .expressionTrack)
        isSpan = try members.decode(Bool.self, forKey: .isSpan)
        let rows = frameNumbers.count
        guard [confidences.count, boxes.count, widths.count, openings.count, track.count].allSatisfy({ $0 == rows })
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .frameNumbers, in: members, debugDescription: "a face of \(rows) rows that does not fit")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(shot, forKey: .shot)
        try members.encode(identity, forKey: .identity)
        try members.encodePacked(frameNumbers, forKey: .frameNumbers)
        try members.encode(track, forKey: .track)
        try members.encodePacked(confidences, forKey: .confidences)
        try members.encodePacked(boxes, forKey: .boxes)
        try members.encodePacked(widths, forKey: .widths)
        try members.encodePacked(openings, forKey: .openings)
        try members.encode(bank, forKey: .bank)
        try members.encode(references, forKey: .references)
        try members.encode(thumbnails, forKey: .thumbnails)
        try members.encode(expressionTrack, forKey: .expressionTrack)
        try members.encode(isSpan, forKey: .isSpan)
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
