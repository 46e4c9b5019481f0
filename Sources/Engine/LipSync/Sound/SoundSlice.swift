import Media

/// Reads stretches of a sound in order; silence where it has none.
final class SoundSlice {
    /// Edges of a cut are faded over this time, so that they do not click.
    static let fadeSeconds = 0.005

    private let reader: AudioReader?
    private let channelCount: Int
    private let bounds: Range<Int>
    private let fadeSamples: Int
    private let fadesIn: Bool
    private let fadesOut: Bool
    private let isForgiving: Bool
    /// Samples that were read from the file and not handed out, the first at `bufferStart` of the file.
    private var buffer: [[Float]]
    private var bufferStart = 0
    private var isExhausted = false
    private var hasFailed = false
    /// The file's sample that is handed out next; negative in silence before the sound.
    private(set) var position: Int

    /// - Parameters:
    ///   - reader: Not yet read from; `nil` for silence.
    ///   - bounds: The file's samples that are heard.
    ///   - fadesIn, fadesOut: Whether the bounds cut the sound.
    ///   - isForgiving: Damage ends the sound instead of the work.
    init(
        _ reader: AudioReader?, format: SoundFormat, bounds: Range<Int>, position: Int, fadesIn: Bool = false,
        fadesOut: Bool = false, isForgiving: Bool = false
    ) {
        self.reader = reader
        channelCount = format.channelCount
        self.bounds = bounds
        fadeSamples = max(1, Int(Self.fadeSeconds * Double(format.sampleRate)))
        self.fadesIn = fadesIn
        self.fadesOut = fadesOut
        self.isForgiving = isForgiving
        self.position = position
        buffer = Array(repeating: [], count: channelCount)
    }

    /// Parts of what was read are damaged, or damage has ended the sound.
    var isDamaged: Bool { hasFailed || reader?.isDamaged == true }

    /// Leaves out what lies before a sample; going back is not possible.
    func skip(to position: Int) { self.position = max(self.position, position) }

    /// The next `count` samples of each channel.
    ///
    /// - Throws: `MediaError` unless forgiving.
    func read(_ count: Int) throws -> [[Float]] {
        var result = [[Float]](repeating: Array(repeating: 0, count: count), count: channelCount)
        let heard =
            max(
                position, bounds.lowerBound)..<max(
                position, bounds.lowerBound, min(position + count, bounds.upperBound))
        var next = heard.lowerBound
        while next < heard.upperBound, try fill(from: next) {
            let available = bufferStart + buffer[0].count
            let end = min(heard.upperBound, available)
            for channel in 0..<channelCount {
                for index in next..<end {
                    result[channel][index - position] = buffer[channel][index - bufferStart] * gain(index)
                }
            }
            next = end
        }
        position += count
        return result
    }

    /// Makes the buffer hold a sample; `false` at the end of the sound.
    private func fill(from sample: Int) throws -> Bool {
        while bufferStart + buffer[0].count <= sample {
            bufferStart += buffer[0].count
            for channel in 0..<channelCount { buffer[channel].removeAll(keepingCapacity: true) }
            guard !isExhausted, let block = try nextBlock() else {
                isExhausted = true
                return false
            }
            for channel in 0..<channelCount { buffer[channel] = block.samples[channel] }
        }
        return true
    }

    private func nextBlock() throws -> AudioBlock? {
        do { return try reader?.next() } catch {
            guard isForgiving else { throw error }
            hasFailed = true
            return nil
        }
    }

    private func gain(_ sample: Int) -> Float {
        var gain: Float = 1
        if fadesIn { gain = min(gain, Float(sample - bounds.lowerBound + 1) / Float(fadeSamples)) }
        if fadesOut { gain = min(gain, Float(bounds.upperBound - sample) / Float(fadeSamples)) }
        return gain
    }
}
