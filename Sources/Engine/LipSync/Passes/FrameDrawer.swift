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
    ///
    /// - Throws: what hinders it, such as `InferenceError` where a network cannot be loaded.
    func makeDrawer() throws -> any FrameDrawer
}

extension FrameDrawing {
    /// What one thread of a pipeline does with a frame: it is drawn, measured where that is wanted, and finished.
    ///
    /// - Parameter first: The output frame that the pipeline counts as 0.
    func makeTransform(
        from first: Int = 0, _ measurement: RenderMeasurement?, _ finish: FrameFinish
    ) throws -> (Int, VideoFrame) throws -> VideoFrame {
        let drawer = try makeDrawer()
        return { number, frame in
            let index = first + number
            if let measurement {
                try measurement.draw(index, into: frame) { try drawer.draw(index, into: frame) }
            } else {
                try drawer.draw(index, into: frame)
            }
            try finish.finish(index, frame)
            return frame
        }
    }
}

/// One way of drawing mouths into a clip: what an engine needs from the first pass, and what draws in the second one.
protocol DrawingProfile: Sendable {
    /// The name under which the engine offers it.
    var profile: EngineProfile { get }
    /// Mouths are made of the speaker's own pictures, so that the first pass keeps them.
    var usesPictures: Bool { get }
    /// The first pass keeps twice as many of them.
    var keepsManyPictures: Bool { get }

    /// What draws the planned mouths this way.
    ///
    /// - Throws: what hinders it, such as `InferenceError` where a network cannot be loaded.
    func drawing(_ context: DrawingContext) throws -> any FrameDrawing
}

/// What a drawing is made of.
struct DrawingContext: Sendable {
    /// The faces that speak, and a planned mouth for each output frame.
    let scenes: SceneSet
    let timeline: OutputTimeline
    let plan: RenderPlan
    /// Frames a second of the output.
    let framesPerSecond: Double
    /// Holds the networks.
    let installation: Installation
    let cancellation: Cancellation
}
