import Access
import Generations
import Text
import Time
import WebInterface

/// Jobs as this interface shows them.
struct JobViews: Sendable {
    /// How many lines of the log a result shows.
    private static let shownLogCount = 50

    let store: any Store
    let links: SignedLinks
    let history: JobHistory
    /// Whether costs are counted.
    let countsCredits: Bool
    let clock: any WallClock

    /// A line of a list.
    static func summary(_ generation: Generation) -> JSONValue {
        var members: [String: JSONValue] = [
            "job_id": .string(V3ID.job(generation.id)), "model": .string(JobLabel.model(of: generation)),
            "status": .string(JobState(generation.status).rawValue),
            "created_at": .string(generation.createdAt.iso8601),
        ]
        members["quality"] = quality(of: generation)
        return .object(members)
    }

    /// How a job stands.
    func status(_ generation: Generation) async throws -> [String: JSONValue] {
        let state = JobState(generation.status)
        let seconds = state.isTerminal ? nil : try await history.secondsLeft(generation)
        return Self.status(
            generation.id, state, progress: generation.progress,
            endsAt: seconds.map { clock.now.advanced(by: .seconds($0)) })
    }

    /// How a job stands or stood.
    static func status(
        _ id: GenerationID, _ state: JobState, progress: Double, endsAt: Timestamp? = nil
    ) -> [String: JSONValue] {
        [
            "job_id": .string(V3ID.job(id)), "status": .string(state.rawValue),
            "progress": .number(state.shown(progress)), "estimated_completion_at": .time(endsAt),
        ]
    }

    /// A job with all that is known of it.
    func result(_ generation: Generation, base: String) async throws -> JSONValue {
        var members = try await outcome(generation, base: base)
        members["logs"] = .array(
            try await store.newestJobEvents(of: generation.id, limit: Self.shownLogCount).map(\.v3JSON))
        if countsCredits, generation.status.isTerminal, let credits = generation.request.credits {
            members["cost"] = .number(generation.failure == nil ? Money.dollars(credits) : 0)
            members["currency"] = "USD"
        }
        return .object(members)
    }

    /// A job without its log and cost: what a webhook tells.
    func outcome(_ generation: Generation, base: String) async throws -> [String: JSONValue] {
        let state = JobState(generation.status)
        var members: [String: JSONValue] = [
            "job_id": .string(V3ID.job(generation.id)), "model": .string(JobLabel.model(of: generation)),
            "status": .string(state.rawValue), "error": generation.failure?.v3Refusal.json ?? .null,
            "outputs": state == .completed ? [try await output(generation, base: base)] : [],
            "metrics": ["processing_time_ms": .null],
        ]
        if let prompt = generation.request.animationParameters?.prompt, !prompt.isEmpty {
            members["prompt"] = .string(prompt)
        }
        members["quality"] = Self.quality(of: generation)
        if let start = generation.startedAt, let end = generation.finishedAt {
            members["metrics"] = ["processing_time_ms": .integer(max(0, end.milliseconds - start.milliseconds))]
        }
        return members
    }

    private static func quality(of generation: Generation) -> JSONValue? {
        guard V3Models.model(JobLabel.model(of: generation))?.hasQuality == true else { return nil }
        return generation.request.echo[JobLabel.input]?["quality"] ?? "standard"
    }

    private func output(_ generation: Generation, base: String) async throws -> JSONValue {
        let facts = generation.output
        var members: [String: JSONValue] = [
            "status": "COMPLETED", "asset_id": .null, "voice_id": .null, "url": .null, "content_type": .null,
            "width": .null, "height": .null, "duration_ms": .null, "fps": .null, "error": .null,
        ]
        guard let kind = generation.request.outputKind else {
            members["voice_id"] = generation.outputAsset.map { .string(V3ID.voice($0.rawValue)) } ?? .null
            return .object(members)
        }
        guard let id = generation.outputAsset,
            let asset = try await store.asset(id, organisation: generation.organisation), asset.blob != nil
        else {
            members["status"] = "EXPIRED"
            return .object(members)
        }
        members["asset_id"] = .string(V3ID.asset(id))
        members["url"] = .string(links.url(.v3Output, id, base: base))
        members["content_type"] = .string(asset.contentType)
        if kind != .audio {
            members["width"] = .whole(asset.width ?? facts?.width)
            members["height"] = .whole(asset.height ?? facts?.height)
        }
        let seconds = asset.durationSeconds ?? facts?.durationSeconds ?? 0
        if kind != .image { members["duration_ms"] = .integer(Int64((min(seconds, 1e9) * 1000).rounded())) }
        // Whole numbers alone can be read.
        if kind == .video, let facts, seconds > 0, facts.frameCount > 0 {
            members["fps"] = .integer(Int64(min((Double(facts.frameCount) / seconds).rounded(), 1000)))
        }
        return .object(members)
    }
}
