import Media

/// Copies the given sound into the output, cut or filled to the timeline's length, a little ahead of the picture.
struct SoundTrack {
    private static let silentBlock = 4096

    private let reader: AudioReader?
    private let channelCount: Int
    private let sampleRate: Int
    private let timeline: Timeline
    private var written = 0
    private var isExhausted = false

    init(_ path: String, facts: SoundFacts, timeline: Timeline) throws {
        reader = facts.sampleCount > 0 ? try AudioReader(path) : nil
        channelCount = facts.channelCount
        sampleRate = facts.sampleRate
        self.timeline = timeline
    }

    /// Writes sound until it is `seconds` long, or to its end.
    mutating func write(until seconds: Double, to writer: VideoWriter) throws {
        let limit = min(timeline.sampleCount, Int(seconds * Double(sampleRate)))
        while written < limit { try writeBlock(to: writer) }
    }

    /// Writes what is left.
    mutating func finish(to writer: VideoWriter) throws {
        while written < timeline.sampleCount { try writeBlock(to: writer) }
    }

    private mutating func writeBlock(to writer: VideoWriter) throws {
        if !isExhausted, written < timeline.usedSampleCount, let block = try reader?.next() {
            let room = timeline.usedSampleCount - written
            let used =
                block.frameCount <= room ? block : AudioBlock(samples: block.samples.map { Array($0.prefix(room)) })
            try writer.append(used)
            written += used.frameCount
        } else {
            isExhausted = true
            let count = min(Self.silentBlock, timeline.sampleCount - written)
            let silence = [Float](repeating: 0, count: count)
            try writer.append(AudioBlock(samples: Array(repeating: silence, count: channelCount)))
            written += count
        }
    }
}
