import Face
import Media
import Rendering
import Synchronization

/// What the first pass learnt about the picture.
struct SourceAnalysis: Sendable {
    /// What is known of a source frame.
    enum FrameState: UInt8 { case unread, faceless, face }

    /// The state of each source frame up to the last one that was read.
    private(set) var states: [FrameState] = []
    /// Frames read.
    private(set) var readCount = 0
    /// Frames of the clip, where its end was met.
    var endFrame: Int?
    var records: [FaceRecord] = []
    /// The frames that were read, where all of them fit into memory.
    var frames = KeptFrames(budgetBytes: EngineLimits.keptFrameBytes)
    var damagedPacketCount = 0
    var decodeSeconds = 0.0
    var trackSeconds = 0.0

    /// Whether a face was seen in a source frame.
    func hasFace(_ number: Int) -> Bool { number < states.count && states[number] == .face }

    /// Frames of those read that show a face.
    var faceCount: Int { states.count { $0 == .face } }

    /// The frames from the clip's first that were read without a gap.
    var wholeCount: Int { states.firstIndex(of: .unread) ?? states.count }

    /// Takes the frames out: they are large, and each goes as soon as it was shown for the last time.
    mutating func takeFrames() -> KeptFrames {
        defer { frames = KeptFrames(budgetBytes: 0) }
        return frames
    }

    mutating func note(_ number: Int, hasFace: Bool) {
        if number >= states.count {
            states.append(contentsOf: repeatElement(.unread, count: number + 1 - states.count))
        }
        states[number] = hasFace ? .face : .faceless
        readCount += 1
    }
}

/// The first pass: decodes the wanted stretches of a clip on one thread, follows faces on another, and keeps what the
/// second pass needs of them on the caller's.
struct SourceAnalyzer: Sendable {
    /// How often it is asked anew how many frames will be wanted, frames.
    private static let progressInterval = 16

    let models: FaceModels
    let cancellation: Cancellation
    /// Whether mouth pictures are wanted.
    let keepsPictures: Bool
    /// Whether twice as many of them are kept.
    var keepsManyPictures = false
    /// Whether occluders will be looked for.
    var keepsThumbnails = false
    /// Whether a feeling will be shown.
    var keepsExpression = false
    /// Whether the frames themselves are kept, where all of them fit into memory.
    var keepsFrames = false

    private struct NumberedFrame: Sendable {
        var number: Int
        var frame: VideoFrame
    }

    /// Reads a clip.
    ///
    /// - Parameters:
    ///   - wanted: The frames that are looked at.
    ///   - onFrame: Called with the number of frames done.
    /// - Throws: `MediaError`, `InferenceError`, `RenderFailure` of code `cancelled`.
    func analyze(
        _ clip: SourceClip, _ wanted: WantedFrames, onFrame: (_ done: Int, _ expected: Int) -> Void
    ) throws -> SourceAnalysis {
        // Of a plan with many parts the sum is not made anew for every frame.
        var expected = wanted.expectedCount
        func update(_ done: Int) { if done % Self.progressInterval == 0 { expected = wanted.expectedCount } }
        let found = try analyze(clip, wanted, searchesTiles: false) { done in
            update(done)
            onFrame(done, expected)
        }
        let framesPerSecond = clip.info.frameRate.value
        let isFound = !found.records.credible(framesPerSecond: framesPerSecond, frameCount: found.readCount).isEmpty
        guard found.readCount > 0, !isFound, FaceTracker.findsMoreInTiles(clip.info.width, clip.info.height) else {
            return found
        }
        // A clip without a face would be refused: it is worth a second, closer look.
        return try analyze(clip, wanted, searchesTiles: true) { done in
            update(done)
            // Progress never goes back.
            onFrame(max(done, min(found.readCount, expected) - 1), expected)
        }
    }

    private func analyze(
        _ clip: SourceClip, _ wanted: WantedFrames, searchesTiles: Bool, _ onFrame: (_ done: Int) -> Void
    ) throws -> SourceAnalysis {
        let cursor = Cursor(clip, wanted)
        let keepClock = BusyClock()
        var analysis = SourceAnalysis()
        var indices: [Int: Int] = [:]
        let timings = try FramePipeline(cancellation: cancellation).run(
            source: { _ in try cursor.next() },
            makeTransform: {
                let tracker = FaceTracker(models, searchesTiles: searchesTiles)
                return { _, item in (item, try tracker.track(item.frame)) }
            },
            sink: { done, item in
                keepClock.measure { keep(item.1, of: item.0, in: &analysis, &indices) }
                if keepsFrames {
                    try analysis.frames.add(
                        item.0.frame, number: item.0.number, expectedCount: wanted.expectedCount)
                }
                onFrame(done + 1)
            })
        analysis.endFrame = cursor.endFrame
        analysis.damagedPacketCount = clip.reader.damagedPacketCount
        analysis.decodeSeconds = cursor.clock.seconds
        analysis.trackSeconds = timings.transformSeconds + keepClock.seconds
        return analysis
    }

    private func keep(
        _ tracked: TrackedFrame, of item: NumberedFrame, in analysis: inout SourceAnalysis, _ indices: inout [Int: Int]
    ) {
        let (number, frame) = (item.number, item.frame)
        analysis.note(number, hasFace: !tracked.faces.isEmpty)
        for face in tracked.faces {
            let index: Int
            if let known = indices[face.identity] {
                index = known
            } else {
                index = analysis.records.count
                indices[face.identity] = index
                analysis.records.append(
                    FaceRecord(
                        shot: tracked.shot, identity: face.identity, pictureSide: max(frame.width, frame.height),
                        keepsManyPictures: keepsManyPictures))
            }
            analysis.records[index].add(
                face, number: number, frame: frame, keepsPictures: keepsPictures, keepsThumbnails: keepsThumbnails,
                keepsExpression: keepsExpression)
        }
    }

    /// Goes through the wanted frames of a clip, on the thread that decodes.
    private final class Cursor: Sendable {
        private let clip: SourceClip
        private let wanted: WantedFrames
        private let longest: Int
        /// Time spent on decoding, without waiting for the sounds.
        let clock = BusyClock()
        private let state = Mutex((position: Int?.none, endFrame: Int?.none))

        init(_ clip: SourceClip, _ wanted: WantedFrames) {
            self.clip = clip
            self.wanted = wanted
            longest = Int(EngineLimits.mediaSeconds * clip.info.frameRate.value)
        }

        /// Where the clip's end was met, if it was.
        var endFrame: Int? { state.withLock { $0.endFrame } }

        func next() throws -> NumberedFrame? {
            let position = state.withLock { $0.position }
            guard let number = wanted.next(from: position ?? 0) else { return nil }
            let read = try clock.measure {
                if number != position { try clip.reader.seek(toFrame: number) }
                return try clip.reader.next()
            }
            guard let frame = read else {
                state.withLock { $0.endFrame = number }
                return nil
            }
            guard number < longest else { throw SourceClip.tooLong(clip.path) }
            state.withLock { $0.position = number + 1 }
            return NumberedFrame(number: number, frame: frame)
        }
    }
}
