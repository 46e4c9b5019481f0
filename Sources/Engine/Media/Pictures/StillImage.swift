import CLibAV

/// A single picture that was read from a file: upright, without transparency.
public final class StillImage: Sendable {
    /// Pixels in a row, after the turn that the file asks for, cropped to even.
    public var width: Int { frame.width }
    /// Number of rows, likewise.
    public var height: Int { frame.height }

    private let frame: VideoFrame

    /// What every piece cut from a still has: standard luma range, BT.709.
    public static let color = ColorDescription(
        isFullRange: false, matrix: "bt709", primaries: "bt709", transfer: "bt709")

    /// Reads a JPEG, PNG or WebP file, or any other that holds one picture; transparent parts become white.
    ///
    /// Throws `fileUnreadable`, `imageInvalid` for what is no such picture or a broken one, and `resolutionUnsupported`
    /// for one that is too large, before anything is decoded.
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

    /// A piece of the picture at another size. What lies outside the picture is filled with its blurred, enlarged self.
    ///
    /// - Parameters:
    ///   - piece: In pixels of the picture; may reach beyond it.
    ///   - width: Even.
    ///   - height: Even.
    /// - Throws: `MediaError` when there is no memory or libavfilter is missing.
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

    /// From the picture's own colours to those of every piece.
    private var colors: [String] {
        [
            "in_range=\(frame.isFullRange ? "pc" : "tv")", "out_range=tv",
            "in_color_matrix=\(FrameFilter.knownMatrix(frame.matrix))", "out_color_matrix=bt709",
        ]
    }

    /// The whole picture at a larger size, by Lanczos' method, with its edges sharpened.
    ///
    /// - Parameters:
    ///   - width: Even.
    ///   - height: Even.
    /// - Throws: `MediaError` when there is no memory or libavfilter is missing.
    public func enlarged(width: Int, height: Int) throws -> VideoFrame {
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

/// A rectangle of whole pixels.
public struct PictureRectangle: Codable, Hashable, Sendable {
    /// The first column; may be negative.
    public var left: Int
    /// The first row; may be negative.
    public var top: Int
    /// Pixels across.
    public var width: Int
    /// Pixels down.
    public var height: Int

    /// Makes a rectangle.
    public init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    /// The part inside a picture.
    func clamped(width: Int, height: Int) -> PictureRectangle {
        let (right, bottom) = (min(left + self.width, width), min(top + self.height, height))
        let (left, top) = (max(left, 0), max(top, 0))
        return PictureRectangle(left: left, top: top, width: right - left, height: bottom - top)
    }
}
