/// A run of samples, one array for each channel, all of equal length. Full scale is -1…1.
public struct AudioBlock: Sendable {
    /// Samples by channel.
    public var samples: [[Float]]

    /// Wraps samples; all channels must have the same length.
    public init(samples: [[Float]]) { self.samples = samples }

    /// Samples of each channel.
    public var frameCount: Int { samples.first?.count ?? 0 }
}

/// Planar samples waiting to be taken out in other portions than they came in.
struct SampleQueue {
    private var channels: [[Float]]
    private var taken = 0

    /// Taken samples are dropped from memory in runs of this length.
    private static let compaction = 16_384

    init(channelCount: Int) { channels = Array(repeating: [], count: channelCount) }

    var count: Int { (channels.first?.count ?? 0) - taken }

    mutating func append(channel: Int, _ samples: UnsafeBufferPointer<Float>) {
        channels[channel].append(contentsOf: samples)
    }

    mutating func append(channel: Int, _ samples: [Float]) { channels[channel].append(contentsOf: samples) }

    mutating func appendSilence(_ count: Int) {
        for channel in channels.indices { channels[channel].append(contentsOf: repeatElement(0, count: count)) }
    }

    /// Copies `count` samples of a channel to `target`, without taking them out.
    func copy(channel: Int, count: Int, to target: UnsafeMutablePointer<Float>) {
        channels[channel].withUnsafeBufferPointer { source in
            guard let base = source.baseAddress, count > 0 else { return }
            target.update(from: base + taken, count: count)
        }
    }

    mutating func drop(_ count: Int) {
        taken += count
        guard taken >= Self.compaction || taken == channels.first?.count else { return }
        for channel in channels.indices { channels[channel].removeFirst(taken) }
        taken = 0
    }

    /// Takes out up to `most` samples.
    mutating func take(_ most: Int) -> AudioBlock {
        let length = min(most, count)
        let block = AudioBlock(samples: channels.map { Array($0[taken..<taken + length]) })
        drop(length)
        return block
    }
}
