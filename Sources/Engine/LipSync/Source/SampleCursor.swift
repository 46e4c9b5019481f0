package import Media

/// Goes through a clip to the frames of which samples are taken, by way of whatever is cheap: all frames of a clip that is
/// decoded in seconds, and key frames near the wanted ones of a longer one.
package struct SampleCursor {
    /// A key frame farther from the wanted frame than this, in frames, is not decoded on from: most encoders set key frames
    /// closer.
    private static let longestRun = 300
    /// Fewer key frames than this, of so many wanted frames, are no picture of the clip.
    private static let fewestKeyFrames = 8

    private var reader: VideoReader
    private let frames: [Int]
    private let framePixels: Int
    private let decodedPixels: Int
    private var place = 0
    private var lastIndex = -1
    private var sampleCount = 0
    /// Whether every frame is read.
    private var readsAll: Bool
    private var isAtEnd = false

    /// - Parameters:
    ///   - reader: Nothing was read of it.
    ///   - frames: The wanted frames, ascending.
    ///   - decodedPixels: A clip of fewer pixels is read as a whole; of others about so many are decoded.
    package init(_ reader: VideoReader, frames: [Int], decodedPixels: Int) {
        self.reader = reader
        self.frames = frames
        self.decodedPixels = decodedPixels
        framePixels = max(1, reader.info.width * reader.info.height)
        readsAll = reader.info.estimatedFrameCount <= decodedPixels / framePixels
    }

    /// The next frame, and whether it is a sample; nil at the end.
    package mutating func next() throws -> (frame: VideoFrame, isSample: Bool)? {
        while !isAtEnd {
            if readsAll { return try nextOfAll() }
            if let frame = try nextNearKey() { return (frame, true) }
        }
        return nil
    }

    private mutating func nextOfAll() throws -> (frame: VideoFrame, isSample: Bool)? {
        guard place < frames.count, reader.decodedPictureCount <= decodedPixels / framePixels,
            let frame = try reader.next()
        else {
            isAtEnd = true
            return nil
        }
        let isSample = frame.index >= frames[place] && frame.index > lastIndex
        while place < frames.count, frames[place] <= frame.index { place += 1 }
        if isSample { lastIndex = frame.index }
        return (frame, isSample)
    }

    /// A frame near the next wanted one; nil where none is near and the next is to be tried, or where all frames are to be
    /// read instead.
    private mutating func nextNearKey() throws -> VideoFrame? {
        guard place < frames.count else {
            try endNearKeys()
            return nil
        }
        let wanted = frames[place]
        place += 1
        if wanted == 0 { return take(try reader.next()) }
        let key = try reader.seek(toKeyFrameBefore: wanted)
        let isCheap =
            wanted - key <= Self.longestRun && reader.decodedPictureCount <= decodedPixels / framePixels
        // A key frame is decoded alone; two samples between two of them cost the frames between.
        if key > lastIndex { return take(try reader.next()) }
        guard isCheap else { return nil }
        try reader.seek(toFrame: wanted)
        return take(try reader.next())
    }

    private mutating func take(_ frame: VideoFrame?) -> VideoFrame? {
        guard let frame, frame.index > lastIndex else { return nil }
        lastIndex = frame.index
        sampleCount += 1
        return frame
    }

    private mutating func endNearKeys() throws {
        guard sampleCount < min(Self.fewestKeyFrames, frames.count) else {
            isAtEnd = true
            return
        }
        // Samples behind those that were taken, as far as decoding everything goes.
        reader = try VideoReader(reader.path)
        place = frames.firstIndex { $0 > lastIndex } ?? frames.count
        readsAll = true
    }
}
