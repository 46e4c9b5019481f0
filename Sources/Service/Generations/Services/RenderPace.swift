import Synchronization
import Time

/// How long an order would take.
public struct RenderEstimate: Hashable, Sendable {
    /// About how long the render takes once it has begun, in seconds.
    public let renderSeconds: Double
    /// About how long it waits before, for those that wait now, in seconds.
    public let queueSeconds: Double
}

/// How long renders take, from those that an organisation had made, for estimates before anything is ordered.
public final class RenderPace: Sendable {
    /// How long a measure is used before the store is asked again.
    private static let memory = Duration.seconds(10)
    private static let jobCount = 20
    /// Seconds of a render that its length does not change: starting a child, loading networks.
    private static let startSeconds = 1.5
    /// Seconds for each frame and pixel, before anything was made here: 4.08 s for 26 s of 25 pictures of 720p on two cores
    /// (docs/benchmarks.md, "Speed and memory").
    private static let usualSeconds = (4.08 - startSeconds) / (26 * 25 * 1280 * 720)
    /// Organisations that are remembered at once.
    private static let memoryCount = 1000

    private struct Measure {
        var readAt: ContinuousClock.Instant
        /// Of a render, for each frame and pixel; nil before the first has ended.
        var secondsPerPixel: Double?
        var secondsPerJob: Double?
        var waitingCount: Int
    }

    private let store: any GenerationStore & JobStore
    private let slots: Int
    private let measures = Mutex<[OrganisationID: Measure]>([:])

    /// - Parameter slots: How many jobs run at once.
    public init(store: any GenerationStore & JobStore, slots: Int) {
        self.store = store
        self.slots = max(1, slots)
    }

    /// About how long a new order would take.
    ///
    /// - Parameters:
    ///   - seconds: Length of the output.
    ///   - frames: Of the output.
    public func estimate(
        seconds: Double, frames: RenderedFrames, organisation: OrganisationID
    ) async throws -> RenderEstimate {
        let measure = try await measure(organisation)
        let frameCount = max(0, seconds * frames.framesPerSecond)
        let render =
            Self.startSeconds
            + (measure.secondsPerPixel ?? Self.usualSeconds) * frameCount * Double(max(0, frames.pixels))
        return RenderEstimate(
            renderSeconds: render,
            queueSeconds: Double(measure.waitingCount) / Double(slots) * (measure.secondsPerJob ?? render))
    }

    private func measure(_ organisation: OrganisationID) async throws -> Measure {
        let known = measures.withLock { $0[organisation] }
        if let known, ContinuousClock.now - known.readAt < Self.memory { return known }
        let filter = GenerationFilter(
            organisation: organisation, statuses: [.completed], kinds: GenerationKind.movingLips)
        let jobs = try await store.generations(filter, after: nil, limit: Self.jobCount)
        let fresh = Measure(
            readAt: .now, secondsPerPixel: jobs.compactMap(Self.secondsPerPixel).median,
            secondsPerJob: jobs.compactMap(\.renderSeconds).median, waitingCount: try await store.jobCounts().waiting)
        measures.withLock { measures in
            if measures.count >= Self.memoryCount { measures.removeAll() }
            measures[organisation] = fresh
        }
        return fresh
    }

    private static func secondsPerPixel(_ job: Generation) -> Double? {
        guard let seconds = job.renderSeconds, let output = job.output else { return nil }
        let pixels = Double(output.width) * Double(output.height) * Double(output.frameCount)
        guard pixels > 0 else { return nil }
        // Of a short job hardly more than the start is known.
        return max(seconds - startSeconds, seconds / 10) / pixels
    }
}

/// What the pictures of an output are like.
public struct RenderedFrames: Hashable, Sendable {
    /// Pictures a second.
    public let framesPerSecond: Double
    /// Of one picture.
    public let pixels: Int

    /// Those of a video, which keeps its own.
    public init(framesPerSecond: Double, width: Int, height: Int) {
        self.framesPerSecond = framesPerSecond
        pixels = width * height
    }

    /// Those of a video that is made of a still picture, unless another size is asked for.
    public static let ofStill = RenderedFrames(framesPerSecond: 25, width: 1280, height: 720)
}

extension Generation {
    /// How long its render took; nil before its end.
    var renderSeconds: Double? {
        guard let startedAt, let finishedAt else { return nil }
        return Double(finishedAt.milliseconds - startedAt.milliseconds) / 1000
    }
}

extension [Double] {
    /// The middle one by size; nil for none.
    var median: Double? { isEmpty ? nil : sorted()[count / 2] }
}
