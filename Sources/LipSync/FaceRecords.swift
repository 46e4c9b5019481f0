import Face
import Media
import Rendering

/// What the first pass keeps of one face in one shot.
package struct FaceRecord: Sendable {
    package let shot: Int
    package let identity: Int
    private(set) var frameNumbers: [Int] = []
    private(set) var track: LandmarkTrack
    private(set) var confidences: [Float] = []
    private(set) var boxes: [FaceBox] = []
    private(set) var bank: MouthBankBuilder

    package init(shot: Int, identity: Int, pictureSide: Int) {
        self.shot = shot
        self.identity = identity
        track = LandmarkTrack(pictureSide: pictureSide)
        bank = MouthBankBuilder(maximumPictures: 512, maximumBytes: 48 << 20)
    }

    package mutating func add(_ face: FaceObservation, number: Int, frame: VideoFrame, keepsPictures: Bool) {
        frameNumbers.append(number)
        confidences.append(face.confidence)
        boxes.append(face.box)
        track.append(face.landmarks)
        if keepsPictures { bank.add(frame, number: number, landmarks: face.landmarks) }
    }

    /// Takes the tracks out, so that they are not kept twice.
    mutating func takeTrack() -> LandmarkTrack {
        defer { track = LandmarkTrack(pictureSide: 0) }
        return track
    }

    /// How large and how often the face is seen.
    var presence: Double {
        zip(boxes, confidences).reduce(0) { $0 + Double($1.0.area) * Double($1.1) }
    }

    /// The box in a source frame, if the face is seen there.
    func box(inFrame number: Int) -> FaceBox? {
        guard let index = frameNumbers.firstIndex(of: number) else { return nil }
        return boxes[index]
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

extension SpeakerChoice {
    /// The speaker's record of each shot.
    ///
    /// - Throws: `RenderFailure` of code `faceSelectionInvalid` when the named place shows no face.
    package func choose(_ records: [FaceRecord]) throws -> [Int: FaceRecord] {
        var chosen: [Int: FaceRecord] = [:]
        for record in records where record.presence > (chosen[record.shot]?.presence ?? 0) {
            chosen[record.shot] = record
        }
        guard let named = try namedRecord(records) else { return chosen }
        chosen[named.shot] = named
        // The same face keeps speaking where it is followed into another shot.
        for record in records where record.identity == named.identity { chosen[record.shot] = record }
        return chosen
    }

    private func namedRecord(_ records: [FaceRecord]) throws -> FaceRecord? {
        let frameNumber: Int
        let score: (FaceBox) -> Float
        switch self {
        case .mostPresent, .automatic: return nil
        case .point(let frame, let x, let y, _):
            frameNumber = frame
            score = { box in
                // A click beside the mesh's own outline (hair, ear) still means the face.
                let margin = 0.25 * box.width
                let wide = FaceBox(
                    left: box.left - margin, top: box.top - 2 * margin, right: box.right + margin,
                    bottom: box.bottom + margin)
                guard wide.contains(SIMD2(x, y)) else { return 0 }
                let offset = (box.center - SIMD2(x, y)) / box.width
                return 1 / (1 + (offset * offset).sum())
            }
        case .boxes(let boxes):
            guard let first = boxes.firstIndex(where: { $0 != nil }), let box = boxes[first] else { return nil }
            frameNumber = first
            let wanted = FaceBox(left: box.left, top: box.top, right: box.right, bottom: box.bottom)
            score = { $0.overlap(wanted) }
        }
        let candidates = records.compactMap { record in
            record.box(inFrame: frameNumber).map { (record, score($0)) }
        }
        guard let best = candidates.max(by: { $0.1 < $1.1 }), best.1 > 0 else {
            throw RenderFailure(
                .faceSelectionInvalid, message: "No face was found at the chosen place in frame \(frameNumber).",
                suggestion: "Choose a point inside a face that is visible in that frame.")
        }
        return best.0
    }
}
