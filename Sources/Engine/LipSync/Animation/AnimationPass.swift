import Foundation
import Media
import Rendering

/// Draws the frames of an animation on several threads, encodes them on one, and writes the sound beside them.
struct AnimationPass: Sendable {
    let plan: AnimationPlan
    let size: PictureSize
    let frameCount: Int
    /// `nil` for a video without a sound track.
    let sound: AnimationSound?
    /// Samples of the output's sound.
    let sampleCount: Int
    let threadCount: Int
    let cancellation: Cancellation
    let isSoundMeasured: Bool

    /// What a pass has found out.
    struct Outcome: Sendable {
        /// The transform draws, the sink encodes.
        var timings: FramePipeline.Timings
        /// The output's sound, where it is measured.
        var sound: SoundMeasuring?
    }

    /// Draws and writes every frame.
    ///
    /// - Parameters:
    ///   - makeDrawer: Called once on each drawing thread; what it returns draws a frame by its number.
    ///   - onFrame: Called with the number of frames written.
    /// - Throws: `MediaError`, `RenderFailure` of code `cancelled`. No file is left behind then.
    func run(
        to path: String, makeDrawer: @escaping @Sendable () -> (Int) throws -> VideoFrame,
        onFrame: (Int) -> Void
    ) throws -> Outcome {
        let settings = VideoOutputSettings(
            width: size.width, height: size.height, frameRate: plan.frameRate,
            constantRateFactor: plan.constantRateFactor, preset: plan.preset, color: StillImage.color)
        let writer = try VideoWriter(
            path, video: settings, audio: sound?.format.audioSettings,
            tags: plan.marks.tags(keeping: plan.pictures.first.map { FileTags(ofPicture: $0.path) } ?? FileTags()))
        do {
            let outcome = try run(writer, makeDrawer, onFrame)
            try writer.finish()
            return outcome
        } catch {
            writer.cancel()
            throw error
        }
    }

    private func run(
        _ writer: VideoWriter, _ makeDrawer: @escaping @Sendable () -> (Int) throws -> VideoFrame,
        _ onFrame: (Int) -> Void
    ) throws -> Outcome {
        let slice = try sound?.open()
        var measuring = sound.flatMap { sound in
            isSoundMeasured
                ? SoundMeasuring(
                    sampleRate: sound.format.sampleRate, channelCount: sound.format.channelCount,
                    sampleCount: sampleCount) : nil
        }
        var interleaver = slice.map { slice in
            SoundInterleaver(sampleRate: sound?.format.sampleRate ?? 0, sampleCount: sampleCount) { count in
                let samples = try slice.read(count)
                measuring?.append(samples)
                try writer.append(AudioBlock(samples: samples))
                return count
            }
        }
        let framesPerSecond = plan.frameRate.value
        let timings = try FramePipeline(transformThreads: threadCount, cancellation: cancellation).run(
            source: { $0 < frameCount ? $0 : nil },
            makeTransform: {
                let draw = makeDrawer()
                return { index, _ in try draw(index) }
            },
            sink: { index, frame in
                try interleaver?.write(toSeconds: Double(index + 1) / framesPerSecond)
                try writer.append(frame)
                onFrame(index + 1)
            })
        try interleaver?.finish()
        return Outcome(timings: timings, sound: measuring)
    }
}
