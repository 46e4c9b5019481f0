import Foundation
import Media
import Speech

/// The form of the output's sound, to which every sound in it is brought.
struct SoundFormat: Codable, Hashable, Sendable {
    var sampleRate: Int
    var channelCount: Int

    init(sampleRate: Int, channelCount: Int) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }

    /// The best of what is heard: a single sound keeps its own form; with the clip's own sound beside it neither may get
    /// poorer.
    ///
    /// - Throws: `MediaError` when a part's sound cannot be read.
    init(_ plan: RenderPlan, clip: SourceClip) throws {
        sampleRate = 1
        channelCount = 1
        // In the plan's order: of several bad files the first one is told.
        var known: Set<String> = []
        for path in plan.parts.map(\.audioPath) where known.insert(path).inserted { include(try AudioReader(path)) }
        if plan.parts[0].range != nil, let own = clip.openSound() { include(own) }
    }

    private mutating func include(_ reader: AudioReader) {
        sampleRate = max(sampleRate, reader.sampleRate)
        channelCount = max(channelCount, reader.channelCount)
    }
}

/// The sound of one part: which of a file's samples are used.
struct PartSound: Codable, Sendable {
    var path: String
    /// The file's samples that are used, at the output's rate.
    var samples: Range<Int>
    /// Samples of the whole file at the output's rate.
    var fileSampleCount: Int
    /// The same as `samples` in seconds; `nil` for all.
    var range: TimeRange?
    /// Parts of the file could not be decoded, or are no samples.
    var isDamaged = false
    /// Length that the file announces; `nil` where it announces none.
    var announcedSeconds: Double?
    /// Sound tracks of the file, of which one is used.
    var trackCount = 1
}

enum SoundAnalysis {
    /// A crop may end this far behind the sound's end: the lengths that programs show for compressed sounds are estimates.
    static let cropToleranceSeconds = 0.1

    /// The parts' sounds with their exact lengths. Each file is read once, since containers' own lengths are estimates.
    ///
    /// - Parameter progress: Told what is known while a file is read.
    /// - Throws: `MediaError`, `RenderFailure` of code `trimInvalid` or `cancelled`.
    static func measure(
        _ parts: [RenderPart], format: SoundFormat, cancellation: Cancellation, progress: SoundProgress? = nil
    ) throws -> [PartSound] {
        var known: [String: Measurement] = [:]
        return try parts.enumerated().map { number, part in
            let file =
                try known[part.audioPath]
                ?? measure(part.audioPath, format: format, cancellation: cancellation) { count in
                    guard part.audioRange == nil else { return }
                    progress?.report(count, ofPart: number, isMeasured: false)
                }
            known[part.audioPath] = file
            let samples = try crop(part.audioRange, fileSampleCount: file.sampleCount, sampleRate: format.sampleRate)
            progress?.report(samples.count, ofPart: number, isMeasured: true)
            return PartSound(
                path: part.audioPath, samples: samples, fileSampleCount: file.sampleCount, range: part.audioRange,
                isDamaged: file.isDamaged, announcedSeconds: file.announcedSeconds, trackCount: file.trackCount)
        }
    }

    /// The samples that a range of seconds means.
    ///
    /// - Throws: `RenderFailure` of code `trimInvalid`.
    static func crop(_ range: TimeRange?, fileSampleCount: Int, sampleRate: Int) throws -> Range<Int> {
        guard let range else { return 0..<fileSampleCount }
        let (start, end) = (range.startSeconds, range.endSeconds)
        guard start.isFinite, end.isFinite, start >= 0, end > start else {
            throw RenderFailure(
                .trimInvalid, message: "The used part of the sound ends before it starts or starts before the sound.",
                suggestion: "Correct its times.")
        }
        let seconds = Double(fileSampleCount) / Double(sampleRate)
        guard end <= seconds + cropToleranceSeconds, start < seconds else {
            throw RenderFailure(
                .trimInvalid, message: "The used part of the sound reaches beyond its end.",
                suggestion: "The sound is \((seconds * 100).rounded() / 100) s long; end the part there.")
        }
        let first = min(Int((start * Double(sampleRate)).rounded()), fileSampleCount)
        return first..<max(first, min(Int((end * Double(sampleRate)).rounded()), fileSampleCount))
    }

    private struct Measurement {
        var sampleCount: Int
        var isDamaged: Bool
        var announcedSeconds: Double?
        var trackCount: Int
    }

    private static func measure(
        _ path: String, format: SoundFormat, cancellation: Cancellation, onBlock: (_ count: Int) -> Void
    ) throws -> Measurement {
        let reader = try AudioReader(path, sampleRate: format.sampleRate, channelCount: format.channelCount)
        var count = 0
        while let block = try reader.next() {
            count += block.frameCount
            try cancellation.check()
            if Double(count) > EngineLimits.mediaSeconds * Double(reader.sampleRate) {
                throw tooLong(path)
            }
            onBlock(count)
        }
        return Measurement(
            sampleCount: count, isDamaged: reader.isDamaged, announcedSeconds: reader.announcedSeconds,
            trackCount: reader.trackCount)
    }

    static func tooLong(_ path: String) -> MediaError {
        MediaError(
            code: .durationTooLong, message: "The sound is longer than two hours.",
            suggestion: "Cut it into shorter parts.", detail: path)
    }

    /// Hears what is said in a part's sound, beside the phones that a synthesiser left in the file.
    ///
    /// - Throws: `MediaError`, `InferenceError`, `RenderFailure` of code `cancelled`.
    static func analyze(
        _ sound: PartSound, encoder: any SpeechEncoder, cancellation: Cancellation
    ) throws -> SpeechAnalysis {
        let phones = EmbeddedPhones.read(sound.path).map { phones in
            sound.range.map {
                TimedPhone.cropped(phones, fromSeconds: $0.startSeconds, toSeconds: $0.endSeconds)
            } ?? phones
        }
        var analyzer = SpeechAnalyzer(encoder: encoder, phones: phones)
        try read(sound, cancellation: cancellation) { try analyzer.append($0) }
        return try analyzer.finish()
    }

    private static func read(
        _ sound: PartSound, cancellation: Cancellation, _ body: ([Float]) throws -> Void
    ) throws {
        let reader = try AudioReader(sound.path, sampleRate: 16_000, channelCount: 1)
        let first = Int(((sound.range?.startSeconds ?? 0) * 16_000).rounded())
        let end = sound.range.map { Int(($0.endSeconds * 16_000).rounded()) } ?? .max
        var position = 0
        while position < end, let block = try reader.next() {
            try cancellation.check()
            let used = block.samples[0].prefix(end - position).dropFirst(max(first - position, 0))
            position += block.frameCount
            if !used.isEmpty { try body(Array(used)) }
        }
    }
}
