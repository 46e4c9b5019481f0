import Media
import Synchronization

/// What a video looks like, so that it is found again after it was encoded anew, made smaller or shortened: for each second of
/// its first minute a number whose bits say where a small grey picture grows brighter from left to right (the difference
/// hash of N. Krawetz, 2013).
public struct VideoFingerprint: Hashable, Sendable {
    /// One number for each second; of a video that ends before the middle of its first second that of its first frame.
    public let numbers: [UInt64]

    fileprivate static let mostSeconds = 60
    private static let columns = 9
    private static let rows = 8

    public init(numbers: [UInt64]) { self.numbers = numbers }

    /// Looks at a video, of which up to a minute is decoded. A video that is being made is looked at by `FingerprintRecorder`.
    ///
    /// - Throws: `MediaError`.
    public init(of path: String) throws {
        let reader = try VideoReader(path, threadCount: 1)
        let framesPerSecond = max(reader.info.frameRate.value, 1)
        var numbers: [UInt64] = []
        for second in 0..<Self.mostSeconds {
            try reader.seek(toFrame: Self.frame(ofSecond: second, framesPerSecond: framesPerSecond))
            guard let frame = try reader.next() else { break }
            numbers.append(Self.number(of: frame))
        }
        if numbers.isEmpty {
            try reader.seek(toFrame: 0)
            if let frame = try reader.next() { numbers.append(Self.number(of: frame)) }
        }
        self.numbers = numbers
    }

    /// The frame that stands for a second: its middle, since both ends of a clip are where it is cut.
    fileprivate static func frame(ofSecond second: Int, framesPerSecond: Double) -> Int {
        Int((Double(second) + 0.5) * framesPerSecond)
    }

    fileprivate static func number(of frame: VideoFrame) -> UInt64 {
        let luma = frame.luma
        var means = [Int](repeating: 0, count: columns * rows)
        for row in 0..<rows {
            let lines = part(row, of: rows, luma.height)
            for column in 0..<columns {
                let places = part(column, of: columns, luma.width)
                var (sum, count) = (0, 0)
                // Every fourth pixel each way is enough for a mean.
                for y in stride(from: lines.lowerBound, to: lines.upperBound, by: 4) {
                    for x in stride(from: places.lowerBound, to: places.upperBound, by: 4) {
                        sum += Int(luma.base[y * luma.stride + x])
                        count += 1
                    }
                }
                means[row * columns + column] = sum * 16 / max(count, 1)
            }
        }
        var number: UInt64 = 0
        for row in 0..<rows {
            for column in 1..<columns {
                number = number << 1 | (means[row * columns + column] > means[row * columns + column - 1] ? 1 : 0)
            }
        }
        return number
    }

    /// A part of a picture's side.
    private static func part(_ index: Int, of count: Int, _ length: Int) -> Range<Int> {
        length * index / count..<length * (index + 1) / count
    }

    /// How alike two videos look, 0 … 1: the share of equal bits in the seconds that both have, where one may begin up to
    /// five seconds later than the other; 0 where fewer than two seconds can be compared.
    public func likeness(to other: VideoFingerprint) -> Double {
        var best = 0.0
        for shift in -Self.mostShift...Self.mostShift {
            let pairs = numbers.indices.compactMap { index in
                other.numbers.indices.contains(index + shift) ? (numbers[index], other.numbers[index + shift]) : nil
            }
            guard pairs.count >= 2 else { continue }
            let different = pairs.reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
            best = max(best, 1 - Double(different) / Double(64 * pairs.count))
        }
        return best
    }

    private static let mostShift = 5
}

/// Takes the fingerprint of a video from its frames while it is made, in any order and from any thread: decoding the finished
/// file for it takes as long as a tenth of the render.
public final class FingerprintRecorder: Sendable {
    /// Numbers by their seconds; that of the first frame under −1.
    private let found = Mutex<[Int: UInt64]>([:])

    public init() {}

    /// What the frames so far look like.
    public var fingerprint: VideoFingerprint {
        let found = found.withLock { $0 }
        let numbers = (0..<VideoFingerprint.mostSeconds).map { found[$0] }.prefix { $0 != nil }.compactMap { $0 }
        return VideoFingerprint(numbers: numbers.isEmpty ? [found[-1]].compactMap { $0 } : numbers)
    }

    /// What was found so far, to be added to another recorder.
    var numbers: [Int: UInt64] { found.withLock { $0 } }

    /// Adds what another recorder has found in other frames of the video.
    func add(_ numbers: [Int: UInt64]) { found.withLock { $0.merge(numbers) { $1 } } }

    /// Looks at a frame if it stands for a second.
    func see(_ index: Int, _ frame: VideoFrame, framesPerSecond: Double) {
        let framesPerSecond = max(framesPerSecond, 1)
        let second = Int(Double(index) / framesPerSecond)
        let isMiddle = index == VideoFingerprint.frame(ofSecond: second, framesPerSecond: framesPerSecond)
        guard index == 0 || isMiddle && second < VideoFingerprint.mostSeconds else { return }
        let number = VideoFingerprint.number(of: frame)
        found.withLock { found in
            if index == 0 { found[-1] = number }
            if isMiddle { found[second] = number }
        }
    }
}
