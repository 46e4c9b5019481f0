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

    private struct Kept {
        var ellipse: DrawnEllipse?
        var rows: [[UInt8]]
    }

    private let wanted: Set<Int>
    private let lock = NSLock()
    private var kept: [Int: Kept] = [:]

    init(frameCount: Int) {
        let decoded = min(max(frameCount / Self.decodedShare, Self.leastDecoded), Self.mostDecoded, frameCount)
        let step = max(5, decoded / Self.mostFrames)
        wanted = Set(stride(from: 0, to: decoded, by: step))
    }

    /// Keeps a source frame before it is drawn into.
    ///
    /// - Parameter filmed: The mouth that is drawn over; `nil` where the frame stays as it is.
    func keep(_ index: Int, _ frame: VideoFrame, _ filmed: MeasuredFace.Filmed?) {
        guard wanted.contains(index), filmed?.isConfined ?? true else { return }
        let luma = frame.luma
        let rows = stride(from: 0, to: luma.height, by: Self.rowStep).map {
            Array(UnsafeBufferPointer(start: luma.base + $0 * luma.stride, count: luma.width))
        }
        lock.withLock { kept[index] = Kept(ellipse: filmed.map(DrawnEllipse.init), rows: rows) }
    }

    /// Whether a frame is one of those that are kept.
    func wants(_ index: Int) -> Bool { wanted.contains(index) }

    /// The mean peak signal-to-noise ratio in decibels; `nil` where nothing could be compared.
    func psnrDecibels(ofFile path: String) -> (decibels: Double, frames: Int)? {
        guard let last = kept.keys.max(), let reader = try? VideoReader(path) else { return nil }
        var (error, count, frames) = (0.0, 0.0, 0)
        var index = 0
        while index <= last, let frame = try? reader.next() {
            defer { index += 1 }
            guard let kept = kept[index], let first = kept.rows.first, first.count == frame.width else { continue }
            let luma = frame.luma
            frames += 1
            for (number, row) in kept.rows.enumerated() {
                let y = number * Self.rowStep
                let inside = kept.ellipse.flatMap {
                    MouthPixels.columns(ofEllipse: $0.center, $0.radius, row: y, width: luma.width)
                }
                let line = luma.base + y * luma.stride
                var sum = 0
                for x in 0..<luma.width where inside?.contains(x) != true {
                    let difference = Int(line[x]) - Int(row[x])
                    sum += difference * difference
                    count += 1
                }
                error += Double(sum)
            }
        }
        guard count > 0 else { return nil }
        let decibels = error > 0 ? 10 * log10(255 * 255 * count / error) : Self.mostDecibels
        return (min(decibels, Self.mostDecibels), frames)
    }
}
