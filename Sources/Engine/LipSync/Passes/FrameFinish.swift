import Media

/// Who looks at the frames of a render while they are made.
struct FrameWatch: Sendable {
    /// `nil` where nobody watches.
    let preview: RenderPreview?
    /// `nil` where nobody asks what the video looks like.
    let fingerprint: FingerprintRecorder?

    init(_ observer: RenderObserver) {
        preview = observer.onPreview.map(RenderPreview.init)
        fingerprint = observer.fingerprint
    }
}

/// What happens to a frame of an output between being drawn and being encoded: the label is laid over it, and who watches looks
/// at it.
struct FrameFinish: Sendable {
    /// `nil` where people are shown none.
    let label: LabelDrawing?
    let watch: FrameWatch
    /// Of the output.
    let framesPerSecond: Double

    /// Finishes an output frame.
    ///
    /// - Throws: `MediaError` when there is no memory for a picture.
    func finish(_ index: Int, _ frame: VideoFrame) throws {
        try label?.draw(index, into: frame)
        watch.fingerprint?.see(index, frame, framesPerSecond: framesPerSecond)
        watch.preview?.offer(frame)
    }
}
