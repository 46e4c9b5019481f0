import Media

/// Makes the output's sound a little ahead of the picture: the clip's own where it passes through, the given one in the
/// parts, cut or filled to their pieces, with short cross-fades at the seams.
struct SoundTrack {
    private let timeline: OutputTimeline
    private let sounds: [PartSound]
    private let format: SoundFormat
    private let own: SoundSlice
    private let samplesPerFrame: Rational
    private let ownLead: Int

    private var written = 0
    private var pieceIndex = -1
    private var current: SoundSlice
    /// What the last piece's sound would have gone on with, fading out.
    private var tail: [[Float]] = []
    private var tailPosition = 0
    /// Measures what is written, where it is set.
    var measuring: SoundMeasuring?

    init(_ timeline: OutputTimeline, sounds: [PartSound], clip: SourceClip, format: SoundFormat) {
        self.timeline = timeline
        self.sounds = sounds
        self.format = format
        let frameRate = clip.info.frameRate
        samplesPerFrame = Rational(format.sampleRate * frameRate.denominator, frameRate.numerator)
        ownLead = Int((clip.soundLeadSeconds * Double(format.sampleRate)).rounded())
        let isHeard = timeline.pieces.contains { $0.part == nil }
        own = SoundSlice(
            isHeard ? clip.openSound(format) : nil, format: format, bounds: 0..<Int.max, position: min(ownLead, 0),
            isForgiving: true)
        current = own
    }

    /// The clip's own sound, as far as it was heard, is damaged.
    var isOwnDamaged: Bool { own.isDamaged }

    /// Writes the next samples, at most to the end of a piece.
    ///
    /// - Parameters:
    ///   - count: The most that is written.
    ///   - segment: Gets the sound of the part alone.
    /// - Returns: The number of samples.
    mutating func writeBlock(_ count: Int, to writer: any SoundSink, segment: (any SoundSink)?) throws -> Int {
        while pieceIndex < 0 || written >= timeline.pieces[pieceIndex].samples.upperBound { try beginPiece() }
        let piece = timeline.pieces[pieceIndex]
        let count = min(count, piece.samples.upperBound - written)
        var samples = try current.read(count)
        if piece.part != nil { try segment?.append(AudioBlock(samples: samples)) }
        crossFade(&samples)
        measuring?.append(samples)
        try writer.append(AudioBlock(samples: samples))
        written += count
        return count
    }

    private mutating func beginPiece() throws {
        pieceIndex += 1
        let piece = timeline.pieces[pieceIndex]
        let fade = Int(SoundSlice.fadeSeconds * Double(format.sampleRate))
        tail = pieceIndex == 0 ? [] : try current.read(min(fade, piece.sampleCount / 2))
        tailPosition = 0
        guard let part = piece.part else {
            own.skip(to: ownLead + samplesPerFrame.scaled(piece.firstSourceFrame))
            current = own
            return
        }
        let sound = sounds[part]
        let used = sound.samples.prefix(timeline.pieces.count == 1 ? piece.timeline.usedSampleCount : .max)
        current = SoundSlice(
            used.isEmpty
                ? nil
                : try AudioReader(sound.path, sampleRate: format.sampleRate, channelCount: format.channelCount),
            format: format, bounds: used.startIndex..<used.endIndex, position: used.startIndex,
            fadesIn: used.startIndex > 0, fadesOut: sound.samples.upperBound < sound.fileSampleCount)
    }

    /// Lets the beginning of a piece come up while the last piece's sound goes down.
    private mutating func crossFade(_ samples: inout [[Float]]) {
        guard let length = tail.first?.count, tailPosition < length else { return }
        let count = min(samples[0].count, length - tailPosition)
        for channel in samples.indices {
            for index in 0..<count {
                let share = (Float(tailPosition + index) + 0.5) / Float(length)
                samples[channel][index] =
                    samples[channel][index] * share + tail[channel][tailPosition + index] * (1 - share)
            }
        }
        tailPosition += count
    }
}
