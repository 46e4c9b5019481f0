import CLibAV

/// One 8-bit plane of a picture. The memory belongs to the frame it came from.
public struct Plane: @unchecked Sendable {
    /// The first sample of the first row.
    public let base: UnsafeMutablePointer<UInt8>
    /// Samples in a row.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// Bytes from one row to the next.
    public let stride: Int

    /// Describes memory that the caller keeps alive.
    public init(base: UnsafeMutablePointer<UInt8>, width: Int, height: Int, stride: Int) {
        self.base = base
        self.width = width
        self.height = height
        self.stride = stride
    }
}

/// One picture, planar 8-bit 4:2:0: luma at full size, both chroma planes at half size. Width and height are even.
///
/// Wraps reference-counted memory of the decoder without copying. Reading is allowed from several threads at once;
/// writing only after `makeWritable` and by one thread.
public final class VideoFrame: @unchecked Sendable {
    /// The number of the frame at the reader's constant rate, from 0.
    public var index: Int
    /// In pixels; even.
    public let width: Int
    /// In pixels; even.
    public let height: Int
    /// Whether luma uses 0…255 instead of 16…235.
    public let isFullRange: Bool
    /// FFmpeg's name of the luma–chroma matrix (`bt709`, …); `unknown` if the file does not state it.
    public let matrix: String

    private(set) var picture: UnsafeMutablePointer<AVFrame>

    /// Makes a black picture.
    ///
    /// - Throws: `MediaError` of code `resolutionUnsupported` unless width and height are even, positive and at most
    ///   16384; `encodingFailed` when there is no memory.
    public init(width: Int, height: Int, isFullRange: Bool = false, matrix: String = "bt709") throws {
        guard width > 0, height > 0, width % 2 == 0, height % 2 == 0, width <= PictureLimits.stillSide,
            height <= PictureLimits.stillSide
        else { throw MediaError.resolutionUnsupported(width: width, height: height, isStillImage: true) }
        index = 0
        self.width = width
        self.height = height
        self.isFullRange = isFullRange
        self.matrix = matrix
        picture = try PicturePool.shared(width: width, height: height).picture()
        Self.fill(luma, with: isFullRange ? 0 : 16)
        Self.fill(blueChroma, with: 128)
        Self.fill(redChroma, with: 128)
    }

    /// Takes over `picture`, which must be even-sized 8-bit 4:2:0.
    init(adopting picture: UnsafeMutablePointer<AVFrame>, index: Int, isFullRange: Bool, matrix: String) {
        self.index = index
        self.picture = picture
        width = Int(picture.pointee.width)
        height = Int(picture.pointee.height)
        self.isFullRange = isFullRange
        self.matrix = matrix
    }

    deinit {
        var picture: UnsafeMutablePointer<AVFrame>? = picture
        av_frame_free(&picture)
    }

    /// The brightness plane; valid while the frame lives and until `makeWritable`.
    public var luma: Plane {
        Plane(base: picture.pointee.data.0!, width: width, height: height, stride: Int(picture.pointee.linesize.0))
    }

    /// The blue-difference plane, half size; valid while the frame lives and until `makeWritable`.
    public var blueChroma: Plane {
        Plane(
            base: picture.pointee.data.1!, width: width / 2, height: height / 2,
            stride: Int(picture.pointee.linesize.1))
    }

    /// The red-difference plane, half size; valid while the frame lives and until `makeWritable`.
    public var redChroma: Plane {
        Plane(
            base: picture.pointee.data.2!, width: width / 2, height: height / 2,
            stride: Int(picture.pointee.linesize.2))
    }

    /// Makes the frame's memory its own, by copying it if the decoder or another frame shares it. Required before
    /// writing.
    ///
    /// - Throws: `MediaError` of code `encodingFailed` when there is no memory.
    public func makeWritable() throws {
        if av_frame_is_writable(picture) > 0 { return }
        let own = try duplicatePicture()
        var shared: UnsafeMutablePointer<AVFrame>? = picture
        av_frame_free(&shared)
        picture = own
    }

    /// Bytes of the three planes, with the padding of their rows.
    package var byteCount: Int {
        [luma, blueChroma, redChroma].reduce(0) { $0 + $1.stride * $1.height }
    }

    /// Another frame over the same memory. `makeWritable` of either copies it while both live.
    package func reference() throws -> VideoFrame {
        guard let clone = av_frame_clone(picture) else { throw MediaError.encodingFailed("no memory for a picture") }
        return VideoFrame(adopting: clone, index: index, isFullRange: isFullRange, matrix: matrix)
    }

    /// A frame with the same content in its own memory.
    ///
    /// - Throws: `MediaError` of code `encodingFailed` when there is no memory.
    public func copy() throws -> VideoFrame {
        VideoFrame(adopting: try duplicatePicture(), index: index, isFullRange: isFullRange, matrix: matrix)
    }

    private func duplicatePicture() throws -> UnsafeMutablePointer<AVFrame> {
        let own = try PicturePool.shared(width: width, height: height).picture()
        let target = VideoFrame(adopting: own, index: 0, isFullRange: isFullRange, matrix: matrix)
        Self.copyRows(from: luma, to: target.luma)
        Self.copyRows(from: blueChroma, to: target.blueChroma)
        Self.copyRows(from: redChroma, to: target.redChroma)
        guard let result = av_frame_clone(own) else { throw MediaError.encodingFailed("no memory for a picture") }
        return result
    }

    private static func copyRows(from source: Plane, to target: Plane) {
        for row in 0..<source.height {
            (target.base + row * target.stride).update(from: source.base + row * source.stride, count: source.width)
        }
    }

    private static func fill(_ plane: Plane, with value: UInt8) {
        for row in 0..<plane.height { (plane.base + row * plane.stride).update(repeating: value, count: plane.width) }
    }
}
