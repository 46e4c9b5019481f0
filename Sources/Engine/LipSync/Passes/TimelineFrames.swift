import Media

/// Delivers the source frame of every output frame in order, whichever way the timeline runs through the source.
///
/// Forward runs read on; backward runs are decoded forward in pieces and handed out from the end; a jump seeks. Memory
/// is bounded by the size of a piece.
package final class TimelineFrames {
    private static let pieceBytes = 96 << 20
    private static let pieceFrames = 4...64

    private let reader: VideoReader
    private let timeline: OutputTimeline
    private var position = 0
    private var current: VideoFrame?
    private var currentNumber = -1
    private var piece: [VideoFrame] = []
    private var pieceStart = 0
    private var lastOfClip: VideoFrame?

    /// - Parameter reader: May have been read from; nobody else reads from it at the same time.
    package init(_ reader: VideoReader, timeline: OutputTimeline) throws {
        self.reader = reader
        self.timeline = timeline
        try reader.seek(toFrame: 0)
    }

    /// The frame for an output frame, to be asked for in order. The caller may draw into it.
    package func frame(at index: Int) throws -> VideoFrame {
        let piece = timeline.piece(at: index)
        let wanted = piece.sourceFrame(at: index)
        let frame = try read(wanted, mayEnd: piece.part == nil)
        let isNeededAgain = index + 1 < timeline.frameCount && timeline.sourceFrame(at: index + 1) == wanted
        return isNeededAgain ? try frame.copy() : frame
    }

    private func read(_ number: Int, mayEnd: Bool) throws -> VideoFrame {
        if number == currentNumber, let current { return current }
        if let lastOfClip { return try lastOfClip.copy() }
        let frame: VideoFrame
        if piece.indices.contains(number - pieceStart) {
            frame = piece[number - pieceStart]
            // Backward runs never come back to a later frame of the piece.
            piece.removeSubrange((number - pieceStart)...)
        } else if number < position, number == currentNumber - 1 {
            frame = try readPiece(endingWith: number)
        } else {
            frame = try readForward(number, mayEnd: mayEnd)
        }
        current = frame
        currentNumber = number
        return frame
    }

    private func readForward(_ number: Int, mayEnd: Bool) throws -> VideoFrame {
        piece = []
        // The reader itself knows whether reading on is cheaper than seeking.
        if number != position { try reader.seek(toFrame: number) }
        guard let frame = try reader.next() else {
            guard mayEnd else { throw Self.vanished(number) }
            return try holdLast(before: number)
        }
        position = number + 1
        return frame
    }

    /// A damaged clip may end before its time stamps promise: behind the last part its last picture stays then.
    private func holdLast(before number: Int) throws -> VideoFrame {
        guard position > 0, number >= position else { throw Self.vanished(number) }
        // What was handed out last may be drawn into at this moment, so it is read anew.
        try reader.seek(toFrame: position - 1)
        guard let frame = try reader.next() else { throw Self.vanished(number) }
        lastOfClip = frame
        return try frame.copy()
    }

    private func readPiece(endingWith number: Int) throws -> VideoFrame {
        let frameBytes = reader.info.width * reader.info.height * 3 / 2
        let limits = Self.pieceFrames
        let length = min(max(Self.pieceBytes / max(frameBytes, 1), limits.lowerBound), limits.upperBound)
        pieceStart = max(0, number - length + 1)
        try reader.seek(toFrame: pieceStart)
        position = pieceStart
        piece = []
        while position <= number, let frame = try reader.next() {
            piece.append(frame)
            position += 1
        }
        guard position == number + 1, let last = piece.popLast() else { throw Self.vanished(number) }
        return last
    }

    private static func vanished(_ number: Int) -> MediaError {
        MediaError(
            code: .videoInvalid, message: "The video could not be read the same way twice.",
            suggestion: "Convert it to MP4 with H.264 and try again.", detail: "frame \(number) is gone")
    }
}
