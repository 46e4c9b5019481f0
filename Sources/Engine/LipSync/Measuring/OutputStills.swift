import Foundation
import Media

/// Small pictures of an output, made while it is drawn.
final class OutputStills: @unchecked Sendable {
    /// Pictures in even steps: one for every three seconds, within these numbers.
    private static let secondsPerStep = 3.0
    private static let stepCounts = 4...12
    /// Pictures of gaps, at most.
    private static let mostGaps = 24
    private static let longerSide = 160
    private static let quantizer: Int32 = 8

    private let wanted: Set<Int>
    private let lock = NSLock()
    private var taken: [Int: String] = [:]

    /// - Parameter wanted: The frames of which pictures are made.
    init(_ wanted: [Int]) { self.wanted = Set(wanted) }

    /// The frames of an output that are shown in even steps.
    static func steps(frameCount: Int, framesPerSecond: Double) -> [Int] {
        let seconds = Double(frameCount) / framesPerSecond
        let wanted = Int((seconds / secondsPerStep).rounded(.up))
        let count = min(max(wanted, stepCounts.lowerBound), stepCounts.upperBound, frameCount)
        return (0..<count).map { (2 * $0 + 1) * frameCount / (2 * count) }
    }

    /// Of the frames that show gaps those that get a picture.
    static func gaps(_ frames: [Int]) -> [Int] { Array(frames.prefix(mostGaps)) }

    /// The pictures, by output frames; to be asked for when all are drawn.
    var pictures: [Int: String] { lock.withLock { taken } }

    /// Takes a finished frame where it is one of those.
    func take(_ index: Int, _ frame: VideoFrame) {
        guard wanted.contains(index) else { return }
        // A report without a picture is a report still.
        guard let bytes = try? PictureFile.jpeg(frame, longerSide: Self.longerSide, quantizer: Self.quantizer) else {
            return
        }
        let address = "data:image/jpeg;base64," + Data(bytes).base64EncodedString()
        lock.withLock { taken[index] = address }
    }
}
