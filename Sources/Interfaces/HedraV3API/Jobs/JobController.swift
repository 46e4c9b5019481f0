import Generations
import HTTP
import Text
import WebInterface

/// Jobs: listed, looked at, watched.
struct JobController: Sendable {
    let store: any Store
    let models: ModelController
    let views: JobViews
    let watch: JobWatch

    /// Whose jobs can be looked at: those of both of Hedra's interfaces, which promise an asset for each output.
    private static let sources = [HedraV3API.source, GenerationSource.hedra]

    private static let page: [Endpoint.Parameter] = [
        .query("limit", .integer(1...100)), .query("cursor", .string),
    ]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/jobs", id: "listJobs", tag: "Jobs", summary: "Jobs, newest first.", parameters: Self.page,
                answer: .json(.named("JobList")), scope: "jobs:read"
            ) { call in try await list(call, model: nil) },
            Endpoint(
                .get, "/models/{id}/jobs", id: "listModelJobs", tag: "Jobs", summary: "Jobs of a model, newest first.",
                parameters: Self.page, answer: .json(.named("JobList")), idSchema: .string, scope: "jobs:read"
            ) { call in try await list(call, model: try await models.model(call).id) },
            Endpoint(
                .get, "/jobs/{id}", id: "getJob", tag: "Jobs", summary: "A job with its outputs.",
                answer: .json(.named("Result")), idSchema: .string, scope: "jobs:read"
            ) { call in .json(try await views.result(try await job(call), base: call.base)) },
            Endpoint(
                .get, "/jobs/{id}/status", id: "getJobStatus", tag: "Jobs", summary: "How a job stands.",
                parameters: [.query("logs_after", .string, "start, or the cursor of the answer before.")],
                answer: .json(.named("Status")), idSchema: .string, scope: "jobs:read", handle: status),
            Endpoint(
                .get, "/jobs/{id}/logs", id: "listJobLogs", tag: "Jobs", summary: "The log of a job, oldest first.",
                parameters: Self.page, answer: .json(.named("JobLogList")), idSchema: .string, scope: "jobs:read",
                handle: logs),
            Endpoint(
                .get, "/jobs/{id}/stream", id: "streamJob", tag: "Jobs",
                summary: "Server-sent events of a job: status, log, done.",
                parameters: [.header("Last-Event-Id", .string, "Where an earlier stream ended.")],
                answer: .media("text/event-stream", EventWriter.schema), idSchema: .string, scope: "jobs:read"
            ) { call in
                let job = try await job(call)
                return EventWriter.response(to: call) { [watch] writer in
                    try await watch.run(job, after: call.request.headers.values("Last-Event-Id").first, &writer)
                }
            },
        ]
    }

    private func job(_ call: Call) async throws -> Generation {
        guard let id = V3ID.uuid(call.parameter(), prefix: "job_"),
            let generation = try await store.generation(
                GenerationID(rawValue: id), organisation: call.organisation),
            Self.sources.contains(generation.source)
        else { throw V3Refusal.notFound("There is no job of that id.") }
        return generation
    }

    private func list(_ call: Call, model: String?) async throws -> HTTPResponse {
        let page = try V3Page<Generation>(call)
        var filter = GenerationFilter(organisation: call.organisation, sources: [HedraV3API.source])
        if let model { filter.labels[JobLabel.model] = [model] }
        let found = try await page.items { try await store.generations(filter, after: $0, limit: $1) }
        return page.answer(found, cursor: \.id.rawValue, JobViews.summary)
    }

    private func logs(_ call: Call) async throws -> HTTPResponse {
        let job = try await job(call)
        let (limit, cursor) = try V3Page<Generation>.read(call)
        let after = try cursor.map { try Self.number($0, V3Page<Generation>.wrongCursor) } ?? 0
        let found = try await store.jobEvents(of: job.id, after: after, limit: limit + 1)
        let shown = found.prefix(limit)
        return .json([
            "data": .array(shown.map(\.v3JSON)),
            "next_cursor": .text(found.count > limit ? shown.last.map { String($0.number) } : nil),
        ])
    }

    private func status(_ call: Call) async throws -> HTTPResponse {
        let job = try await job(call)
        var members = try await views.status(job)
        if let word = call.request.query["logs_after"] {
            let wrong = V3Refusal(fields: [
                InvalidInput(
                    "logs_after", "pattern", "logs_after must be start, or the logs_next_cursor of an answer before.")
            ])
            let after = try word == "start" ? 0 : Self.number(word, wrong)
            let events = try await store.jobEvents(of: job.id, after: after, limit: 1000)
            members["logs"] = .array(events.map(\.v3JSON))
            members["logs_next_cursor"] = events.last.map { .string(String($0.number)) }
        }
        return .json(.object(members))
    }

    private static func number(_ text: String, _ refusal: V3Refusal) throws(V3Refusal) -> Int {
        guard let number = Int(text), number >= 0, String(number) == text else { throw refusal }
        return number
    }
}
