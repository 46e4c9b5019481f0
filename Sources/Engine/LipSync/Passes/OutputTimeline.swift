package import Media

/// Which source frame stands at each output frame, and which stretch of the output's sound goes with it: pieces of the
/// clip that pass through and parts that are re-synced, one after the other.
///
/// Every piece begins on a frame of the output, and its sound on the sample nearest to that frame's time, so that any
/// number of pieces adds up without drift.
package struct OutputTimeline: Codable, Hashable, Sendable {
    /// A run of output frames with one rule.
    package struct Piece: Codable, Hashable, Sendable {
        /// The plan's part; `nil` where the clip passes through.
        package var part: Int?
        /// The first output frame.
        package var firstFrame: Int
        /// The first source frame of the piece's stretch of the clip.
        package var firstSourceFrame: Int
        /// The frames inside the piece; source frames count from `firstSourceFrame`.
        package var timeline: Timeline
        /// The first sample of the output's sound.
        package var firstSample: Int
        /// Samples of the output's sound.
        package var sampleCount: Int

        /// The piece's frames of the output.
        package var frames: Range<Int> { firstFrame..<firstFrame + timeline.frameCount }
        /// The piece's samples of the output.
        package var samples: Range<Int> { firstSample..<firstSample + sampleCount }
        /// The source frame that stands at an output frame of the piece.
        func sourceFrame(at index: Int) -> Int { firstSourceFrame + timeline.sourceFrame(at: index - firstFrame) }
    }

    /// One part of a plan, laid out against the clip.
    package struct Part: Sendable {
        /// The source frames; empty for a part that replaces nothing.
        package var frames: Range<Int>
        /// What happens when the lengths differ.
        package var mode: LengthRule
        /// Samples of the part's sound at the output's rate.
        package var sampleCount: Int

        package init(frames: Range<Int>, mode: LengthRule, sampleCount: Int) {
            self.frames = frames
            self.mode = mode
            self.sampleCount = sampleCount
        }
    }

    /// The pieces in order; none is empty.
    package let pieces: [Piece]
    /// Frames of the output.
    package var frameCount: Int { pieces.last?.frames.upperBound ?? 0 }
    /// Samples of the output's sound.
    package var sampleCount: Int { pieces.last?.samples.upperBound ?? 0 }

    /// One part that is the whole clip: the given sound keeps its own length to the sample.
    package init(whole part: Part, frameRate: Rational, sampleRate: Int) {
        let timeline = Timeline(
            mode: part.mode, sourceFrameCount: part.frames.count, frameRate: frameRate, sampleCount: part.sampleCount,
            sampleRate: sampleRate)
        pieces = [
            Piece(
                part: 0, firstFrame: 0, firstSourceFrame: 0, timeline: timeline, firstSample: 0,
                sampleCount: timeline.sampleCount)
        ]
    }

    /// Parts of a clip and what lies between them.
    ///
    /// - Parameters:
    ///   - parts: Sorted by start and not overlapping, inside the clip.
    ///   - clipFrameCount: Frames of the clip.
    package init(parts: [Part], clipFrameCount: Int, frameRate: Rational, sampleRate: Int) {
        let samplesPerFrame = Rational(sampleRate * frameRate.denominator, frameRate.numerator)
        var pieces: [Piece] = []
        var next = 0
        func append(_ part: Int?, from first: Int, _ timeline: Timeline) {
            let start = pieces.last?.frames.upperBound ?? 0
            let firstSample = samplesPerFrame.scaled(start)
            pieces.append(
                Piece(
                    part: part, firstFrame: start, firstSourceFrame: first, timeline: timeline,
                    firstSample: firstSample,
                    sampleCount: samplesPerFrame.scaled(start + timeline.frameCount) - firstSample))
        }
        func pass(to end: Int) {
            guard end > next else { return }
            // No sound of its own makes a timeline that runs straight through.
            append(
                nil, from: next,
                Timeline(
                    mode: .cutOff, sourceFrameCount: end - next, frameRate: frameRate, sampleCount: 0,
                    sampleRate: sampleRate))
            next = end
        }
        for (index, part) in parts.enumerated() where !part.frames.isEmpty {
            pass(to: part.frames.lowerBound)
            append(
                index, from: part.frames.lowerBound,
                Timeline(
                    mode: part.mode, sourceFrameCount: part.frames.count, frameRate: frameRate,
                    sampleCount: part.sampleCount, sampleRate: sampleRate))
            next = part.frames.upperBound
        }
        pass(to: clipFrameCount)
        self.pieces = pieces
    }

    /// The piece that an output frame belongs to.
    package func piece(at index: Int) -> Piece {
        var low = 0
        var high = pieces.count
        while low + 1 < high {
            let middle = (low + high) / 2
            if pieces[middle].firstFrame <= index { low = middle } else { high = middle }
        }
        return pieces[low]
    }

    /// The source frame that stands at an output frame.
    package func sourceFrame(at index: Int) -> Int { piece(at: index).sourceFrame(at: index) }
}
