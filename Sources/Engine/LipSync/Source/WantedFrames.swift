import Media

/// Which frames of the clip the first pass has to see. Where a part ends with its sound, the length of the sound is
/// awaited only when the frames that are certain have been read.
struct WantedFrames: Sendable {
    /// Frames that one part needs, or that are needed whatever the sounds are.
    private struct Stretch: Sendable {
        /// The frames if the sound goes on as long as the picture.
        var frames: Range<Int>
        /// The part with whose sound the stretch ends, and its first frame; `nil` where it ends with the picture.
        var part: (index: Int, firstFrame: Int, margin: Int)?
    }

    /// Those that end with a sound last: what is certain is asked first.
    private let stretches: [Stretch]
    private let sounds: SoundProgress?
    private let frameRate: Rational
    private let sampleRate: Int
    private let clipFrameCount: Int

    /// All frames of a clip.
    init(allOf clip: SourceClip) {
        stretches = [Stretch(frames: 0..<Int.max)]
        sounds = nil
        frameRate = clip.info.frameRate
        sampleRate = 1
        clipFrameCount = clip.info.estimatedFrameCount
    }

    /// Frames that are known from the start, ascending and apart; those behind the clip's end are met by nobody.
    init(_ ranges: [Range<Int>], of clip: SourceClip) {
        stretches = ranges.map { Stretch(frames: $0) }
        sounds = nil
        frameRate = clip.info.frameRate
        sampleRate = 1
        clipFrameCount = clip.info.estimatedFrameCount
    }

    /// The frames that a plan's parts need.
    ///
    /// - Parameters:
    ///   - frames: Those of each part; `nil` for a part that is the whole clip.
    ///   - marginSeconds: How much is seen before and behind a part that is not the whole clip.
    ///   - sounds: Is told the lengths of the parts' sounds, samples at `sampleRate`.
    /// - Throws: `RenderFailure` of code `faceSelectionInvalid` for a speaker chosen in a frame that the clip has not.
    init(
        _ parts: [RenderPart], frames: [Range<Int>?], of clip: SourceClip, marginSeconds: Double,
        sounds: SoundProgress, sampleRate: Int
    ) throws {
        let frameRate = clip.info.frameRate
        let clipFrames = 0..<clip.info.estimatedFrameCount
        let margin = Int((marginSeconds * frameRate.value).rounded())
        let reach = Int((SpeakerChoice.pointReachSeconds * frameRate.value).rounded())
        var stretches: [Stretch] = []
        for (index, part) in parts.enumerated() {
            if let range = frames[index] {
                if range.isEmpty { continue }
                let widened = (range.lowerBound - margin..<range.upperBound + margin).clamped(to: clipFrames)
                stretches.append(
                    Stretch(
                        frames: widened,
                        part: part.syncMode.endsWithSound ? (index, range.lowerBound, margin) : nil))
            } else {
                // The end of a whole clip is where reading ends, whatever its time stamps promise.
                stretches.append(
                    Stretch(frames: 0..<Int.max, part: part.syncMode.endsWithSound ? (index, 0, 0) : nil))
            }
            if let pointed = try part.speaker.pointedFrame(
                part: frames[index] ?? clipFrames, clipFrameCount: clipFrames.count)
            {
                stretches.append(Stretch(frames: (pointed - reach..<pointed + reach + 1).clamped(to: clipFrames)))
            }
        }
        self.stretches = stretches.filter { $0.part == nil } + stretches.filter { $0.part != nil }
        self.sounds = sounds
        self.frameRate = frameRate
        self.sampleRate = sampleRate
        clipFrameCount = clipFrames.count
    }

    /// The first wanted frame from a number on; `nil` when no further one is wanted. Waits for the sounds where it must.
    func next(from number: Int) -> Int? {
        var found: Int?
        for stretch in stretches {
            let candidate = max(number, stretch.frames.lowerBound)
            guard candidate < min(stretch.frames.upperBound, found ?? .max), isWanted(candidate, in: stretch) else {
                continue
            }
            found = candidate
        }
        return found
    }

    private func isWanted(_ number: Int, in stretch: Stretch) -> Bool {
        guard let part = stretch.part, let sounds, number > part.firstFrame + part.margin else { return true }
        return sounds.waits(forPart: part.index) { count, isMeasured in
            // With an empty sound the whole part is looked at.
            number < end(of: stretch, sampleCount: count) || isMeasured && count == 0
        }
    }

    /// Where a stretch ends with a sound of a length.
    private func end(of stretch: Stretch, sampleCount: Int) -> Int {
        guard let part = stretch.part else { return stretch.frames.upperBound }
        let needed = Timeline.frames(ofSamples: sampleCount, sampleRate: sampleRate, frameRate: frameRate)
        return min(stretch.frames.upperBound, part.firstFrame + needed + part.margin)
    }

    /// The wanted frames as far as the sounds are known, ascending and apart.
    var ranges: [Range<Int>] {
        stretches.map { stretch in
            let count = stretch.part.flatMap { sounds?.count(ofPart: $0.index) } ?? 0
            let end = count > 0 ? end(of: stretch, sampleCount: count) : stretch.frames.upperBound
            return stretch.frames.lowerBound..<max(end, stretch.frames.lowerBound)
        }.merged()
    }

    /// How many frames are wanted, as far as the sounds are known.
    var expectedCount: Int { ranges.reduce(0) { $0 + $1.clamped(to: 0..<clipFrameCount).count } }
}

extension [Range<Int>] {
    /// The same numbers in ascending ranges that neither overlap nor touch.
    func merged() -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = result.last, range.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}
