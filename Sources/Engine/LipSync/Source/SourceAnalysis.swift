import Face
import Media
import Records
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
    /// The first frame of each shot.
    private(set) var shotStarts: [Int] = []
    /// Frames at which decoding can begin, as far as they were met.
    var keyFrames: [Int] = []
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

    mutating func note(_ number: Int, hasFace: Bool, beginsShot: Bool) {
        if beginsShot { shotStarts.append(number) }

        if number >= states.count {
            states.append(contentsOf: repeatElement(.unread, count: number + 1 - states.count))
        }
        states[number] = hasFace ? .face : .faceless
        readCount += 1
    }

    /// Adds what was learnt of a span behind the frames of this one.
    ///
    /// - Parameters:
    ///   - shotOffset: What is added to the numbers of the span's shots.
    ///   - identity: The identity that one of the span has here.
    mutating func append(_ span: SourceAnalysis, shotOffset: Int, keepsManyPictures: Bool, identity: (Int) -> Int) {
        if span.states.count > states.count {
            states.append(contentsOf: repeatElement(.unread, count: span.states.count - states.count))
        }
        for (number, state) in span.states.enumerated() where state != .unread { states[number] = state }
        readCount += span.readCount
        endFrame = span.endFrame
        shotStarts += span.shotStarts
        keyFrames = Set(keyFrames).union(span.keyFrames).sorted()
        damagedPacketCount += span.damagedPacketCount
        decodeSeconds += span.decodeSeconds
        trackSeconds += span.trackSeconds
        for record in span.records {
            let (shot, identity) = (record.shot + shotOffset, identity(record.identity))
            let known = records.lastIndex { $0.identity == identity && $0.shot == shot }
            if known == nil { records.append(record.empty(shot, identity, keepsManyPictures: keepsManyPictures)) }
            records[known ?? records.count - 1].append(record)
        }
    }
}

extension SourceAnalysis: Codable {
    // The frames themselves are left out.
    private enum CodingKeys: CodingKey {
        case states, readCount, endFrame, records, shotStarts, keyFrames, damagedPacketCount, decodeSeconds
        case trackSeconds
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        states = try members.decodePacked(UInt8.self, forKey: .states).map { state in
            guard let state = FrameState(rawValue: state) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .states, in: members, debugDescription: "state \(state)")
            }
            return state
        }
        readCount = try members.decode(Int.self, forKey: .readCount)
        endFrame = try members.decodeIfPresent(Int.self, forKey: .endFrame)
        records = try members.decode([FaceRecord].self, forKey: .records)
        shotStarts = try members.decode([Int].self, forKey: .shotStarts)
        keyFrames = try members.decode([Int].self, forKey: .keyFrames)
        damagedPacketCount = try members.decode(Int.self, forKey: .damagedPacketCount)
        decodeSeconds = try members.decode(Double.self, forKey: .decodeSeconds)
        trackSeconds = try members.decode(Double.self, forKey: .trackSeconds)
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodePacked(states.map(\.rawValue), forKey: .states)
        try members.encode(readCount, forKey: .readCount)
        try members.encodeIfPresent(endFrame, forKey: .endFrame)
        try members.encode(records, forKey: .records)
        try members.encode(shotStarts, forKey: .shotStarts)
        try members.encode(keyFrames, forKey: .keyFrames)
        try members.encode(damagedPacketCount, forKey: .damagedPacketCount)
        try members.encode(decodeSeconds, forKey: .decodeSeconds)
        try members.encode(trackSeconds, forKey: .trackSeconds)
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

    /// How one span of a clip is analysed.
    struct Span: Sendable {
        /// The first frame that counts. Those before it only show the tracker what it follows.
        var firstFrame: Int
        /// With what the tracker begins.
        var state: FaceTrackerState
        var searchesTiles: Bool
    }

    /// What a tracker remembered before and behind the frames of a span.
    struct SpanStates: Sendable {
        var entry: FaceTrackerState
        var exit: FaceTrackerState
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
        let whole = Span(firstFrame: 0, state: FaceTrackerState(), searchesTiles: false)
        let (found, _) = try analyze(clip, wanted, whole, isSpan: false) { done in
            update(done)
            onFrame(done, expected)
        }
        let framesPerSecond = clip.info.frameRate.value
        let isFound = !found.records.credible(framesPerSecond: framesPerSecond, frameCount: found.readCount).isEmpty
        guard found.readCount > 0, !isFound, FaceTracker.findsMoreInTiles(clip.info.width, clip.info.height) else {
            return found
        }
        // A clip without a face would be refused: it is worth a second, closer look.
        let closer = Span(firstFrame: 0, state: FaceTrackerState(), searchesTiles: true)
        return try analyze(clip, wanted, closer, isSpan: false) { done in
            update(done)
            // Progress never goes back.
            onFrame(max(done, min(found.readCount, expected) - 1), expected)
        }.0
    }

    /// Reads one span of a clip. What it gives is put together with other spans by `SourceAnalysis.append`.
    ///
    /// - Parameter wanted: The frames that are looked at, those before the span's first included.
    /// - Throws: as `analyze`.
    func analyze(
        _ clip: SourceClip, _ wanted: WantedFrames, span: Span, onFrame: (_ done: Int, _ expected: Int) -> Void
    ) throws -> (SourceAnalysis, SpanStates) {
        let expected = wanted.expectedCount
        return try analyze(clip, wanted, span, isSpan: true) { onFrame($0, expected) }
    }

    private func analyze(
        _ clip: SourceClip, _ wanted: WantedFrames, _ span: Span, isSpan: Bool, _ onFrame: (_ done: Int) -> Void
    ) throws -> (SourceAnalysis, SpanStates) {
        let cursor = Cursor(clip, wanted)
        let keepClock = BusyClock()
        var analysis = SourceAnalysis()
        var indices: [Int: Int] = [:]
        let states = Mutex(SpanStates(entry: span.state, exit: span.state))
        var shot: Int?
        let timings = try FramePipeline(cancellation: cancellation).run(
            source: { _ in try cursor.next() },
            makeTransform: {
                let tracker = FaceTracker(models, searchesTiles: span.searchesTiles, state: span.state)
                return { _, item in
                    let tracked = try tracker.track(item.frame)
                    let state = tracker.state
                    states.withLock { states in
                        states.exit = state
                        if item.number < span.firstFrame { states.entry = state }
                    }
                    return (item, tracked)
                }
            },
            sink: { done, item in
                let beginsShot = item.1.shot != shot ?? span.state.shot
                shot = item.1.shot
                guard item.0.number >= span.firstFrame else { return onFrame(done + 1) }
                keepClock.measure {
                    analysis.note(item.0.number, hasFace: !item.1.faces.isEmpty, beginsShot: beginsShot)
                    keep(item.1, of: item.0, in: &analysis, &indices, isSpan: isSpan)
                }
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
        analysis.keyFrames = clip.reader.knownKeyFrames
        return (analysis, states.withLock { $0 })
    }

    private func keep(
        _ tracked: TrackedFrame, of item: NumberedFrame, in analysis: inout SourceAnalysis,
        _ indices: inout [Int: Int], isSpan: Bool
    ) {
        let (number, frame) = (item.number, item.frame)
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
                        keepsManyPictures: keepsManyPictures, isSpan: isSpan))
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
