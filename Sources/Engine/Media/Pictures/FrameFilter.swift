import CLibAV

/// A chain of libavfilter filters that makes one picture of each picture. Used by one thread at a time.
final class FrameFilter {
    private let steps: String
    private var graph = lipsmith_av_filter_graph()

    /// Builds the chain.
    ///
    /// - Parameters:
    ///   - steps: Filters in libavfilter's notation, separated by commas.
    ///   - form: Width and height in pixels and pixel format (`AVPixelFormat`) of the input.
    ///   - threadCount: The threads that filters may use.
    /// - Throws: `MediaError` of code `imageInvalid` where libavfilter is missing.
    init(_ steps: String, form: (width: Int, height: Int, format: Int32), threadCount: Int32) throws {
        self.steps = steps
        let source =
            "video_size=\(form.width)x\(form.height):pix_fmt=\(form.format):time_base=1/1:pixel_aspect=1/1"
        let status = lipsmith_av_filter_graph_open(&graph, source, steps, threadCount)
        guard status >= 0 else { throw failure(status) }
    }

    deinit { lipsmith_av_filter_graph_close(&graph) }

    /// The picture after the chain, whose output has the given size in pixels.
    ///
    /// - Throws: `MediaError` of code `imageInvalid` when there is no memory, or the chain makes another size.
    func apply(
        _ frame: VideoFrame, width: Int, height: Int, isFullRange: Bool, matrix: String
    ) throws -> VideoFrame {
        var input = av_frame_clone(frame.picture)
        defer { av_frame_free(&input) }
        var result = av_frame_alloc()
        guard let input, let output = result else {
            av_frame_free(&result)
            throw failure(lipsmith_av_error_no_memory)
        }
        input.pointee.pts = 0
        let status = lipsmith_av_filter_graph_convert(&graph, input, output)
        guard status >= 0, output.pointee.width == width, output.pointee.height == height else {
            av_frame_free(&result)
            throw failure(status)
        }
        return VideoFrame(adopting: output, index: frame.index, isFullRange: isFullRange, matrix: matrix)
    }

    private func failure(_ status: Int32) -> MediaError {
        MediaError.imageInvalid("The picture could not be scaled.", detail: "\(steps): \(Library.describe(status))")
    }

    // MARK: Steps

    /// A step that scales by Lanczos' method, with the same result on every processor.
    ///
    /// - Parameter colors: Further options of the filter `scale` for ranges and matrices.
    static func lanczos(width: Int, height: Int, colors: [String]) -> String {
        "scale=\(width):\(height):flags=lanczos+accurate_rnd+full_chroma_int+bitexact:"
            + colors.joined(separator: ":")
    }

    /// A step that sharpens an enlarged picture: an amount of 0.3 per factor of enlargement, 0.3…0.9; larger amounts
    /// make halos. Unmeasured.
    static func sharpening(factor: Double) -> String { "unsharp=5:5:\(min(max(0.3 * factor, 0.3), 0.9))" }

    /// The name of a matrix as the filter `scale` takes it; an unknown matrix is read as BT.601, as players do.
    static func knownMatrix(_ name: String) -> String {
        switch name {
        case "bt709": "bt709"
        case "bt2020nc": "bt2020"
        default: "smpte170m"
        }
    }
}
