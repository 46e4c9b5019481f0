import Foundation

/// Sound of one channel and 16 bits as a RIFF WAVE file.
public struct WaveFile: Sendable {
    /// In hertz.
    public var sampleRate: Int
    public var samples: [Int16]

    public init(sampleRate: Int, samples: [Int16]) {
        self.sampleRate = sampleRate
        self.samples = samples
    }

    /// Writes a file that must not exist.
    ///
    /// - Throws: `SynthesisFailure` of code `storage` when it cannot be written.
    public func write(to path: String) throws(SynthesisFailure) {
        let size = samples.count * 2
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + 44)
        func append(_ text: String) { bytes += text.utf8 }
        func append(_ number: Int, bytes count: Int) {
            for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
        }
        append("RIFF")
        append(size + 36, bytes: 4)
        append("WAVEfmt ")
        append(16, bytes: 4)
        append(1, bytes: 2)
        append(1, bytes: 2)
        append(sampleRate, bytes: 4)
        append(sampleRate * 2, bytes: 4)
        append(2, bytes: 2)
        append(16, bytes: 2)
        append("data")
        append(size, bytes: 4)
        for sample in samples { append(Int(sample), bytes: 2) }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        } catch {
            throw SynthesisFailure(.storage, detail: "\(error)")
        }
    }

    /// The length of a WAV file in seconds, from its header and size; `nil` when it is not a WAV file of whole samples.
    public static func durationSeconds(of path: String) -> Double? {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe), data.count >= 12,
            data.starts(with: Array("RIFF".utf8)), data.dropFirst(8).starts(with: Array("WAVE".utf8))
        else { return nil }
        func number(_ offset: Int, bytes count: Int) -> Int? {
            guard offset + count <= data.count else { return nil }
            return (0..<count).reduce(0) { $0 | Int(data[data.startIndex + offset + $1]) << (8 * $1) }
        }
        var offset = 12
        var bytesPerSecond: Int?
        while let size = number(offset + 4, bytes: 4) {
            let name = data[(data.startIndex + offset)...].prefix(4)
            if name.elementsEqual("fmt ".utf8) { bytesPerSecond = number(offset + 16, bytes: 4) }
            if name.elementsEqual("data".utf8), let bytesPerSecond, bytesPerSecond > 0 {
                // A program that streams does not know the size when it writes the header.
                return Double(min(size, data.count - offset - 8)) / Double(bytesPerSecond)
            }
            offset += 8 + size + size % 2
        }
        return nil
    }
}
