import Foundation
import Media

/// Compares the encoded picture outside the drawn region with the source's, in a few frames of the output's beginning.
///
/// Frames have to be decoded from the first one on, so that only the beginning is worth its time.
final class EncodedComparison: @unchecked Sendable {
    /// Decoded frames are this share of the output's, at least 11 and at most 500.
    private static let decodedShare = 30
    private static let leastDecoded = 11
    private static let mostDecoded = 500
    /// At most so many frames are kept until then.
    private static let mostFrames = 20
    /// Of each frame every eighth row of the luma is kept and compared.
    private static let rowStep = 8
    /// What an exact copy is told as.
    private static let mostDecibels = 100.0

    /// What is kept of a source frame.
    struct Kept: Codable, Sendable {
        var ellipse: DrawnEllipse?
        /// In pixels.
        fileprivate var width: Int
        /// Every `rowStep`th row of the luma, one behind the other.
        fileprivate var rows: Data
    }

    private let wanted: Set<Int>
    private let lock = NSLock()
    private var kept: [Int: Kept] = [:]

    /// - Parameter wanted: Of `frames(of:)` those that will be drawn.
    init(_ wanted: [Int]) { self.wanted = Set(wanted) }

    /// The frames of an output that are compared.
    static func frames(of frameCount: Int) -> [Int] {
        let decoded = min(max(frameCount / Self.decodedShare, Self.leastDecoded), Self.mostDecoded, frameCount)
        let step = max(5, decoded / Self.mostFrames)
        return Array(stride(from: 0, to: decoded, by: step))
    }

    /// Keeps a source frame before it is drawn into.
    ///
    /// - Parameter filmed: The mouth that is drawn over; `nil` where the frame stays as it is.
    func keep(_ index: Int, _ frame: VideoFrame, _ filmed: MeasuredFace.Filmed?) {
        guard wanted.contains(index), filmed?.isConfined ?? true else { return }
        let luma = frame.luma
        var rows = Data()
        for y in stride(from: 0, to: luma.height, by: Self.rowStep) {
            rows.append(luma.base + y * luma.stride, count: luma.width)
        }
        let kept = Kept(ellipse: filmed.map(DrawnEllipse.init), width: luma.width, rows: rows)
        lock.withLock { self.kept[index] = kept }
    }

    /// Whether a frame is one of those that are kept.
    func wants(_ index: Int) -> Bool { wanted.contains(index) }

    /// What is kept, by output frames; to be asked for when all are drawn.
    var keptFrames: [Int: Kept] { lock.withLock { kept } }

    /// The mean peak signal-to-noise ratio in decibels; `nil` where nothing could be compared.
    ///
    /// - Parameter kept: By output frames.
    static func psnrDecibels(_ kept: [Int: Kept], ofFile path: String) -> (decibels: Double, frames: Int)? {
        guard let last = kept.keys.max(), let reader = try? VideoReader(path) else { return nil }
        var (error, count, frames) = (0.0, 0.0, 0)
        var index = 0
        while index <= last, let frame = try? reader.next() {
            defer { index += 1 }
            guard let kept = kept[index], kept.width == frame.width else { continue }
            let luma = frame.luma
            frames += 1
            for (number, start) in stride(from: 0, to: kept.rows.count, by: kept.width).enumerated() {
                let y = number * rowStep
                guard y < luma.height else { break }
                let inside = kept.ellipse.flatMap {
                    MouthPixels.columns(ofEllipse: $0.center, $0.radius, row: y, width: luma.width)
                }
                let line = luma.base + y * luma.stride
                var sum = 0
                kept.rows.withUnsafeBytes { rows in
                    for x in 0..<luma.width where inside?.contains(x) != true {
                        let difference = Int(line[x]) - Int(rows[start + x])
                        sum += difference * difference
                        count += 1
                    }
                }
                error += Double(sum)
            }
        }
        guard count > 0 else { return nil }
        let decibels = error > 0 ? 10 * log10(255 * 255 * count / error) : mostDecibels
        return (min(decibels, mostDecibels), frames)
    }
}
