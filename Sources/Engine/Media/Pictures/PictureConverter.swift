import CLibAV

/// Converts decoded pictures to the delivered form: upright, even size, 8-bit 4:2:0, one size, standard dynamic range.
///
/// A picture that has that form already is passed by reference. All others go through a libavfilter graph, which is
/// rebuilt when the stream changes its format. Not thread-safe.
final class PictureConverter {
    private struct Form: Equatable {
        var width: Int32
        var height: Int32
        var format: Int32
        var colorSpace: UInt32
    }

    private let facts: VideoFacts
    private let threadCount: Int
    private var graph = lipsmith_av_filter_graph()
    /// The graph after the tone curve; for high dynamic range only.
    private var secondGraph = lipsmith_av_filter_graph()
    private var graphForm: Form?

    init(_ facts: VideoFacts, threadCount: Int) {
        self.facts = facts
        self.threadCount = threadCount
    }

    deinit {
        lipsmith_av_filter_graph_close(&graph)
        lipsmith_av_filter_graph_close(&secondGraph)
    }

    /// A new reference to the delivered form of `picture`; the caller frees it.
    ///
    /// - Throws: `MediaError` of code `videoInvalid` when the picture cannot be converted or there is no memory.
    func convert(_ picture: UnsafeMutablePointer<AVFrame>) throws -> UnsafeMutablePointer<AVFrame> {
        guard let cropped = av_frame_clone(picture) else { throw Self.failure("no memory for a picture") }
        // Odd sizes lose their last column or row: the planes stay where they are.
        cropped.pointee.width &= ~1
        cropped.pointee.height &= ~1
        let form = Form(
            width: cropped.pointee.width, height: cropped.pointee.height, format: cropped.pointee.format,
            colorSpace: cropped.pointee.colorspace.rawValue)
        if isDirect(form) { return cropped }
        var input: UnsafeMutablePointer<AVFrame>? = cropped
        defer { av_frame_free(&input) }
        if form != graphForm { try rebuild(form) }
        cropped.pointee.pts = 0
        let output = isToneMapped ? try toneMap(cropped) : try Self.run(&graph, cropped)
        let info = facts.info
        guard output.pointee.width == info.width, output.pointee.height == info.height else {
            var output: UnsafeMutablePointer<AVFrame>? = output
            av_frame_free(&output)
            throw Self.failure("picture conversion: another size")
        }
        return output
    }

    private func toneMap(_ picture: UnsafeMutablePointer<AVFrame>) throws -> UnsafeMutablePointer<AVFrame> {
        let light = try Self.run(&graph, picture)
        var input: UnsafeMutablePointer<AVFrame>? = light
        defer { av_frame_free(&input) }
        guard av_frame_make_writable(light) >= 0 else { throw Self.failure("no memory for a picture") }
        ToneCurve.apply(to: light)
        light.pointee.pts = 0
        return try Self.run(&secondGraph, light)
    }

    private static func run(
        _ graph: inout lipsmith_av_filter_graph, _ picture: UnsafeMutablePointer<AVFrame>
    ) throws -> UnsafeMutablePointer<AVFrame> {
        var result = av_frame_alloc()
        guard let output = result else { throw failure("no memory for a picture") }
        let status = lipsmith_av_filter_graph_convert(&graph, picture, output)
        guard status >= 0 else {
            av_frame_free(&result)
            throw failure("picture conversion: \(Library.describe(status))")
        }
        return output
    }

    private func isDirect(_ form: Form) -> Bool {
        Self.isPlain(form.format) && facts.orientation.filters.isEmpty && !facts.info.color.isHighDynamicRange
            && form.width == facts.croppedSize.width && form.height == facts.croppedSize.height
    }

    private static func isPlain(_ format: Int32) -> Bool {
        format == AV_PIX_FMT_YUV420P.rawValue || format == AV_PIX_FMT_YUVJ420P.rawValue
    }

    // MARK: The graph

    private func rebuild(_ form: Form) throws {
        lipsmith_av_filter_graph_close(&graph)
        lipsmith_av_filter_graph_close(&secondGraph)
        graphForm = nil
        try open(&graph, form, steps(form))
        if isToneMapped {
            let (width, height) = facts.croppedSize
            let light = Form(
                width: Int32(width), height: Int32(height), format: AV_PIX_FMT_GBRPF32LE.rawValue,
                colorSpace: AVCOL_SPC_RGB.rawValue)
            try open(
                &secondGraph, light,
                ["zscale=tin=linear:t=bt709:pin=bt709:p=bt709:min=gbr:m=bt709:rin=full:r=limited", "format=yuv420p"]
                    + facts.orientation.filters + ["format=yuv420p"])
        }
        graphForm = form
    }

    private func open(_ graph: inout lipsmith_av_filter_graph, _ form: Form, _ steps: [String]) throws {
        let source = "video_size=\(form.width)x\(form.height):pix_fmt=\(form.format):time_base=1/1:pixel_aspect=1/1"
        let description = steps.joined(separator: ",")
        let status = lipsmith_av_filter_graph_open(&graph, source, description, Int32(threadCount))
        guard status >= 0 else { throw Self.failure("filter graph: \(description): \(Library.describe(status))") }
    }

    private static let scaling = "flags=bicubic+accurate_rnd+full_chroma_int+bitexact"

    private func steps(_ form: Form) -> [String] {
        let color = facts.info.color
        let (width, height) = facts.croppedSize
        let mustResize = form.width != width || form.height != height
        var steps = Self.isTransparent(form.format) ? [Self.flattening(form.format, color)] : []
        if isToneMapped {
            if mustResize { steps.append("scale=\(width):\(height):\(Self.scaling)") }
            return steps + Self.linearizing(color)
        }
        if mustResize || !Self.isPlain(form.format) {
            let colors =
                Self.isRGB(form.format) ? "out_color_matrix=bt709:out_range=tv" : Self.unchanged(color)
            steps += ["scale=\(width):\(height):\(Self.scaling):\(colors)", "format=yuv420p"]
        }
        steps += facts.orientation.filters
        steps.append("format=yuv420p|yuvj420p")
        return steps
    }

    /// Options of `scale` that keep range and matrix unchanged.
    private static func unchanged(_ color: ColorDescription) -> String {
        (color.isFullRange ? "in_range=pc:out_range=pc" : "in_range=tv:out_range=tv") + matrices(color.matrix)
    }

    /// Naming the same matrix on both sides keeps swscale from turning one into the other.
    private static func matrices(_ name: String) -> String {
        let known = [
            "bt709": "bt709", "smpte170m": "smpte170m", "bt470bg": "bt470", "bt2020nc": "bt2020", "fcc": "fcc",
        ]
        return known[name].map { ":in_color_matrix=\($0):out_color_matrix=\($0)" } ?? ""
    }

    /// Steps that lay a transparent picture on white: the negative of the premultiplied negative on black.
    private static func flattening(_ format: Int32, _ color: ColorDescription) -> String {
        let flat = "format=gbrap,negate,premultiply=inplace=1,negate,format=gbrp"
        guard !isRGB(format) else { return flat }
        // To RGB and back with the file's own matrix and range.
        let range = color.isFullRange ? "pc" : "tv"
        return "scale=\(scaling):in_range=\(range):out_range=pc\(matrices(color.matrix)),\(flat),"
            + "scale=\(scaling):in_range=pc:out_range=\(range)\(matrices(color.matrix)),format=yuv444p"
    }

    private static func isTransparent(_ format: Int32) -> Bool {
        let flags = av_pix_fmt_desc_get(AVPixelFormat(rawValue: format))?.pointee.flags ?? 0
        return flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0
    }

    private static func isRGB(_ format: Int32) -> Bool {
        let flags = av_pix_fmt_desc_get(AVPixelFormat(rawValue: format))?.pointee.flags ?? 0
        return flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0
    }

    /// Whether this FFmpeg has zimg (Debian's does); without it high dynamic range is converted without a tone curve.
    private static let canToneMap = lipsmith_av_has_filter("zscale") != 0

    private var isToneMapped: Bool { facts.info.color.isHighDynamicRange && Self.canToneMap }

    /// Steps to linear light with BT.709 primaries, the input of the tone curve.
    private static func linearizing(_ color: ColorDescription) -> [String] {
        let matrix = color.matrix == "unknown" ? "bt2020nc" : color.matrix
        let primaries = color.primaries == "unknown" ? "bt2020" : color.primaries
        let range = color.isFullRange ? "full" : "limited"
        return [
            "zscale=tin=\(color.transfer):min=\(matrix):pin=\(primaries):rin=\(range):t=linear:p=bt709:m=gbr:r=full"
                + ":npl=\(ToneCurve.unitNits)",
            "format=gbrpf32le",
        ]
    }

    private static func failure(_ detail: String) -> MediaError {
        .videoInvalid("The pictures of the video could not be converted.", detail: detail)
    }
}
