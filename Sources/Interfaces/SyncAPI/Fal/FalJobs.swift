import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Jobs as fal's queue shows them.
struct FalJobs: Sendable {
    let store: any Store
    let links: SignedLinks
    let inspector: any MediaInspector

    /// The addresses by which a job is followed.
    static func addresses(_ id: GenerationID, base: String) -> [String: JSONValue] {
        let path = "\(base)\(FalAPI.prefix)/\(FalModel.application)/requests/\(id.rawValue)"
        return [
            "request_id": .string(id.rawValue), "response_url": .string(path), "status_url": .string(path + "/status"),
            "cancel_url": .string(path + "/cancel"),
        ]
    }

    /// How a job stands. One that failed is completed, too; its result tells why.
    func status(_ generation: Generation, showsLogs: Bool, base: String) async throws -> [String: JSONValue] {
        var members = Self.addresses(generation.id, base: base)
        guard generation.status != .pending else {
            members["status"] = "IN_QUEUE"
            members["queue_position"] = .whole(try await position(of: generation))
            return members
        }
        members["status"] = generation.status.isTerminal ? "COMPLETED" : "IN_PROGRESS"
        members["logs"] = showsLogs ? .array(try await logs(of: generation)) : .null
        guard generation.status.isTerminal else { return members }
        var metrics: [String: JSONValue] = [:]
        if let start = generation.startedAt, let end = generation.finishedAt {
            metrics["inference_time"] = .seconds(Double(end.milliseconds - start.milliseconds) / 1000)
        }
        members["metrics"] = .object(metrics)
        if let failure = generation.failure {
            members["error"] = .string(failure.message)
            members["error_type"] = .string(FalErrors.Failure(failure.code).type)
        }
        return members
    }

    /// How many jobs of the organisation wait that came before.
    private func position(of generation: Generation) async throws -> Int {
        var filter = GenerationFilter(organisation: generation.organisation, statuses: [.pending])
        filter.createdBefore = generation.createdAt
        return try await store.generationCount(filter)
    }

    private func logs(of generation: Generation) async throws -> [JSONValue] {
        try await store.newestJobEvents(of: generation.id, limit: 100).map { event in
            let (level, message) =
                switch event.kind {
                case .queued: ("INFO", "The request was accepted.")
                case .started: ("INFO", "A worker has begun.")
                case .recovered: ("INFO", "Another worker has begun.")
                case .retryScheduled: ("WARN", "The attempt has ended; another will begin.")
                case .progress: ("INFO", "\(Int((event.progress * 100).rounded())) % are done.")
                case .finalizing: ("INFO", "The output is being stored.")
                case .completed: ("INFO", "The request is done.")
                case .failed: ("ERROR", generation.failure?.message ?? "The request has failed.")
                }
            return [
                "timestamp": .string(event.at.iso8601), "level": .string(level), "source": "USER",
                "message": .string(message),
            ]
        }
    }

    /// What a job has made.
    func output(_ generation: Generation, base: String) -> JSONValue {
        [
            "video": [
                "url": .string(links.url(.result, generation.id, base: base)), "content_type": "video/mp4",
                "file_name": "output.mp4", "file_size": .integer(generation.output?.byteCount ?? 0),
            ]
        ]
    }

    /// The field that has named what is to speak.
    func visualField(of generation: Generation) -> String {
        generation.request.inputs.contains { $0.kind == .image } ? "image_url" : "video_url"
    }
}
