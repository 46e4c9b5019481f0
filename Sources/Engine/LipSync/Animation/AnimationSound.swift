import Media
import Speech

/// The voice of an animated picture: its length, its place in the video, and what is said in it.
struct AnimationSound: Sendable {
    let sound: PartSound
    let format: SoundFormat
    let leadSeconds: Double
    let leadSamples: Int

    /// Reads the lengths of a sound.
    ///
    /// - Throws: `MediaError`, also for a sound without a sample; `RenderFailure` of code `trimInvalid` or `cancelled`.
    init(path: String, range: TimeRange?, leadSeconds: Double, cancellation: Cancellation) throws {
        let reader = try AudioReader(path)
        format = SoundFormat(sampleRate: reader.sampleRate, channelCount: reader.channelCount)
        sound = try SoundAnalysis.measure(
            [RenderPart(audioPath: path, audioRange: range)], format: format, cancellation: cancellation)[0]
        self.leadSeconds = max(leadSeconds, 0)
        leadSamples = Int((max(leadSeconds, 0) * Double(format.sampleRate)).rounded())
        guard !sound.samples.isEmpty else {
            throw MediaError(
                code: .audioInvalid, message: "The sound is empty, so that nobody can say how long the video is.",
                suggestion: "Send a sound with something in it.", detail: path)
        }
    }

    /// Samples from the video's first to the sound's last.
    var sampleCount: Int { leadSamples + sound.samples.count }

    /// Finds out what is said, unless it is known; only then the encoder is loaded.
    func analyze(
        _ known: KnownAnalysis?, encoder: () throws -> any SpeechEncoder, cancellation: Cancellation
    ) throws -> SpeechAnalysis {
        let seconds = Double(sound.samples.count) / Double(format.sampleRate)
        if let analysis = known?.read(SpeechAnalysis.self), analysis.fits(seconds: seconds) { return analysis }
        let analysis = try SoundAnalysis.analyze(sound, encoder: try encoder(), cancellation: cancellation)
        known?.write(analysis)
        return analysis
    }

    /// The sound from the video's first sample on, silence before and behind it.
    func open() throws -> SoundSlice {
        SoundSlice(
            try AudioReader(sound.path, sampleRate: format.sampleRate, channelCount: format.channelCount),
            format: format, bounds: sound.samples, position: sound.samples.lowerBound - leadSamples,
            fadesIn: sound.samples.lowerBound > 0, fadesOut: sound.samples.upperBound < sound.fileSampleCount)
    }
}
