import Media
import Synchronization

/// Small pictures of what is being drawn, for whoever watches: one a second at most.
final class RenderPreview: Sendable {
    private static let interval = Duration.seconds(1)
    private static let longerSide = 480
    /// A larger picture is not shown: the parent counts what its child says.
    private static let mostBytes = 128 << 10

    private let sink: @Sendable ([UInt8]) -> Void
    private let newest = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter sink: Takes each picture, a JPEG; called on the thread that has drawn it.
    init(_ sink: @escaping @Sendable ([UInt8]) -> Void) { self.sink = sink }

    /// Offers a finished frame.
    func offer(_ frame: VideoFrame) {
        let isDue = newest.withLock { newest in
            let now = ContinuousClock.now
            if let newest, now - newest < Self.interval { return false }
            newest = now
            return true
        }
        guard isDue, let bytes = try? PictureFile.jpeg(frame, longerSide: Self.longerSide),
            bytes.count <= Self.mostBytes
        else { return }
        sink(bytes)
    }
}
