import Access
public import Generations
import HTTP
public import Text
import Time
import WebInterface

/// Many generations that are ordered together.
struct BatchController: Sendable {
    private static let listLimit = 1000

    let store: any BatchStore
    let intake: GenerationIntake
    let files: LinkedFiles
    let factory: GenerationFactory
    let view: BatchView
    let settings: SyncSettings
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v2/batch", id: "BatchController_create", tag: "Batch",
                summary: "Create many generations together.",
                body: [
                    .form(
                        .object(
                            [
                                "input": .file.described("One JSON object a line: request_id, endpoint, payload."),
                                "webhook_url": .address, "dry_run": .oneWord(of: ["true", "false"]),
                            ], required: ["input"])),
                    .json(
                        .object(
                            [
                                "rows": .list(of: .object, 20...1000), "webhook_url": .address,
                                "dry_run": .boolean,
                            ], required: ["rows"])),
                ], statuses: [201, 200],
                answer: .json(
                    .either([
                        .named("Batch"), .object(["status": .oneWord(of: ["VALIDATED"])], required: ["status"]),
                    ])),
                options: HTTPRouteOptions(maximumBodyBytes: Int64(settings.batchLimits.maximumByteCount) + (1 << 20)),
                handle: createBatch),
            Endpoint(
                .get, "/v2/batch", id: "BatchController_getAll", tag: "Batch",
                summary: "List batches, newest first.",
                parameters: [
                    .query("status", .oneWord(of: SyncBatchStatus.self), "Only this status."),
                    .query("created_after", .time, "Only later ones."),
                    .query("created_before", .time, "Only earlier ones."),
                ], answer: .json(.list(of: .named("Batch"))), handle: listBatches),
            Endpoint(
                .get, "/v2/batch/{id}", id: "BatchController_get", tag: "Batch", summary: "Get a batch.",
                answer: .json(.named("Batch"))
            ) { call in
                let id: BatchID = try call.id(.batchNotFound)
                guard let (batch, metrics) = try await store.batch(id, organisation: call.organisation) else {
                    throw SyncError(.batchNotFound)
                }
                return .json(view.json(batch, metrics, base: call.base))
            },
            files.endpoint(.batch) { try $0.id(.batchNotFound) as BatchID },
        ]
    }

    private func createBatch(_ call: Call) async throws -> HTTPResponse {
        let body = try await BatchBody.read(call.request, limits: settings.batchLimits)
        let schemes: Set<String> = settings.rules.allowsPlainWebhooks ? ["http", "https"] : ["https"]
        if let url = body.webhookURL, let problem = WebAddress.problem(in: url, schemes: schemes) {
            throw SyncError.invalid("webhook_url", problem)
        }
        try settings.batchLimits.check(
            requestNames: body.rows.map { $0.value["request_id"]?.text ?? "" }, lines: body.rows.map(\.line))
        let batch = Batch(organisation: call.organisation, createdAt: clock.now, webhookURL: body.webhookURL)
        var generations: [Generation] = []
        for row in body.rows {
            do { generations.append(try await generation(of: row.value, batch: batch.id, call)) } catch {
                guard let error = SyncError.refusal(error) else { throw error }
                let line = Int64(row.line)
                throw SyncError(
                    error, messages: error.messages.map { "Line \(line): \($0)" }, field: error.field, status: 400,
                    parameters: ["lineNumber": .integer(line)])
            }
        }
        if body.isDryRun { return .json(["status": "VALIDATED"]) }
        let order = CreateOrder(generations: generations, batch: batch)
        _ = try await intake.accept(order, consent: try call.consent())
        let metrics = BatchMetrics(total: generations.count, succeeded: 0, failed: 0)
        return .json(view.json(batch, metrics, base: call.base), status: .created)
    }

    private func generation(of row: JSONValue, batch: BatchID, _ call: Call) async throws -> Generation {
        if let endpoint = row["endpoint"], endpoint.text != "/v2/generate" {
            throw SyncError.invalid("endpoint", "must be /v2/generate.")
        }
        guard let payload = row["payload"]?.object else {
            throw SyncError.invalid("payload", "must be an object.")
        }
        let body = CreateBody(payload, rules: settings.rules)
        return try await factory.generation(of: body, call, batch: batch, name: row["request_id"]?.text)
    }

    private func listBatches(_ call: Call) async throws -> HTTPResponse {
        let query = call.request.query
        func time(_ name: String) throws(SyncError) -> Timestamp? {
            guard let text = query[name], !text.isEmpty else { return nil }
            guard let time = Timestamp(iso8601: text) else { throw .invalid(name, "must be a time in ISO 8601.") }
            return time
        }
        let status: SyncBatchStatus? = try query.choice("status")
        let found = try await store.batches(
            organisation: call.organisation, status: status?.domain, createdAfter: try time("created_after"),
            createdBefore: try time("created_before"), limit: Self.listLimit)
        return .json(.array(found.map { view.json($0.0, $0.1, base: call.base) }))
    }
}

/// A batch as the interface shows it, in answers and webhooks.
public struct BatchView: Sendable {
    let links: SignedLinks
    let address: PublicAddress

    /// The batch in JSON.
    ///
    /// - Parameter base: The beginning of addresses; nil for a webhook, which has no request to tell.
    public func json(_ batch: Batch, _ metrics: BatchMetrics, base: String? = nil) -> JSONValue {
        let base = base ?? address.configured ?? address.fallback
        return [
            "id": .string(batch.id.rawValue), "created_at": .string(batch.createdAt.iso8601),
            "status": .string(SyncBatchStatus(batch.status).rawValue),
            "metrics": [
                "total_generations": .whole(metrics.total), "success_count": .whole(metrics.succeeded),
                "failed_count": .whole(metrics.failed), "pending_count": .whole(metrics.pending),
            ], "webhookUrl": .text(batch.webhookURL),
            // Clients' types demand a string from the start.
            "outputUrl": .string(batch.resultBlob == nil ? "" : links.url(.batch, batch.id, base: base)),
        ]
    }
}
