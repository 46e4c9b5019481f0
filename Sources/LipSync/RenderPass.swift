import Foundation
import Media
import Rendering

/// The second pass: one thread reads frames in the timeline's order, several draw, one encodes.
struct RenderPass: Sendable {
    private static let queuedFrames = 8
    private static let drawingThreads = 2
    /// The sound is written this far ahead of the picture, so that the muxer can interleave with little memory.
    private static let soundLeadSeconds = 0.2

    let plan: RenderPlan
    let timeline: Timeline
    let scenes: SceneSet
    let sound: SoundFacts
    let cancellation: Cancellation

    struct Timings: Sendable {
        var drawSeconds: Double
        var encodeSeconds: Double
    }

    /// Draws and writes every frame to `path`.
    ///
    /// - Parameter onFrame: Called with the number of frames written.
    /// - Throws: `MediaError`, `RenderFailure` of code `cancelled`. No file is left behind then.
    func run(to path: String, info: VideoStreamInfo, onFrame: @escaping @Sendable (Int) -> Void) throws -> Timings {
        let frames = try TimelineFrames(plan.videoPath, timeline: timeline)
        let writer = try VideoWriter(
            path,
            video: VideoOutputSettings(
                width: info.width, height: info.height, frameRate: info.frameRate,
                constantRateFactor: plan.constantRateFactor, preset: plan.preset, color: info.color.delivered,
                sampleAspectRatio: info.sampleAspectRatio),
            audio: AudioOutputSettings(sampleRate: sound.sampleRate, channelCount: sound.channelCount))
        do {
            let timings = try run(frames, writer, framesPerSecond: info.frameRate.value, onFrame)
            try writer.finish()
            return timings
        } catch {
            writer.cancel()
            throw error
        }
    }

    private func run(
        _ frames: TimelineFrames, _ writer: VideoWriter, framesPerSecond: Double,
        _ onFrame: @escaping @Sendable (Int) -> Void
    ) throws -> Timings {
        let read = BoundedQueue<VideoFrame>(capacity: Self.queuedFrames)
        let drawn = BoundedQueue<VideoFrame>(capacity: Self.queuedFrames)
        let group = ThreadGroup {
            read.close()
            drawn.close()
        }
        let drawClock = BusyClock()
        let encodeClock = BusyClock()
        let source = UncheckedSendable(frames)
        group.start("read") {
            for index in 0..<timeline.frameCount {
                try cancellation.check()
                guard read.put(try source.value.frame(at: index), number: index) else { return }
            }
            read.close()
        }
        for number in 0..<Self.drawingThreads {
            group.start("draw \(number)") {
                let renderer = MouthRenderer()
                while let (index, frame) = read.take() {
                    if let (scene, instruction) = scenes.instructions[index] {
                        let owner = scenes.scenes[scene]
                        try drawClock.measure {
                            _ = try renderer.draw(instruction, into: frame, scene: owner.speaker, bank: owner.bank)
                        }
                    }
                    guard drawn.put(frame, number: index) else { return }
                }
            }
        }
        group.start("encode") {
            var track = try SoundTrack(plan.parts[0].audioPath, facts: sound, timeline: timeline)
            for index in 0..<timeline.frameCount {
                guard let (_, frame) = drawn.take() else { return }
                try encodeClock.measure {
                    let time = Double(index + 1) / framesPerSecond
                    try track.write(until: time + Self.soundLeadSeconds, to: writer)
                    try writer.append(frame)
                }
                onFrame(index + 1)
            }
            try encodeClock.measure { try track.finish(to: writer) }
        }
        try group.wait()
        return Timings(drawSeconds: drawClock.seconds, encodeSeconds: encodeClock.seconds)
    }
}

/// Carries a value that one thread at a time uses into a thread's closure.
struct UncheckedSendable<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
