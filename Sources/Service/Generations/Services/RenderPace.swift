import Synchronization
import Time

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
        var secondsPerPixel: Double
    }

    private let store: any GenerationStore
    private let measures = Mutex<[OrganisationID: Measure]>([:])

    public init(store: any GenerationStore) { self.store = store }

    /// About how long a render takes once it has begun, in seconds.
    ///
    /// - Parameters:
    ///   - seconds: Length of the output.
    ///   - framesPerSecond: Pictures a second of the output.
    ///   - pixels: Pixels of one picture.
    public func estimateSeconds(
        seconds: Double, framesPerSecond: Double, pixels: Int, organisation: OrganisationID
    ) async throws -> Double {
        let pace = try await secondsPerPixel(organisation)
        return Self.startSeconds + pace * max(0, seconds * framesPerSecond) * Double(max(0, pixels))
    }

    private func secondsPerPixel(_ organisation: OrganisationID) async throws -> Double {
        if let known = measures.withLock({ $0[organisation] }), ContinuousClock.now - known.readAt < Self.memory {
            return known.secondsPerPixel
        }
        let filter = GenerationFilter(
            organisation: organisation, statuses: [.completed], kinds: GenerationKind.movingLips)
        let paces = try await store.generations(filter, after: nil, limit: Self.jobCount)
            .compactMap(Self.secondsPerPixel).sorted()
        let pace = paces.isEmpty ? Self.usualSeconds : paces[paces.count / 2]
        measures.withLock { measures in
            if measures.count >= Self.memoryCount { measures.removeAll() }
            measures[organisation] = Measure(readAt: .now, secondsPerPixel: pace)
        }
        return pace
    }

    private static func secondsPerPixel(_ job: Generation) -> Double? {
        guard let start = job.startedAt, let end = job.finishedAt, let output = job.output else { return nil }
        let pixels = Double(output.width) * Double(output.height) * Double(output.frameCount)
        guard pixels > 0 else { return nil }
        let seconds = Double(end.milliseconds - start.milliseconds) / 1000
        // Of a short job hardly more than the start is known.
        return max(seconds - startSeconds, seconds / 10) / pixels
    }
}
