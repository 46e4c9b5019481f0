import Foundation
import Media
import Wave

/// Writes samples of 16 bits into a RIFF WAVE file as they come.
final class WaveWriter {
    private let path: String
    private let format: WaveFormat
    private let file: FileHandle
    private var buffer: [UInt8] = []
    private(set) var sampleCount = 0
    private var peak: Float = 0

    /// - Throws: `MediaError` where the file exists or cannot be made.
    init(_ path: String, sampleRate: Int, channelCount: Int) throws {
        self.path = path
        format = WaveFormat(sampleRate: sampleRate, channelCount: channelCount)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        buffer = format.header(dataBytes: 0)
    }

    /// How long the sound is so far.
    var durationSeconds: Double { Double(sampleCount) / Double(format.sampleRate) }

    /// Adds samples of each channel; what is over full scale is cut.
    ///
    /// - Throws: `MediaError`.
    func append(_ channels: [[Float]]) throws {
        let count = channels[0].count
        buffer.reserveCapacity(buffer.count + count * format.channelCount * 2)
        for index in 0..<count {
            for channel in channels {
                let sample = max(-1, min(1, channel[index]))
                peak = max(peak, abs(sample))
                WaveFormat.append(Int16((sample * 32767).rounded()), to: &buffer)
            }
        }
        sampleCount += count
        if buffer.count > 1 << 20 { try flush() }
    }

    /// Ends the file.
    ///
    /// - Parameter chunk: A whole further chunk, or nothing.
    /// - Throws: `MediaError`.
    func finish(chunk: [UInt8]) throws -> (durationSeconds: Double, peak: Double) {
        let dataBytes = sampleCount * format.channelCount * 2
        guard dataBytes + chunk.count < WaveFormat.mostBytes else {
            throw MediaError(
                code: .durationTooLong, message: "The sound is too long for a WAV file.",
                suggestion: "Cut it into shorter parts.", detail: path)
        }
        buffer += chunk
        try flush()
        do {
            try file.seek(toOffset: 0)
            try file.write(contentsOf: Data(format.header(dataBytes: dataBytes, restBytes: chunk.count)))
            try file.close()
        } catch { throw Self.failure(path, errno, "\(error)") }
        return (durationSeconds, Double(peak))
    }

    /// Removes what was written.
    func discard() { unlink(path) }

    private func flush() throws {
        do { try file.write(contentsOf: Data(buffer)) } catch { throw Self.failure(path, errno, "\(error)") }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String, _ number: Int32, _ detail: String = "") -> MediaError {
        let isFull = number == ENOSPC || number == EFBIG
        return MediaError(
            code: isFull ? .diskFull : .outputUnwritable,
            message: isFull ? "The disk is full." : "The sound cannot be written.",
            suggestion: isFull ? "Free some space." : "Choose another place.",
            detail: "\(path): \(String(cString: strerror(number))) \(detail)")
    }
}
