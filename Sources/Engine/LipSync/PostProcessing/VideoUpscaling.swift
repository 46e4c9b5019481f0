import Foundation
import Media

/// Writes a video with more pixels, with the sound that it has. Memory does not grow with the length.
public struct VideoUpscaling: Codable, Sendable {
    private static let marks = OutputMarks(digitalSource: .algorithmicallyEnhanced)
    /// Large pictures: few of them wait.
    private static let queueCapacity = 3

    /// Any file with moving pictures.
    public var path: String
    /// Where the MP4 is written. It appears whole or not at all.
    public var outputPath: String
    public var size: PictureSize
    /// x264's constant rate factor, 0 (lossless) … 51.
    public var constantRateFactor: Int
    /// x264's preset, `ultrafast` … `veryslow`.
    public var preset: String

    public init(
        path: String, outputPath: String, size: PictureSize, constantRateFactor: Int = 17, preset: String = "veryfast"
    ) {
        self.path = path
        self.outputPath = outputPath
        self.size = size
        self.constantRateFactor = constantRateFactor
        self.preset = preset
    }

    func run(_ meter: ProgressMeter, _ cancellation: Cancellation) throws -> RenderReport.Output {
        let clip = try SourceClip(path)
        let info = clip.info
        let format = clip.openSound().map {
            SoundFormat(sampleRate: $0.sampleRate, channelCount: $0.channelCount)
        }
        let output = try PendingFile(outputPath)
        let writer = try VideoWriter(
            output.temporaryPath,
            video: VideoOutputSettings(
                width: size.width, height: size.height, frameRate: info.frameRate,
                constantRateFactor: constantRateFactor, preset: preset, color: info.color.delivered,
                sampleAspectRatio: info.sampleAspectRatio),
            audio: format?.audioSettings,
            tags: Self.marks.tags(keeping: clip.reader.tags))
        let frameCount: Int
        do {
            frameCount = try write(clip, format, to: writer, meter: meter, cancellation: cancellation)
            try writer.finish()
        } catch {
            writer.cancel()
            throw error
        }
        try output.publish()
        return RenderReport.Output(
            frames: frameCount, frameRate: info.frameRate,
            durationSeconds: Double(frameCount) / info.frameRate.value, width: size.width, height: size.height)
    }

    /// Gives the number of frames.
    private func write(
        _ clip: SourceClip, _ format: SoundFormat?, to writer: VideoWriter, meter: ProgressMeter,
        cancellation: Cancellation
    ) throws -> Int {
        let rate = clip.info.frameRate
        let expected = Int(clip.info.durationSeconds * rate.value)
        var sound = format.map { format in
            let lead = Int((clip.soundLeadSeconds * Double(format.sampleRate)).rounded())
            let slice = SoundSlice(
                clip.openSound(format), format: format, bounds: 0..<Int.max, position: min(lead, 0),
                isForgiving: true)
            slice.skip(to: lead)
            return SoundInterleaver(sampleRate: format.sampleRate, sampleCount: nil) { count in
                try writer.append(AudioBlock(samples: try slice.read(count)))
                return count
            }
        }
        let samplesPerFrame = Rational((format?.sampleRate ?? 1) * rate.denominator, rate.numerator)
        var frameCount = 0
        try FramePipeline(queueCapacity: Self.queueCapacity, cancellation: cancellation).run(
            source: { number in
                guard let frame = try clip.reader.next() else { return VideoFrame?.none }
                guard Double(number) < EngineLimits.mediaSeconds * rate.value else {
                    throw SourceClip.tooLong(path)
                }
                return frame
            },
            makeTransform: {
                let upscaler = VideoUpscaler(width: size.width, height: size.height)
                return { _, frame in try upscaler.upscale(frame) }
            },
            sink: { number, frame in
                frameCount = number + 1
                // Nobody knows the last frame before it was read, so the sound never runs ahead of the pictures.
                try sound?.write(toSample: samplesPerFrame.scaled(frameCount))
                try writer.append(frame)
                meter.report(done: frameCount, expected: max(expected, frameCount))
            })
        guard frameCount > 0 else {
            throw MediaError(
                code: .videoInvalid, message: "The video has no picture.", suggestion: "Send a video.", detail: path)
        }
        return frameCount
    }
}
