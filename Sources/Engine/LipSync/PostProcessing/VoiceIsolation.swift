import Media

/// Writes a sound without what is heard beside its voice, as a WAV file of one channel, as long as the original.
///
/// The file is read twice: once to learn how loud the noise is and where the voice stands. Memory does not grow with the
/// length.
public struct VoiceIsolation: Codable, Sendable {
    /// Any file with sound.
    public var path: String
    /// The file to write; it must not exist.
    public var outputPath: String

    public init(path: String, outputPath: String) {
        self.path = path
        self.outputPath = outputPath
    }

    func run(_ meter: ProgressMeter, _ cancellation: Cancellation) throws -> SoundFacts {
        let channelCount = min(try AudioReader(path).channelCount, 2)
        var scene = VoiceFilter.Scene()
        var sampleCount = 0
        try read(channelCount, cancellation) { block in
            scene.add(block)
            sampleCount += block.frameCount
        }
        guard sampleCount > 0 else {
            throw MediaError(
                code: .audioInvalid, message: "The sound is empty.",
                suggestion: "Send a sound with something in it.", detail: path)
        }
        let filter = try VoiceFilter(scene, channelCount: channelCount)
        let writer = try WaveWriter(outputPath, sampleRate: VoiceFilter.sampleRate, channelCount: 1)
        do {
            var done = 0
            try read(channelCount, cancellation) { block in
                try writer.append([try filter.filter(block)])
                done += block.frameCount
                meter.report(done: done, expected: sampleCount)
            }
            try writer.append([try filter.finish()])
            let facts = try writer.finish(chunk: [])
            return SoundFacts(durationSeconds: facts.durationSeconds, peak: facts.peak, voiceLoudness: nil)
        } catch {
            writer.discard()
            throw error
        }
    }

    private func read(
        _ channelCount: Int, _ cancellation: Cancellation, _ body: (AudioBlock) throws -> Void
    ) throws {
        let reader = try AudioReader(path, sampleRate: VoiceFilter.sampleRate, channelCount: channelCount)
        var count = 0
        while let block = try reader.next() {
            try cancellation.check()
            count += block.frameCount
            guard Double(count) <= EngineLimits.mediaSeconds * Double(VoiceFilter.sampleRate) else {
                throw SoundAnalysis.tooLong(path)
            }
            try body(block)
        }
    }
}
