import Foundation
import Media

/// Writes a video with more pixels, with the sound that it has. Memory does not grow with the length.
public struct VideoEnlargement: Codable, Sendable {
    /// Large pictures: few of them wait.
    private static let queuedFrames = 3
    private static let blockSamples = 4096

    /// Any file with moving pictures.
    public var path: String
    /// Where the MP4 is written. It appears whole or not at all.
    public var outputPath: String
    /// Its size.
    public var size: PictureSize
    /// x264's constant rate factor, 0 (lossless) … 51.
    public var constantRateFactor: Int
    /// x264's preset, `ultrafast` … `veryslow`.
    public var preset: String

    /// Orders an enlargement.
    public init(
        path: String, outputPath: String, size: PictureSize, constantRateFactor: Int = 17, preset: String = "veryfast"
    ) {
        self.path = path
        self.outputPath = outputPath
        self.size = size
        self.constantRateFactor = constantRateFactor
        self.preset = preset
    }

    func run(_ meter: ProgressMeter) throws -> RenderReport.Output {
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
            audio: format.map { AudioOutputSettings(sampleRate: $0.sampleRate, channelCount: $0.channelCount) })
        let frameCount: Int
        do {
            frameCount = try write(clip, format, to: writer, meter)
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

    /// One thread reads and enlarges, one encodes; gives the number of frames.
    private func write(
        _ clip: SourceClip, _ format: SoundFormat?, to writer: VideoWriter, _ meter: ProgressMeter
    ) throws -> Int {
        let enlarged = BoundedQueue<VideoFrame>(capacity: Self.queuedFrames)
        let group = ThreadGroup { enlarged.close() }
        let rate = clip.info.frameRate
        let expected = Int(clip.info.durationSeconds * rate.value)
        let frameCount = Later<Int>()
        group.start("enlarge") {
            let enlarger = VideoEnlarger(width: size.width, height: size.height)
            var number = 0
            while let frame = try clip.reader.next() {
                guard Double(number) < EngineLimits.mediaSeconds * rate.value else {
                    throw SourceClip.tooLong(path)
                }
                guard enlarged.put(try enlarger.enlarge(frame), number: number) else { return }
                number += 1
            }
            enlarged.close()
        }
        group.start("encode") {
            let sound = format.map { format in
                let lead = Int((clip.soundLeadSeconds * Double(format.sampleRate)).rounded())
                let slice = SoundSlice(
                    clip.openSound(format), format: format, bounds: 0..<Int.max, position: min(lead, 0),
                    isForgiving: true)
                slice.skip(to: lead)
                return slice
            }
            let sampleRate = format?.sampleRate ?? 1
            var written = 0
            func writeSound(until limit: Int) throws {
                while let sound, written < limit {
                    let count = min(Self.blockSamples, limit - written)
                    try writer.append(AudioBlock(samples: try sound.read(count)))
                    written += count
                }
            }
            var count = 0
            while let (_, frame) = enlarged.take() {
                // Nobody knows the last frame before it was read, so the sound never runs ahead of the pictures.
                try writeSound(until: Rational(sampleRate * rate.denominator, rate.numerator).scaled(count + 1))
                try writer.append(frame)
                count += 1
                meter.report(done: count, expected: max(expected, count))
            }
            frameCount.value = count
        }
        try group.wait()
        guard let count = frameCount.value, count > 0 else {
            throw MediaError(
                code: .videoInvalid, message: "The video has no picture.", suggestion: "Send a video.", detail: path)
        }
        return count
    }
}
