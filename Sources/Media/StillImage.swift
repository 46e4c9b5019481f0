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

    /// Reads a JPEG, PNG or WebP file; transparent parts become white.
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
        let colors = [
            "in_range=\(frame.isFullRange ? "pc" : "tv")", "out_range=tv",
            "in_color_matrix=\(Self.knownMatrix(frame.matrix))", "out_color_matrix=bt709",
        ].joined(separator: ":")
        func scaled(_ width: Int, _ height: Int) -> String {
            "scale=\(width):\(height):flags=lanczos+accurate_rnd+full_chroma_int+bitexact:\(colors)"
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

    private static func knownMatrix(_ name: String) -> String {
        switch name {
        case "bt709": "bt709"
        case "bt2020nc": "bt2020"
        default: "smpte170m"
        }
    }

    private func filtered(_ steps: String, width: Int, height: Int) throws -> VideoFrame {
        let format = frame.picture.pointee.format
        let source =
            "video_size=\(frame.width)x\(frame.height):pix_fmt=\(format):time_base=1/1:pixel_aspect=1/1"
        var graph = lipsmith_av_filter_graph()
        defer { lipsmith_av_filter_graph_close(&graph) }
        var status = lipsmith_av_filter_graph_open(&graph, source, steps, 2)
        var result = av_frame_alloc()
        var input = av_frame_clone(frame.picture)
        defer { av_frame_free(&input) }
        guard status >= 0, let output = result, let input else {
            av_frame_free(&result)
            throw MediaError.imageInvalid(
                "The picture could not be scaled.", detail: "\(steps): \(Library.describe(status))")
        }
        input.pointee.pts = 0
        status = lipsmith_av_filter_graph_convert(&graph, input, output)
        guard status >= 0, output.pointee.width == width, output.pointee.height == height else {
            av_frame_free(&result)
            throw MediaError.imageInvalid(
                "The picture could not be scaled.", detail: "\(steps): \(Library.describe(status))")
        }
        return VideoFrame(adopting: output, index: 0, isFullRange: false, matrix: "bt709")
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
