/// A run of sound samples. Full scale is −1…1.
public struct AudioBlock: Sendable {
    /// One array for each channel, all of equal length.
    public var samples: [[Float]]

    /// All channels must have the same length.
    public init(samples: [[Float]]) { self.samples = samples }

    /// Samples of each channel.
    public var frameCount: Int { samples.first?.count ?? 0 }
}

/// A queue of planar samples that are taken out in other portions than they were put in.
struct SampleQueue {
    private var channels: [[Float]]
    /// Samples at the front of each channel that were taken out already.
    private var taken = 0

    /// Taken samples are removed from memory when there are this many: moving the rest costs time. Unmeasured.
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

    /// Copies the next `count` samples of a channel to `target` without taking them out.
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
