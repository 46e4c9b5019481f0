import CLibAV

/// Scales the pictures of a video up, by Lanczos' method with their edges sharpened. It adds no detail that was not
/// filmed. One thread at a time.
public final class VideoUpscaler {
    private let width: Int
    private let height: Int
    private var filter: FrameFilter?

    /// Makes an upscaler.
    ///
    /// - Parameters:
    ///   - width: Of the enlarged pictures in pixels; even.
    ///   - height: Of the enlarged pictures in pixels; even.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The picture at the larger size; range and matrix stay. All pictures must have the form of the first one.
    ///
    /// - Throws: `MediaError` when there is no memory or libavfilter is missing.
    public func upscale(_ frame: VideoFrame) throws -> VideoFrame {
        let filter = try self.filter ?? make(for: frame)
        self.filter = filter
        return try filter.apply(
            frame, width: width, height: height, isFullRange: frame.isFullRange, matrix: frame.matrix)
    }

    // A reader delivers all pictures of a file in one form, so the filter is made once.
    private func make(for frame: VideoFrame) throws -> FrameFilter {
        let range = frame.isFullRange ? "pc" : "tv"
        let steps = [
            FrameFilter.lanczos(
                width: width, height: height, colors: ["in_range=\(range)", "out_range=\(range)"]),
            FrameFilter.sharpening(factor: Double(height) / Double(frame.height)), "format=yuv420p|yuvj420p",
        ]
        return try FrameFilter(
            steps.joined(separator: ","), form: (frame.width, frame.height, frame.picture.pointee.format),
            threadCount: 2)
    }
}
