import Media

/// Lays the label of an output over its frames.
struct LabelDrawing: Sendable {
    private let picture: LabelPicture
    private let corner: VisibleLabel.Corner
    /// The frames that show it.
    private let frames: Range<Int>

    init(
        _ label: VisibleLabel, _ corner: VisibleLabel.Corner, width: Int, height: Int, framesPerSecond: Double
    ) {
        picture = LabelPicture(label, pictureWidth: width, pictureHeight: height)
        self.corner = corner
        frames = 0..<(label.time == .always ? .max : Int((VisibleLabel.startSeconds * framesPerSecond).rounded()))
    }

    /// Lays the label over an output frame.
    ///
    /// - Throws: `MediaError` when there is no memory for a picture.
    func draw(_ index: Int, into frame: VideoFrame) throws {
        guard frames.contains(index) else { return }
        try frame.makeWritable()
        picture.draw(into: frame, corner)
    }
}
