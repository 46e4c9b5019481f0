import Face
import Foundation
import Media
import Rendering

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

/// The first pass: decodes the wanted stretches of a clip on one thread and follows faces on another.
struct SourceAnalyzer: Sendable {
    private static let queuedFrames = 6

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

    private struct NumberedFrame: Sendable {
        var number: Int
        var frame: VideoFrame
    }

    /// Reads a clip.
    ///
    /// - Parameters:
    ///   - ranges: The source frames that are wanted, ascending and apart.
    ///   - isWanted: Whether a frame of them is still wanted; with the first that is not, reading ends.
    ///   - expectedCount: Frames that will be wanted, as far as that is known; `nil` for all of the ranges.
    ///   - onFrame: Called with the number of frames done.
    /// - Throws: `MediaError`, `InferenceError`, `RenderFailure` of code `cancelled`.
    func analyze(
        _ clip: SourceClip, ranges: [Range<Int>], isWanted: @escaping @Sendable (_ number: Int) -> Bool = { _ in true },
        expectedCount: (@Sendable () -> Int)? = nil,
        onFrame: @escaping @Sendable (_ done: Int, _ expected: Int) -> Void
    ) throws -> SourceAnalysis {
        let inRanges = ranges.reduce(0) { $0 + $1.clamped(to: 0..<clip.info.estimatedFrameCount).count }
        let expected = { min(inRanges, expectedCount?() ?? inRanges) }
        let found = try analyze(clip, ranges, searchesTiles: false, isWanted, expected) { onFrame($0, expected()) }
        let framesPerSecond = clip.info.frameRate.value
        let isFound = !found.records.credible(framesPerSecond: framesPerSecond, frameCount: found.readCount).isEmpty
        guard found.readCount > 0, !isFound, FaceTracker.findsMoreInTiles(clip.info.width, clip.info.height) else {
            return found
        }
        // A clip without a face would be refused: it is worth a second, closer look.
        return try analyze(clip, ranges, searchesTiles: true, isWanted, expected) { done in
            // Progress never goes back.
            onFrame(max(done, min(found.readCount, expected()) - 1), expected())
        }
    }

    private func analyze(
        _ clip: SourceClip, _ ranges: [Range<Int>], searchesTiles: Bool,
        _ isWanted: @escaping @Sendable (_ number: Int) -> Bool, _ expectedCount: () -> Int,
        _ onFrame: (_ done: Int) -> Void
    ) throws -> SourceAnalysis {
        let reader = clip.reader
        let queue = BoundedQueue<NumberedFrame>(capacity: Self.queuedFrames)
        let group = ThreadGroup { queue.close() }
        let decodeClock = BusyClock()
        let end = FoundEnd()
        group.start("decode") {
            try decode(clip, ranges, isWanted, into: queue, decodeClock, end)
            queue.close()
        }
        var analysis = SourceAnalysis()
        let tracker = FaceTracker(models, searchesTiles: searchesTiles)
        let trackClock = BusyClock()
        var indices: [Int: Int] = [:]
        do {
            while let (done, numbered) = queue.take() {
                let (number, frame) = (numbered.number, numbered.frame)
                let tracked = try trackClock.measure { try tracker.track(frame) }
                analysis.note(number, hasFace: !tracked.faces.isEmpty)
                for face in tracked.faces {
                    let index =
                        indices[face.identity]
                        ?? {
                            analysis.records.append(
                                FaceRecord(
                                    shot: tracked.shot, identity: face.identity,
                                    pictureSide: max(frame.width, frame.height),
                                    keepsManyPictures: keepsManyPictures))
                            indices[face.identity] = analysis.records.count - 1
                            return analysis.records.count - 1
                        }()
                    trackClock.measure {
                        analysis.records[index].add(
                            face, number: number, frame: frame, keepsPictures: keepsPictures,
                            keepsThumbnails: keepsThumbnails, keepsExpression: keepsExpression)
                    }
                }
                try analysis.frames.add(frame, number: number, expectedCount: expectedCount())
                onFrame(done + 1)
            }
        } catch {
            group.fail(error)
        }
        try group.wait()
        analysis.endFrame = end.frame
        analysis.damagedPacketCount = reader.damagedPacketCount
        analysis.decodeSeconds = decodeClock.seconds
        analysis.trackSeconds = trackClock.seconds
        return analysis
    }

    private func decode(
        _ clip: SourceClip, _ ranges: [Range<Int>], _ isWanted: (Int) -> Bool,
        into queue: BoundedQueue<NumberedFrame>, _ clock: BusyClock, _ end: FoundEnd
    ) throws {
        let longest = Int(EngineLimits.mediaSeconds * clip.info.frameRate.value)
        var count = 0
        for range in ranges {
            try clock.measure { try clip.reader.seek(toFrame: range.lowerBound) }
            for number in range {
                try cancellation.check()
                guard isWanted(number) else { return }
                guard let frame = try clock.measure({ try clip.reader.next() }) else {
                    end.frame = number
                    return
                }
                guard number < longest else { throw SourceClip.tooLong(clip.path) }
                guard queue.put(NumberedFrame(number: number, frame: frame), number: count) else { return }
                count += 1
            }
        }
    }

    /// Where the decoding thread met the clip's end; read when it has ended.
    private final class FoundEnd: @unchecked Sendable { var frame: Int? }
}

/// Adds up the time that one thread was busy.
final class BusyClock: @unchecked Sendable {
    private let lock = NSLock()
    private var total = Duration.zero

    var seconds: Double {
        lock.lock()
        defer { lock.unlock() }
        return total.seconds
    }

    func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer {
            let elapsed = ContinuousClock.now - start
            lock.lock()
            total += elapsed
            lock.unlock()
        }
        return try body()
    }
}
