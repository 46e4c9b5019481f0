import Media

/// What a video looks like, so that it is found again after it was encoded anew, made smaller or shortened: for each second of
/// its first minute a number whose bits say where a small grey picture grows brighter from left to right (the difference
/// hash of N. Krawetz, 2013).
public struct VideoFingerprint: Hashable, Sendable {
    /// One number for each second.
    public let numbers: [UInt64]

    private static let mostSeconds = 60
    private static let columns = 9
    private static let rows = 8

    public init(numbers: [UInt64]) { self.numbers = numbers }

    /// Looks at a video.
    ///
    /// - Throws: `MediaError`.
    public init(of path: String) throws {
        let reader = try VideoReader(path, threadCount: 1)
        let framesPerSecond = max(reader.info.frameRate.value, 1)
        var numbers: [UInt64] = []
        for second in 0..<Self.mostSeconds {
            // The middle of a second: both ends of a clip are where it is cut.
            try reader.seek(toFrame: Int((Double(second) + 0.5) * framesPerSecond))
            guard let frame = try reader.next() else { break }
            numbers.append(Self.number(of: frame))
        }
        if numbers.isEmpty {
            try reader.seek(toFrame: 0)
            if let frame = try reader.next() { numbers.append(Self.number(of: frame)) }
        }
        self.numbers = numbers
    }

    private static func number(of frame: VideoFrame) -> UInt64 {
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
    /// some seconds later than the other; 0 where fewer than two seconds can be compared.
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
