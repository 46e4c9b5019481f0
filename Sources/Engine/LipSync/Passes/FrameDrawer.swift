import Media

/// Draws into the frames of an output, on one thread.
protocol FrameDrawer {
    /// Draws output frame `index` into the source frame that stands there.
    ///
    /// - Throws: `MediaError` when there is no memory for a picture.
    func draw(_ index: Int, into frame: VideoFrame) throws
}

/// What a profile has planned for all frames of an output: the second pass asks it for a drawer on each of its threads.
protocol FrameDrawing: Sendable {
    /// Makes a drawer with memory of its own.
    func makeDrawer() -> any FrameDrawer
}
