import Foundation
import Media
import Rendering

/// Draws the frames of an animation on several threads, encodes them on one, and writes the sound beside them.
struct AnimationPass: Sendable {
    private static let queuedFrames = 8
    private static let drawingThreads = 2
    private static let soundLeadSeconds = 0.2
    private static let blockSamples = 4096

    let plan: AnimationPlan
    let size: PictureSize
    let frameCount: Int
    /// `nil` for a video without a sound track.
    let sound: AnimationSound?
    /// Samples of the output's sound.
    let sampleCount: Int
    let cancellation: Cancellation

    /// Draws and writes every frame.
    ///
    /// - Parameters:
    ///   - makeDrawer: Called once on each drawing thread; what it returns draws a frame by its number.
    ///   - onFrame: Called with the number of frames written.
    /// - Throws: `MediaError`, `RenderFailure` of code `cancelled`. No file is left behind then.
    func run(
        to path: String, makeDrawer: @escaping @Sendable () -> (Int) throws -> VideoFrame,
        onFrame: @escaping @Sendable (Int) -> Void
    ) throws -> RenderPass.Timings {
        let writer = try VideoWriter(
            path,
            video: VideoOutputSettings(
                width: size.width, height: size.height, frameRate: plan.frameRate,
                constantRateFactor: plan.constantRateFactor, preset: plan.preset, color: StillImage.color),
            audio: sound.map {
                AudioOutputSettings(sampleRate: $0.format.sampleRate, channelCount: $0.format.channelCount)
            })
        do {
            let timings = try run(writer, makeDrawer, onFrame)
            try writer.finish()
            return timings
        } catch {
            writer.cancel()
            throw error
        }
    }

    private func run(
        _ writer: VideoWriter, _ makeDrawer: @escaping @Sendable () -> (Int) throws -> VideoFrame,
        _ onFrame: @escaping @Sendable (Int) -> Void
    ) throws -> RenderPass.Timings {
        let wanted = BoundedQueue<Int>(capacity: Self.queuedFrames)
        let drawn = BoundedQueue<VideoFrame>(capacity: Self.queuedFrames)
        let group = ThreadGroup {
            wanted.close()
            drawn.close()
        }
        let drawClock = BusyClock()
        let encodeClock = BusyClock()
        group.start("count") {
            for index in 0..<frameCount {
                try cancellation.check()
                guard wanted.put(index, number: index) else { return }
            }
            wanted.close()
        }
        for number in 0..<Self.drawingThreads {
            group.start("draw \(number)") {
                let draw = makeDrawer()
                while let (index, _) = wanted.take() {
                    let frame = try drawClock.measure { try draw(index) }
                    guard drawn.put(frame, number: index) else { return }
                }
            }
        }
        group.start("encode") {
            let slice = try sound?.open()
            var written = 0
            func writeSound(until limit: Int) throws {
                while let slice, written < min(limit, sampleCount) {
                    let count = min(Self.blockSamples, sampleCount - written)
                    try writer.append(AudioBlock(samples: try slice.read(count)))
                    written += count
                }
            }
            let samplesPerSecond = Double(sound?.format.sampleRate ?? 0)
            for index in 0..<frameCount {
                guard let (_, frame) = drawn.take() else { return }
                try encodeClock.measure {
                    let time = Double(index + 1) / plan.frameRate.value + Self.soundLeadSeconds
                    try writeSound(until: Int(time * samplesPerSecond))
                    try writer.append(frame)
                }
                onFrame(index + 1)
            }
            try encodeClock.measure { try writeSound(until: sampleCount) }
        }
        try group.wait()
        return RenderPass.Timings(drawSeconds: drawClock.seconds, encodeSeconds: encodeClock.seconds)
    }
}
