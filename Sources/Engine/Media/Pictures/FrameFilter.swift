import CLibAV

/// A chain of libavfilter that turns one picture into one picture. One thread at a time.
final class FrameFilter {
    private let steps: String
    private var graph = lipsmith_av_filter_graph()

    /// Builds the chain.
    ///
    /// - Parameters:
    ///   - steps: A list of filters.
    ///   - form: Width, height and pixel format of the pictures that come in.
    ///   - threadCount: How many threads filters may use.
    /// - Throws: `MediaError` of code `imageInvalid` where libavfilter is missing.
    init(_ steps: String, form: (width: Int, height: Int, format: Int32), threadCount: Int32) throws {
        self.steps = steps
        let source =
            "video_size=\(form.width)x\(form.height):pix_fmt=\(form.format):time_base=1/1:pixel_aspect=1/1"
        let status = lipsmith_av_filter_graph_open(&graph, source, steps, threadCount)
        guard status >= 0 else { throw failure(status) }
    }

    deinit { lipsmith_av_filter_graph_close(&graph) }

    /// Turns a picture into one of the size that the chain makes.
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

    /// Scaling by Lanczos' method, the same on every processor.
    static func lanczos(width: Int, height: Int, colors: [String]) -> String {
        "scale=\(width):\(height):flags=lanczos+accurate_rnd+full_chroma_int+bitexact:"
            + colors.joined(separator: ":")
    }

    /// What an enlargement loses in crispness; more of it makes halos.
    static func sharpening(factor: Double) -> String { "unsharp=5:5:\(min(max(0.3 * factor, 0.3), 0.9))" }

    /// A matrix that the scaler knows; what files do not say is that of old television, as players take it.
    static func knownMatrix(_ name: String) -> String {
        switch name {
        case "bt709": "bt709"
        case "bt2020nc": "bt2020"
        default: "smpte170m"
        }
    }
}
