import Media
import Speech

/// The loudness of the clip's own sound on the picture's clock.
package struct SpeechEnvelope: Sendable {
    /// Decibels, one value every 10 ms.
    let levels: [Float]
    /// When the first value stands, seconds from the clip's first frame.
    let startSeconds: Double

    package init(levels: [Float], startSeconds: Double) {
        self.levels = levels
        self.startSeconds = startSeconds
    }

    /// Listens to a clip's own sound beside the given frames; `nil` when it has none.
    ///
    /// - Throws: `RenderFailure` of code `cancelled`.
    init?(_ clip: SourceClip, frames: [Range<Int>], cancellation: Cancellation) throws {
        let format = SoundFormat(sampleRate: LevelMeter.sampleRate, channelCount: 1)
        guard let first = frames.first?.lowerBound, let last = frames.last?.upperBound,
            let reader = clip.openSound(format)
        else { return nil }
        func sample(_ frame: Int) -> Int {
            let seconds = Double(min(frame, clip.info.estimatedFrameCount)) / clip.info.frameRate.value
            return max(0, Int(((seconds + clip.soundLeadSeconds) * Double(format.sampleRate)).rounded()))
        }
        let wanted = sample(first)..<max(sample(first), sample(last))
        var meter = LevelMeter()
        var position = 0
        // Damage ends the sound, not the work.
        while position < wanted.upperBound, let block = try? reader.next() {
            try cancellation.check()
            let used = block.samples[0].prefix(wanted.upperBound - position).dropFirst(
                max(wanted.lowerBound - position, 0))
            position += block.frameCount
            meter.append(used)
        }
        meter.finish()
        guard !meter.levels.isEmpty else { return nil }
        levels = meter.levels
        startSeconds = Double(wanted.lowerBound) / Double(format.sampleRate) - clip.soundLeadSeconds
    }
}

/// Finds whose mouth moves with a sound.
struct SpeakingMatch {
    let speech: SpeechEnvelope
    let framesPerSecond: Double

    /// In each shot with a clear answer the record that speaks.
    func speakers(_ records: [FaceRecord], in frames: Range<Int>) -> [Int: Int] { [:] }
}
