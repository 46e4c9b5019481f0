import CLibAV

/// A picture read from a file: upright, without transparency.
///
///     let still = try StillImage("portrait.jpg")
///     let frame = try still.cut(PictureRectangle(left: 0, top: 0, width: 800, height: 800), width: 512, height: 512)
public final class StillImage: Sendable {
    /// The width in pixels, after the rotation that the file asks for, cropped to even.
    public var width: Int { frame.width }
    /// The height in pixels, likewise.
    public var height: Int { frame.height }

    private let frame: VideoFrame

    /// The colours of every picture that is made from a still: limited luma range, BT.709.
    public static let color = ColorDescription(
        isFullRange: false, matrix: "bt709", primaries: "bt709", transfer: "bt709")

    /// Reads a JPEG, PNG or WebP file, or any other that holds one picture; transparent parts become white.
    ///
    /// - Throws: `MediaError` of code `fileUnreadable`, `imageInvalid` for other files and damaged pictures, and
    ///   `resolutionUnsupported` for a picture that is too large, before anything is decoded.
    public init(_ path: String) throws {
        do {
            let reader = try VideoReader(path)
            guard reader.isStillImage else {
                throw MediaError.imageInvalid("The file is not a picture but a video.", detail: path)
            }
            guard let frame = try reader.next() else {
                throw MediaError.imageInvalid("The picture cannot be decoded.", detail: path)
            }
            self.frame = frame
        } catch let error as MediaError where error.code == .videoInvalid {
            throw MediaError.imageInvalid(
                "The file is not a picture that can be read, or it is damaged.", detail: "\(error)")
        }
    }

    /// A part of the picture at another size. Places outside the picture are filled with the part itself, enlarged,
    /// blurred and darkened.
    ///
    /// - Parameters:
    ///   - piece: The part in pixels of the picture; may reach beyond it, but must overlap it.
    ///   - width: Of the result in pixels; even.
    ///   - height: Of the result in pixels; even.
    /// - Throws: `MediaError` of code `imageInvalid` when there is no memory or libavfilter is missing.
    public func cut(_ piece: PictureRectangle, width: Int, height: Int) throws -> VideoFrame {
        let inside = piece.clamped(width: self.width, height: self.height)
        let scale = (x: Double(width) / Double(piece.width), y: Double(height) / Double(piece.height))
        func scaled(_ width: Int, _ height: Int) -> String {
            FrameFilter.lanczos(width: width, height: height, colors: colors)
        }
        let crop = "crop=\(inside.width):\(inside.height):\(inside.left):\(inside.top):exact=1"
        if inside == piece {
            return try filtered("\(crop),\(scaled(width, height)),format=yuv420p", width: width, height: height)
        }
        func even(_ value: Double) -> Int { max(2, Int(value.rounded()) & ~1) }
        let (innerWidth, innerHeight) = (
            min(even(Double(inside.width) * scale.x), width), min(even(Double(inside.height) * scale.y), height)
        )
        let left = min(max(even(Double(inside.left - piece.left) * scale.x + 2) - 2, 0), width - innerWidth)
        let top = min(max(even(Double(inside.top - piece.top) * scale.y + 2) - 2, 0), height - innerHeight)
        let blur = max(2, min(width, height) / 12)
        return try filtered(
            """
            \(crop),split[a][b];[a]\(scaled(width, height)),format=yuv420p,\
            boxblur=\(min(blur, min(width, height) / 4 - 1)):2,eq=brightness=-0.06[c];\
            [b]\(scaled(innerWidth, innerHeight)),format=yuv420p[d];[c][d]overlay=\(left):\(top),format=yuv420p
            """, width: width, height: height)
    }

    /// Options of `scale` that convert the picture's colours to `color`.
    private var colors: [String] {
        [
            "in_range=\(frame.isFullRange ? "pc" : "tv")", "out_range=tv",
            "in_color_matrix=\(FrameFilter.knownMatrix(frame.matrix))", "out_color_matrix=bt709",
        ]
    }

    /// The whole picture at a larger size, scaled by Lanczos' method and sharpened.
    ///
    /// - Parameters:
    ///   - width: Even.
    ///   - height: Even.
    /// - Throws: `MediaError` when there is no memory or libavfilter is missing.
    public func upscaled(width: Int, height: Int) throws -> VideoFrame {
        let steps = [
            FrameFilter.lanczos(width: width, height: height, colors: colors),
            FrameFilter.sharpening(factor: Double(height) / Double(self.height)), "format=yuv420p",
        ]
        return try filtered(steps.joined(separator: ","), width: width, height: height)
    }

    private func filtered(_ steps: String, width: Int, height: Int) throws -> VideoFrame {
        let filter = try FrameFilter(
            steps, form: (frame.width, frame.height, frame.picture.pointee.format), threadCount: 2)
        return try filter.apply(frame, width: width, height: height, isFullRange: false, matrix: "bt709")
    }
}

/// A rectangle of whole pixels; may lie partly outside a picture.
public struct PictureRectangle: Codable, Hashable, Sendable {
    /// The first column; may be negative.
    public var left: Int
    /// The first row; may be negative.
    public var top: Int
    /// In pixels.
    public var width: Int
    /// In pixels.
    public var height: Int

    public init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    /// The part that lies inside a picture of the given size.
    func clamped(width: Int, height: Int) -> PictureRectangle {
        let (right, bottom) = (min(left + self.width, width), min(top + self.height, height))
        let (left, top) = (max(left, 0), max(top, 0))
        return PictureRectangle(left: left, top: top, width: right - left, height: bottom - top)
    }
}
