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
    let clip: SourceClip
    let timeline: OutputTimeline
    let scenes: SceneSet
    let sounds: [PartSound]
    let format: SoundFormat
    let cancellation: Cancellation
    /// Told whether the clip's own sound is damaged, where it is heard.
    let clipSoundDamage: Later<Bool>

    struct Timings: Sendable {
        var drawSeconds: Double
        var encodeSeconds: Double
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
        to path: String, segmentPath: String?, kept: consuming KeptFrames, onFrame: @escaping @Sendable (Int) -> Void
    ) throws -> Timings {
        let frames = TimelineFrames(clip.reader, timeline: timeline, kept: kept)
        let whole = try makeWriter(path)
        var segment: VideoWriter?
        do {
            segment = try segmentPath.map(makeWriter)
            let timings = try run(frames, whole, segment: segment, onFrame)
            try segment?.finish()
            try whole.finish()
            return timings
        } catch {
            whole.cancel()
            segment?.cancel()
            // A segment that was finished before the whole failed is of no use.
            if let segmentPath { try? FileManager.default.removeItem(atPath: segmentPath) }
            throw error
        }
    }

    private func makeWriter(_ path: String) throws -> VideoWriter {
        let info = clip.info
        return try VideoWriter(
            path,
            video: VideoOutputSettings(
                width: info.width, height: info.height, frameRate: info.frameRate,
                constantRateFactor: plan.constantRateFactor, preset: plan.preset, color: info.color.delivered,
                sampleAspectRatio: info.sampleAspectRatio),
            audio: AudioOutputSettings(sampleRate: format.sampleRate, channelCount: format.channelCount))
    }

    private func run(
        _ frames: TimelineFrames, _ writer: VideoWriter, segment: VideoWriter?,
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
                let renderer = MouthRenderer(isFine: plan.profile == .mouthBankFine)
                let expressionWarp = ExpressionWarp()
                while let (index, frame) = read.take() {
                    try drawClock.measure {
                        try draw(index, into: frame, renderer)
                        try bend(index, frame, expressionWarp)
                    }
                    guard drawn.put(frame, number: index) else { return }
                }
            }
        }
        group.start("encode") {
            var track = SoundTrack(timeline, sounds: sounds, clip: clip, format: format)
            let framesPerSecond = clip.info.frameRate.value
            for index in 0..<timeline.frameCount {
                guard let (_, frame) = drawn.take() else { return }
                try encodeClock.measure {
                    let time = Double(index + 1) / framesPerSecond
                    try track.write(until: time + Self.soundLeadSeconds, to: writer, segment: segment)
                    try writer.append(frame)
                    if let segment, timeline.piece(at: index).part != nil { try segment.append(frame) }
                }
                onFrame(index + 1)
            }
            try encodeClock.measure { try track.finish(to: writer, segment: segment) }
            clipSoundDamage.value = track.isOwnDamaged
        }
        try group.wait()
        return Timings(drawSeconds: drawClock.seconds, encodeSeconds: encodeClock.seconds)
    }

    /// Shows the speaker's feeling in the rest of the face.
    private func bend(_ index: Int, _ frame: VideoFrame, _ warp: ExpressionWarp) throws {
        let piece = timeline.piece(at: index)
        guard let part = piece.part, let expression = scenes.expressions[part],
            let (scene, instruction) = scenes.instructions[index]
        else { return }
        try expression.draw(
            instruction, frameInPart: index - piece.firstFrame, into: frame, scenes.scenes[scene], warp)
    }

    private func draw(_ index: Int, into frame: VideoFrame, _ renderer: MouthRenderer) throws {
        guard let (scene, instruction) = scenes.instructions[index] else { return }
        let owner = scenes.scenes[scene]
        guard let part = timeline.piece(at: index).part, plan.parts[part].keepsOccluders,
            let occluders = owner.occluders, occluders.covers(row: instruction.row), instruction.strength > 0
        else {
            try renderer.draw(instruction, into: frame, scene: owner.speaker, bank: owner.bank)
            return
        }
        let original = try frame.copy()
        try renderer.draw(instruction, into: frame, scene: owner.speaker, bank: owner.bank)
        occluders.restore(original, into: frame, scene: owner.speaker, row: instruction.row)
    }
}

/// Carries a value that one thread at a time uses into a thread's closure.
struct UncheckedSendable<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
