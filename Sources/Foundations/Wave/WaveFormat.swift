/// Sound in a RIFF WAVE file.
package struct WaveFormat: Hashable, Sendable {
    /// How a sample is written.
    package enum Samples: Sendable {
        /// In 16 bits.
        case integers
        /// As floats of 32 bits.
        case floats

        var byteCount: Int { self == .integers ? 2 : 4 }
        /// The number that a file has for it.
        var code: Int { self == .integers ? 1 : 3 }
    }

    /// Samples a second of each channel.
    package var sampleRate: Int
    /// 1 for mono, 2 for stereo.
    package var channelCount: Int
    /// How samples are written.
    package var samples: Samples

    package init(sampleRate: Int, channelCount: Int, samples: Samples = .integers) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.samples = samples
    }

    /// The most bytes that the samples and what follows them may have: the file's length must fit into 32 bits,
    /// and not look like that of a stream.
    package static let mostBytes = Int(UInt32.max) - 65_536 - 64

    /// The beginning of a file, up to the first sample: 44 bytes.
    ///
    /// - Parameters:
    ///   - dataBytes: How long the samples are.
    ///   - restBytes: How long the chunks after the samples are.
    package func header(dataBytes: Int, restBytes: Int = 0) -> [UInt8] {
        let frameBytes = channelCount * samples.byteCount
        return Array("RIFF".utf8) + Self.number(36 + dataBytes + restBytes, 4) + Array("WAVEfmt ".utf8)
            + Self.number(16, 4) + Self.number(samples.code, 2) + Self.number(channelCount, 2)
            + Self.number(sampleRate, 4) + Self.number(sampleRate * frameBytes, 4) + Self.number(frameBytes, 2)
            + Self.number(samples.byteCount * 8, 2)
            + Self.chunkHead("data", byteCount: dataBytes)
    }

    /// A chunk that may follow the samples, with its head, and one byte more where its content has an odd length.
    ///
    /// - Parameter name: Four ASCII characters.
    package static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        chunkHead(name, byteCount: content.count) + content + (content.count % 2 == 1 ? [0] : [])
    }

    /// Samples as the file has them: little-endian.
    package static func append(_ sample: Int16, to bytes: inout [UInt8]) {
        let value = UInt16(bitPattern: sample)
        bytes.append(UInt8(truncatingIfNeeded: value))
        bytes.append(UInt8(value >> 8))
    }

    /// A sample of `Samples.floats` as the file has it: little-endian.
    package static func append(_ sample: Float, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: sample.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func chunkHead(_ name: String, byteCount: Int) -> [UInt8] {
        Array(name.utf8) + number(byteCount, 4)
    }

    private static func number(_ value: Int, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
