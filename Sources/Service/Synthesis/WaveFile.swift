import Foundation
import Wave

/// Sound of one channel that becomes a WAV file.
public struct WaveFile: Sendable {
    private let format: WaveFormat
    private let data: [UInt8]

    /// Sound of 16 bits.
    ///
    /// - Parameter sampleRate: In hertz.
    public init(sampleRate: Int, samples: [Int16]) {
        format = WaveFormat(sampleRate: sampleRate, channelCount: 1)
        var data: [UInt8] = []
        data.reserveCapacity(samples.count * 2)
        for sample in samples { WaveFormat.append(sample, to: &data) }
        self.data = data
    }

    /// Sound in floats, which may go beyond full scale (1).
    ///
    /// - Parameter sampleRate: In hertz.
    public init(sampleRate: Int, samples: [Float]) {
        format = WaveFormat(sampleRate: sampleRate, channelCount: 1, samples: .floats)
        var data: [UInt8] = []
        data.reserveCapacity(samples.count * 4)
        for sample in samples { WaveFormat.append(sample, to: &data) }
        self.data = data
    }

    /// Writes a file that must not exist.
    ///
    /// - Throws: `SynthesisFailure` of code `storage` when it cannot be written.
    public func write(to path: String) throws(SynthesisFailure) {
        do {
            try Data(format.header(dataBytes: data.count) + data)
                .write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        } catch {
            throw SynthesisFailure(.storage, detail: "\(error)")
        }
    }
}
