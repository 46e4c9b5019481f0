import Face
import Foundation
import Media
import Rendering

/// What the first pass learnt about the picture.
struct SourceAnalysis: Sendable {
    var info: VideoStreamInfo
    /// Frames read: the whole clip, or as many as the output can need.
    var frameCount: Int
    /// Whether any face was seen, frame by frame.
    var hasFace: [Bool]
    var records: [FaceRecord]
    var damagedPacketCount: Int
    var decodeSeconds: Double
    var trackSeconds: Double
}

/// The first pass: decodes the clip on one thread and follows its faces on another.
struct SourceAnalyzer: Sendable {
    /// Longer clips are refused.
    private static let maximumSeconds = 7200.0
    private static let queuedFrames = 6

    let models: FaceModels
    let cancellation: Cancellation
    /// Whether mouth pictures are wanted.
    let keepsPictures: Bool

    /// Reads a clip.
    ///
    /// - Parameters:
    ///   - limit: Frames that can be needed, or `nil` for all.
    ///   - onFrame: Called with the number of frames done.
    /// - Throws: `MediaError`, `InferenceError`, `RenderFailure` of code `cancelled`.
    func analyze(
        _ path: String, limit: Int?, onFrame: @escaping @Sendable (_ done: Int, _ expected: Int) -> Void
    ) throws -> SourceAnalysis {
        let reader = try VideoReader(path)
        let expected = min(limit ?? .max, reader.info.estimatedFrameCount)
        let longest = Int(Self.maximumSeconds * reader.info.frameRate.value)
        let queue = BoundedQueue<VideoFrame>(capacity: Self.queuedFrames)
        let group = ThreadGroup { queue.close() }
        let decodeClock = BusyClock()
        group.start("decode") {
            var number = 0
            while number < limit ?? .max {
                try cancellation.check()
                guard let frame = try decodeClock.measure({ try reader.next() }) else { break }
                if number >= longest {
                    throw MediaError(
                        code: .durationTooLong, message: "The video is longer than two hours.",
                        suggestion: "Cut it into shorter parts.", detail: path)
                }
                guard queue.put(frame, number: number) else { return }
                number += 1
            }
            queue.close()
        }
        var analysis = SourceAnalysis(
            info: reader.info, frameCount: 0, hasFace: [], records: [], damagedPacketCount: 0, decodeSeconds: 0,
            trackSeconds: 0)
        let tracker = FaceTracker(models)
        let trackClock = BusyClock()
        var indices: [Int: Int] = [:]
        do {
            while let (number, frame) = queue.take() {
                let tracked = try trackClock.measure { try tracker.track(frame) }
                analysis.hasFace.append(!tracked.faces.isEmpty)
                for face in tracked.faces {
                    let index =
                        indices[face.identity]
                        ?? {
                            analysis.records.append(
                                FaceRecord(
                                    shot: tracked.shot, identity: face.identity,
                                    pictureSide: max(frame.width, frame.height)))
                            indices[face.identity] = analysis.records.count - 1
                            return analysis.records.count - 1
                        }()
                    trackClock.measure {
                        analysis.records[index].add(
                            face, number: number, frame: frame, keepsPictures: keepsPictures)
                    }
                }
                onFrame(number + 1, expected)
            }
        } catch {
            group.fail(error)
        }
        try group.wait()
        analysis.frameCount = analysis.hasFace.count
        analysis.damagedPacketCount = reader.damagedPacketCount
        analysis.decodeSeconds = decodeClock.seconds
        analysis.trackSeconds = trackClock.seconds
        return analysis
    }
}

/// Adds up the time that one thread was busy.
final class BusyClock: @unchecked Sendable {
    private let lock = NSLock()
    private var total = Duration.zero

    var seconds: Double {
        lock.lock()
        defer { lock.unlock() }
        return Double(total.components.seconds) + Double(total.components.attoseconds) * 1e-18
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
