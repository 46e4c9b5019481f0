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
    private var pictures: [Int: String] = [:]
    /// The frames of the pictures in even steps.
    private let steps: [Int]

    /// - Parameter gapFrames: Frames that show gaps; those beyond the limit get no picture.
    init(frameCount: Int, framesPerSecond: Double, gapFrames: [Int]) {
        let seconds = Double(frameCount) / framesPerSecond
        let wanted = Int((seconds / Self.secondsPerStep).rounded(.up))
        let count = min(max(wanted, Self.stepCounts.lowerBound), Self.stepCounts.upperBound, frameCount)
        steps = (0..<count).map { (2 * $0 + 1) * frameCount / (2 * count) }
        self.wanted = Set(steps + gapFrames.prefix(Self.mostGaps))
    }

    /// Takes a finished frame where it is one of those.
    func take(_ index: Int, _ frame: VideoFrame) {
        guard wanted.contains(index) else { return }
        // A report without a picture is a report still.
        guard let bytes = try? PictureFile.jpeg(frame, longerSide: Self.longerSide, quantizer: Self.quantizer) else {
            return
        }
        let address = "data:image/jpeg;base64," + Data(bytes).base64EncodedString()
        lock.withLock { pictures[index] = address }
    }

    /// The picture of a frame.
    func picture(_ index: Int) -> String? { lock.withLock { pictures[index] } }

    /// The pictures in even steps.
    func stills(framesPerSecond: Double) -> [RenderReport.Still] {
        steps.compactMap { index in
            picture(index).map {
                .init(frame: index, seconds: (Double(index) / framesPerSecond).rounded(toPlaces: 3), picture: $0)
            }
        }
    }
}
