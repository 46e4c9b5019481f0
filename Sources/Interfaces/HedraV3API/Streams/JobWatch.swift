import Generations
import Text
import Time
import WebInterface

/// Tells of the events of one job until it has ended: a status, the lines of the log, a status for each change, and the
/// end. Holds no thread while it waits.
struct JobWatch: Sendable {
    /// How often the store is asked all the same, since another process may have made the change.
    private static let longestSilence = Duration.seconds(2)
    /// The least time between two statuses that tell nothing but progress.
    private static let progressInterval = Duration.seconds(1)
    /// How long one connection lasts.
    private static let longestConnection = Duration.seconds(600)
    private static let pauseBeforeReturn = Duration.seconds(1)

    let readings: JobReadings
    let signal: ChangeSignal
    let views: JobViews

    /// What a watcher has seen.
    private struct Seen {
        var frame: JobFrame
        var state: JobState?
        var progress = 0.0
        var toldAt = ContinuousClock.now
        /// Whether this connection has told a status.
        var hasTold = false

        /// Whether a status differs from the last one.
        func isNews(_ state: JobState, _ progress: Double) -> Bool { state != self.state || progress > self.progress }
    }

    /// Writes the events of a job.
    ///
    /// - Parameter last: The `id` of the last event that the client has; nil for a new watcher.
    func run(_ first: Generation, after last: String?, _ writer: inout EventWriter) async throws {
        let observation = signal.observe(.generation(first.id))
        defer { observation.cancel() }
        let openedAt = ContinuousClock.now
        // Somebody may delete it meanwhile.
        guard var reading = try await read(first) else { return }
        var seen = try await begin(reading, after: last, &writer)
        while true {
            try await tellLines(reading.events, of: first.id, &seen, &writer)
            if reading.generation.status.isTerminal { return try await end(reading.generation, &seen, &writer) }
            if signal.isEnded || ContinuousClock.now - openedAt > Self.longestConnection {
                return try await writer.comeAgain(after: Self.pauseBeforeReturn)
            }
            try await tellProgress(of: reading.generation, &seen, &writer)
            try await writer.keepAlive()
            await observation.wait(atMost: min(Self.longestSilence, writer.untilHeartbeat))
            try Task.checkCancellation()
            guard let next = try await read(first) else { return }
            reading = next
        }
    }

    private func read(_ job: Generation) async throws -> JobReadings.Reading? {
        try await readings.reading(of: job.id, organisation: job.organisation, since: .now)
    }

    /// Tells that there is no more. Whoever comes back after the end is told once more how it ended.
    private func end(_ job: Generation, _ seen: inout Seen, _ writer: inout EventWriter) async throws {
        if !seen.hasTold || seen.state?.isTerminal != true {
            try await tell(JobState(job.status), job.progress, job, &seen, &writer)
        }
        try await writer.event("done", text: "[STREAM_DONE]")
    }

    /// The position from which on events are told. A new watcher is told first how the job stands.
    private func begin(
        _ reading: JobReadings.Reading, after last: String?, _ writer: inout EventWriter
    ) async throws -> Seen {
        let newest = reading.events.last
        let newestLine = newest?.number ?? 0
        if let frame = last.flatMap(JobFrame.init(id:)), frame.number <= JobFrame.status(newestLine),
            frame.openedAt <= newestLine
        {
            // What it has seen follows from the lines before.
            var seen = Seen(frame: frame)
            for event in reading.events where event.number <= max(frame.line, frame.openedAt) {
                seen.state = JobState(after: event.kind)
                seen.progress = max(seen.progress, event.progress)
            }
            return seen
        }
        // Of a job without a log, such as one of an earlier version, the state alone is known.
        let job = reading.generation
        let state = newest.map { JobState(after: $0.kind) } ?? JobState(job.status)
        var seen = Seen(frame: JobFrame(number: 0, openedAt: newestLine))
        try await tell(state, newest?.progress ?? job.progress, job, &seen, &writer)
        return seen
    }

    /// Tells the lines behind the last frame.
    private func tellLines(
        _ events: [JobEvent], of id: GenerationID, _ seen: inout Seen, _ writer: inout EventWriter
    ) async throws {
        for event in events {
            if JobFrame.log(event.number) > seen.frame.number {
                seen.frame.number = JobFrame.log(event.number)
                try await writer.event("log", id: seen.frame.id, event.v3JSON)
            }
            guard JobFrame.status(event.number) > seen.frame.number else { continue }
            seen.frame.number = JobFrame.status(event.number)
            let state = JobState(after: event.kind)
            guard event.number > seen.frame.openedAt, seen.isNews(state, event.progress) else { continue }
            (seen.state, seen.progress) = (state, max(seen.progress, event.progress))
            let status = JobViews.status(id, state, progress: seen.progress)
            try await writer.event("status", id: seen.frame.id, .object(status))
            (seen.toldAt, seen.hasTold) = (.now, true)
        }
    }

    /// Tells progress that is no line of the log.
    private func tellProgress(
        of job: Generation, _ seen: inout Seen, _ writer: inout EventWriter
    ) async throws {
        let state = JobState(job.status)
        guard state == .running, seen.state == .running, job.progress > seen.progress,
            ContinuousClock.now - seen.toldAt >= Self.progressInterval
        else { return }
        try await tell(state, job.progress, job, &seen, &writer)
    }

    private func tell(
        _ state: JobState, _ progress: Double, _ job: Generation, _ seen: inout Seen, _ writer: inout EventWriter
    ) async throws {
        var status = JobViews.status(job.id, state, progress: progress)
        if !state.isTerminal {
            status["estimated_completion_at"] = try await views.status(job)["estimated_completion_at"]
        }
        try await writer.event("status", id: seen.frame.id, .object(status))
        (seen.state, seen.progress) = (state, max(seen.progress, progress))
        (seen.toldAt, seen.hasTold) = (.now, true)
    }
}
