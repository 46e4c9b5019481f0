import Face
import Media

/// Which face speaks in each source frame of a part. Never more than one does.
package struct SpeakerTimeline: Sendable {
    /// The part's source frames.
    package let frames: Range<Int>
    private var owners: [Int32]

    /// A part in which nobody speaks.
    package init(frames: Range<Int>) {
        self.frames = frames
        owners = Array(repeating: -1, count: frames.count)
    }

    /// The index of the record that speaks in a source frame.
    package func record(inFrame number: Int) -> Int? {
        guard frames.contains(number), owners[number - frames.lowerBound] >= 0 else { return nil }
        return Int(owners[number - frames.lowerBound])
    }

    /// The indices of all records that speak, ascending.
    package var records: [Int] { Set(owners.filter { $0 >= 0 }.map(Int.init)).sorted() }

    mutating func set(_ record: Int, inFrame number: Int) { owners[number - frames.lowerBound] = Int32(record) }
}

/// What a speaker is chosen by, beside the faces themselves.
package struct SelectionContext: Sendable {
    /// The part's source frames.
    package var frames: Range<Int>
    /// Frames of the clip.
    package var clipFrameCount: Int
    package var framesPerSecond: Double
    /// The clip's own sound, for the automatic choice.
    package var clipSpeech: SpeechEnvelope?

    package init(
        frames: Range<Int>, clipFrameCount: Int, framesPerSecond: Double, clipSpeech: SpeechEnvelope? = nil
    ) {
        self.frames = frames
        self.clipFrameCount = clipFrameCount
        self.framesPerSecond = framesPerSecond
        self.clipSpeech = clipSpeech
    }
}

extension SpeakerChoice {
    /// A face that is lost for a moment where the user points at it is looked for within this time, seconds.
    static let pointReachSeconds = 0.5
    /// A box must share this much of its area with a face's.
    private static let leastBoxOverlap: Float = 0.15
    /// A face that stands like this much of the pointed one, in another stretch of the clip, is taken for the same.
    private static let samePlaceOverlap: Float = 0.3

    /// The source frame that a point names; `nil` for other choices.
    ///
    /// - Throws: `RenderFailure` of code `faceSelectionInvalid` for a frame that the clip does not have.
    func pointedFrame(part frames: Range<Int>, clipFrameCount: Int) throws -> Int? {
        guard case .point(let frame, _, _, let isRelative) = self else { return nil }
        let (number, isTooLarge) = frame.addingReportingOverflow(isRelative ? frames.lowerBound : 0)
        guard !isTooLarge, frame >= 0, number < clipFrameCount else {
            throw RenderFailure(
                .faceSelectionInvalid, message: "Frame \(frame), in which the speaker was chosen, is not in the clip.",
                suggestion: "Choose a frame from 0 to \(max(clipFrameCount - 1, 0)).")
        }
        return number
    }

    /// Decides who speaks in each frame of a part.
    ///
    /// - Throws: `RenderFailure` of code `faceSelectionInvalid` when the named place shows no face.
    package func select(_ records: [FaceRecord], _ context: SelectionContext) throws -> SpeakerTimeline {
        if case .boxes(let boxes) = self { return try Self.select(records, boxes, context) }
        var chosen = Self.mostPresent(records, in: context.frames)
        switch self {
        case .automatic:
            guard let speech = context.clipSpeech else { break }
            let match = SpeakingMatch(speech: speech, framesPerSecond: context.framesPerSecond)
            for (shot, index) in match.speakers(records, in: context.frames) { chosen[shot] = index }
        case .point(_, let x, let y, _):
            guard let frame = try pointedFrame(part: context.frames, clipFrameCount: context.clipFrameCount) else {
                break
            }
            let reach = Int((Self.pointReachSeconds * context.framesPerSecond).rounded())
            let named = try Self.named(records, frame: frame, SIMD2(x, y), reach: reach)
            let identity = records[named.record].identity
            for (shot, index) in chosen where records[index].identity != identity {
                // Another stretch of the clip was followed on its own; a face in the same place is the same.
                let best = records.indices.filter { records[$0].shot == shot }
                    .map { ($0, records[$0].overlap(named.box, in: context.frames)) }.max { $0.1 < $1.1 }
                if let best, best.1 >= Self.samePlaceOverlap, shot != records[named.record].shot {
                    chosen[shot] = best.0
                }
            }
            // The same face keeps speaking where it is followed into another shot.
            for index in records.indices where records[index].identity == identity {
                chosen[records[index].shot] = index
            }
        case .mostPresent, .boxes: break
        }
        var selection = SpeakerTimeline(frames: context.frames)
        for index in chosen.values {
            for row in records[index].rows(in: context.frames) {
                selection.set(index, inFrame: records[index].frameNumbers[row])
            }
        }
        return selection
    }

    /// In each shot the record that is seen largest and most often.
    private static func mostPresent(_ records: [FaceRecord], in frames: Range<Int>) -> [Int: Int] {
        var chosen: [Int: (index: Int, presence: Double)] = [:]
        for (index, record) in records.enumerated() {
            let presence = record.presence(in: frames)
            if presence > chosen[record.shot]?.presence ?? 0 { chosen[record.shot] = (index, presence) }
        }
        return chosen.mapValues(\.index)
    }

    /// The record that shows a face at a point of a frame, or of the nearest frame that does.
    private static func named(
        _ records: [FaceRecord], frame: Int, _ point: SIMD2<Float>, reach: Int
    ) throws -> (record: Int, box: FaceBox) {
        for distance in 0...max(reach, 0) {
            for number in Set([frame - distance, frame + distance]).sorted() {
                let candidates = records.indices.compactMap { index -> (record: Int, box: FaceBox, score: Float)? in
                    guard let box = records[index].box(inFrame: number) else { return nil }
                    return (index, box, closeness(box, point))
                }
                if let best = candidates.max(by: { $0.score < $1.score }), best.score > 0 {
                    return (best.record, best.box)
                }
            }
        }
        throw RenderFailure(
            .faceSelectionInvalid, message: "No face was found at the chosen place in frame \(frame).",
            suggestion: "Choose a point inside a face that is visible in that frame.")
    }

    /// How well a point names a face: 0 far from it, 1 in its middle.
    static func closeness(_ box: FaceBox, _ point: SIMD2<Float>) -> Float {
        // A click beside the mesh's own outline (hair, ear) still means the face.
        let margin = 0.25 * box.width
        let wide = FaceBox(
            left: box.left - margin, top: box.top - 2 * margin, right: box.right + margin, bottom: box.bottom + margin)
        guard wide.contains(point) else { return 0 }
        let offset = (box.center - point) / box.width
        return 1 / (1 + (offset * offset).sum())
    }

    private static func select(
        _ records: [FaceRecord], _ boxes: [PixelBox?], _ context: SelectionContext
    ) throws -> SpeakerTimeline {
        var selection = SpeakerTimeline(frames: context.frames)
        var best = [Float](repeating: leastBoxOverlap, count: context.frames.count)
        var hasMet = false
        for (index, record) in records.enumerated() {
            for row in record.rows(in: context.frames) {
                let number = record.frameNumbers[row]
                guard number < boxes.count, let box = boxes[number] else { continue }
                let wanted = FaceBox(left: box.left, top: box.top, right: box.right, bottom: box.bottom)
                let overlap = record.boxes[row].overlap(wanted)
                guard overlap > best[number - context.frames.lowerBound] else { continue }
                best[number - context.frames.lowerBound] = overlap
                selection.set(index, inFrame: number)
                hasMet = true
            }
        }
        guard hasMet else {
            throw RenderFailure(
                .faceSelectionInvalid, message: "None of the given boxes meets a face in the clip.",
                suggestion: "Give boxes around a face in pixels of the clip, one for each frame from the first.")
        }
        return selection
    }
}

extension FaceRecord {
    /// How much the face's place in a range of frames shares with a box, 0…1, at the best of a few frames.
    fileprivate func overlap(_ box: FaceBox, in frames: Range<Int>) -> Float {
        let rows = rows(in: frames)
        return stride(from: rows.lowerBound, to: rows.upperBound, by: max(rows.count / 16, 1))
            .map { boxes[$0].overlap(box) }.max() ?? 0
    }
}
