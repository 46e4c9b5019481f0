import Media

/// A small picture of a video.
public enum Thumbnail {
    /// Its longer side in pixels.
    static let side = 320

    /// Where the small picture of an output stands.
    public static func path(beside output: String) -> String { output + ".jpg" }

    /// Writes the first frame of a video, small, as a JPEG file, which must not exist.
    ///
    /// - Throws: `MediaError`.
    public static func write(of video: String, to path: String) throws {
        let reader = try VideoReader(video, threadCount: 1)
        guard let frame = try reader.next() else {
            throw MediaError(
                code: .videoInvalid, message: "The video has no picture.", suggestion: "Send a video.", detail: video)
        }
        let scale = min(1, Double(side) / Double(max(frame.width, frame.height)))
        try PictureFile.writeJPEG(
            frame, width: Int((Double(frame.width) * scale).rounded()),
            height: Int((Double(frame.height) * scale).rounded()), to: path)
    }
}
