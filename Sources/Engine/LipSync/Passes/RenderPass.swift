import Foundation
import Media

/// The second pass: reads frames in the timeline's order, draws into them on several threads, and encodes them with the
/// sound.
struct RenderPass: Sendable {
    let plan: RenderPlan
    let clip: SourceClip
    let timeline: OutputTimeline
    let drawing: any FrameDrawing
    let sounds: [PartSound]
    let format: SoundFormat
    let threadCount: Int
    let cancellation: Cancellation
    /// `nil` where nothing is measured.
    let measurement: RenderMeasurement?
    let finish: FrameFinish

    /// What a pass has found out.
    struct Outcome: Sendable {
        /// The transform draws, the sink encodes.
        var timings: FramePipeline.Timings
        /// The clip's own sound, where it is heard, is damaged.
        var isClipSoundDamaged: Bool
        /// The output's sound, where it is measured.
        var sound: SoundMeasuring?
    }

    /// Draws and writes every frame.
    ///
    /// - Parameters:
    ///   - path: Where the whole video is written.
    ///   - segmentPath: Where the part alone is written.
    ///   - kept: Frames of the clip that need not be read again.
    ///   - onFrame: Called with the number of frames written.
    /// - Throws: `MediaError`, `RenderFailure` of code `cancelled`. No file is left behind then.
    func run(
        to path: String, segmentPath: String?, kept: consuming KeptFrames, onFrame: (Int) -> Void
    ) throws -> Outcome {
        let frames = TimelineFrames(clip.reader, timeline: timeline, kept: kept)
        let whole = try makeWriter(path)
        var segment: VideoWriter?
        do {
            segment = try segmentPath.map(makeWriter)
            let outcome = try run(frames, whole, segment: segment, onFrame)
            try segment?.finish()
            try whole.finish()
            return outcome
        } catch {
            whole.cancel()
            segment?.cancel()
            // A segment that was finished before the whole failed is of no use.
            if let segmentPath { try? FileManager.default.removeItem(atPath: segmentPath) }
            throw error
        }
    }

    private func makeWriter(_ path: String) throws -> VideoWriter {
        try VideoWriter(
            path, video: plan.videoSettings(clip.info), audio: format.audioSettings,
            tags: plan.marks.tags(keeping: clip.reader.tags))
    }

    private func run(
        _ frames: TimelineFrames, _ writer: VideoWriter, segment: VideoWriter?, _ onFrame: (Int) -> Void
    ) throws -> Outcome {
        let source = UncheckedSendable(frames)
        var track = SoundTrack(timeline, sounds: sounds, clip: clip, format: format)
        if measurement != nil {
            track.measuring = SoundMeasuring(
                sampleRate: format.sampleRate, channelCount: format.channelCount, sampleCount: timeline.sampleCount)
        }
        var sound = SoundInterleaver(sampleRate: format.sampleRate, sampleCount: timeline.sampleCount) {
            try track.writeBlock($0, to: writer, segment: segment)
        }
        let framesPerSecond = clip.info.frameRate.value
        let timings = try FramePipeline(transformThreads: threadCount, cancellation: cancellation).run(
            source: { $0 < timeline.frameCount ? try source.value.frame(at: $0) : nil },
            makeTransform: { try drawing.makeTransform(measurement, finish) },
            sink: { index, frame in
                try sound.write(toSeconds: Double(index + 1) / framesPerSecond)
                try writer.append(frame)
                if let segment, timeline.piece(at: index).part != nil { try segment.append(frame) }
                onFrame(index + 1)
            })
        try sound.finish()
        return Outcome(timings: timings, isClipSoundDamaged: track.isOwnDamaged, sound: track.measuring)
    }
}
