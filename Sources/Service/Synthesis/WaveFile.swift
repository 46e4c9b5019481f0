import Foundation
import Wave

/// Sound of one channel and 16 bits that becomes a WAV file.
public struct WaveFile: Sendable {
    /// In hertz.
    public var sampleRate: Int
    /// The sound.
    public var samples: [Int16]

    public init(sampleRate: Int, samples: [Int16]) {
        self.sampleRate = sampleRate
        self.samples = samples
    }

    /// Writes a file that must not exist.
    ///
    /// - Throws: `SynthesisFailure` of code `storage` when it cannot be written.
    public func write(to path: String) throws(SynthesisFailure) {
        let dataBytes = samples.count * 2
        var bytes = WaveFormat(sampleRate: sampleRate, channelCount: 1).header(dataBytes: dataBytes)
        bytes.reserveCapacity(bytes.count + dataBytes)
        for sample in samples { WaveFormat.append(sample, to: &bytes) }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        } catch {
            throw SynthesisFailure(.storage, detail: "\(error)")
        }
    }
}
