/// Writes an output's sound in blocks a little ahead of its picture, so that the muxer can interleave with little memory.
package struct SoundInterleaver {
    /// How far ahead of the picture the sound is written, seconds.
    static let leadSeconds = 0.2
    /// The longest block, samples of each channel: four frames of AAC.
    static let blockSamples = 4096

    private let sampleRate: Int
    private let sampleCount: Int
    private let writeBlock: (_ count: Int) throws -> Int
    private var written = 0

    /// - Parameters:
    ///   - sampleCount: Samples of the output's sound; `nil` where nobody knows yet.
    ///   - writeBlock: Writes the next samples, at most `count`, and returns how many; at least 1.
    package init(sampleRate: Int, sampleCount: Int?, writeBlock: @escaping (_ count: Int) throws -> Int) {
        self.sampleRate = sampleRate
        self.sampleCount = sampleCount ?? .max
        self.writeBlock = writeBlock
    }

    /// Writes what belongs to the picture up to a time, and the lead.
    package mutating func write(toSeconds seconds: Double) throws {
        try write(toSample: Int((seconds + Self.leadSeconds) * Double(sampleRate)))
    }

    /// Writes up to a sample of the output.
    package mutating func write(toSample end: Int) throws {
        let end = min(end, sampleCount)
        while written < end { written += try writeBlock(min(Self.blockSamples, end - written)) }
    }

    /// Writes what is left; only with a known number of samples.
    package mutating func finish() throws { try write(toSample: sampleCount) }
}
