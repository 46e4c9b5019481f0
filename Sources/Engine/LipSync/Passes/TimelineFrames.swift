package import Media

/// Delivers the source frame of every output frame in order, whichever way the timeline runs through the source.
///
/// Forward runs read on; backward runs are decoded forward in pieces and handed out from the end; a jump seeks. A piece
/// is as many whole groups of pictures as fit into the budget, and the frames around a turn are kept for their second
/// showing, so that in a bounce each frame is decoded at most twice. A group that does not fit is read in as few pieces
/// as possible.
package final class TimelineFrames {
    /// Smaller pieces would decode a group again for every few frames, however little memory there is.
    private static let leastPieceFrames = 4

    private let reader: VideoReader
    private let timeline: OutputTimeline
    /// The output frames that will be asked for.
    private let frames: Range<Int>
    private let budgetBytes: Int
    /// The frames of the first pass, and how often each of them will be shown; in a row counts once.
    private var kept: KeptFrames
    private var showings: [Int: Int] = [:]
    /// Frames that were decoded for a later output frame.
    private var held: [Int: VideoFrame] = [:]
    /// What the reader delivers next; `nil` before it is asked.
    private var position: Int?
    /// The frame that was handed out last, where it is shown once more.
    private var current: VideoFrame?
    private var previousNumber: Int?
    private var lastOfClip: VideoFrame?

    /// - Parameters:
    ///   - reader: May have been read from; nobody else reads from it at the same time.
    ///   - frames: The output frames that will be asked for; all unless given.
    ///   - kept: Frames that need not be read again.
    ///   - budgetBytes: Memory for decoded frames.
    package init(
        _ reader: VideoReader, timeline: OutputTimeline, frames: Range<Int>? = nil,
        kept: consuming KeptFrames? = nil, budgetBytes: Int? = nil
    ) {
        self.reader = reader
        self.timeline = timeline
        self.frames = frames ?? 0..<timeline.frameCount
        self.budgetBytes = budgetBytes ?? EngineLimits.keptFrameBytes
        self.kept = kept ?? KeptFrames(budgetBytes: 0)
        guard self.kept.byteCount > 0 else { return }
        var previous: Int?
        for index in self.frames {
            let number = timeline.sourceFrame(at: index)
            if number != previous { showings[number, default: 0] += 1 }
            previous = number
        }
    }

    /// The frame for an output frame, to be asked for in order. The caller may draw into it after `makeWritable`.
    package func frame(at index: Int) throws -> VideoFrame {
        let piece = timeline.piece(at: index)
        if index == piece.firstFrame { held.removeAll() }
        let number = piece.sourceFrame(at: index)
        let frame = try current.map { try $0.reference() } ?? find(number, at: index, in: piece)
        let isShownNext = index + 1 < frames.upperBound && timeline.sourceFrame(at: index + 1) == number
        current = isShownNext ? try frame.reference() : nil
        previousNumber = number
        return frame
    }

    private func find(_ number: Int, at index: Int, in piece: OutputTimeline.Piece) throws -> VideoFrame {
        if let frame = try takeKept(number) { return frame }
        let isHeldOn = isShownSoon(index, in: piece)
        if let frame = isHeldOn ? try held[number]?.reference() : held.removeValue(forKey: number) { return frame }
        if let lastOfClip { return try lastOfClip.reference() }
        let isBackward = index > piece.firstFrame && piece.sourceFrame(at: index - 1) > number
        // What the output ends before is not needed.
        let left = min(piece.frames.upperBound, frames.upperBound) - 1 - index
        let frame =
            isBackward
            ? try readPiece(endingWith: number, from: max(piece.firstSourceFrame, number - left))
            : try readForward(number, mayEndFrom: piece.part == nil ? piece.firstSourceFrame : nil)
        if isHeldOn { held[number] = try frame.reference() }
        return frame
    }

    private func takeKept(_ number: Int) throws -> VideoFrame? {
        guard let count = showings[number] else { return nil }
        showings[number] = count - 1
        return count > 1 ? try kept.frame(number) : kept.remove(number)
    }

    /// Whether an output frame's picture is shown again so soon behind a turn that all between fit into the budget.
    private func isShownSoon(_ index: Int, in piece: OutputTimeline.Piece) -> Bool {
        guard let again = piece.timeline.mirrored(index - piece.firstFrame),
            piece.firstFrame + again < frames.upperBound
        else { return false }
        return (again - (index - piece.firstFrame)) / 2 < pieceFrames
    }

    /// The longest piece, frames.
    private var pieceFrames: Int {
        let frameBytes = held.first?.value.byteCount ?? reader.info.width * reader.info.height * 3 / 2
        return max((budgetBytes - kept.byteCount) / max(frameBytes, 1), Self.leastPieceFrames)
    }

    private func readForward(_ number: Int, mayEndFrom first: Int?) throws -> VideoFrame {
        // The reader itself knows whether reading on is cheaper than seeking.
        if number != position { try reader.seek(toFrame: number) }
        guard let frame = try reader.next() else {
            guard let first else { throw Self.vanished(number) }
            return try holdLast(before: number, from: first)
        }
        position = number + 1
        return frame
    }

    /// A damaged clip may end before its time stamps promise: behind the last part its last picture stays then.
    ///
    /// - Parameter first: Where the run of source frames begins to which the missing one belongs.
    private func holdLast(before number: Int, from first: Int) throws -> VideoFrame {
        // What was handed out last may be drawn into at this moment, so it is read anew. Without any the clip has ended
        // before the frames that are asked for.
        try reader.seek(toFrame: previousNumber ?? first)
        var last: VideoFrame?
        while let frame = try reader.next() {
            last = frame
            if previousNumber != nil { break }
        }
        guard let last, number > last.index else { throw Self.vanished(number) }
        lastOfClip = last
        return try last.reference()
    }

    /// Decodes the frames before the one that was shown last, as far back as the budget goes but not beyond `first`, and
    /// hands out the last of them.
    private func readPiece(endingWith number: Int, from first: Int) throws -> VideoFrame {
        let earliest = max(first, number - pieceFrames + 1)
        // A piece that begins with a group decodes nothing besides itself.
        let start = reader.firstKeyFrame(in: earliest...number) ?? earliest
        try reader.seek(toFrame: start)
        var last: VideoFrame?
        for next in start...number {
            guard let frame = try reader.next() else { throw Self.vanished(number) }
            if next < number { held[next] = frame }
            last = frame
        }
        position = number + 1
        guard let last else { throw Self.vanished(number) }
        return last
    }

    private static func vanished(_ number: Int) -> MediaError {
        MediaError(
            code: .videoInvalid, message: "The video could not be read the same way twice.",
            suggestion: "Convert it to MP4 with H.264 and try again.", detail: "frame \(number) is gone")
    }
}
