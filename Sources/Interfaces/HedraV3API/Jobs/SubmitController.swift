import Generations
import HTTP
import Text
import Time
import WebInterface

/// Ordering jobs, and asking what one would cost.
struct SubmitController: Sendable {
    /// The largest body that is read, in bytes.
    private static let bodyByteLimit = 1 << 20
    /// The largest input that is kept and shown again, in bytes.
    private static let keptByteLimit = 64 << 10

    let store: any Store
    let intake: GenerationIntake
    let models: ModelController
    let orders: V3Orders
    let replays: IdempotentReplays
    let history: JobHistory
    let defaults: WebhookDefaults
    let settings: HedraV3Settings
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/models/{id}", id: "submitJob", tag: "Jobs", summary: "Order an output of a model.",
                parameters: [
                    .header("Idempotency-Key", .string(1...255), "Makes a repeated request harmless."),
                    .header(
                        Consent.header, .string(1...Consent.mostCharacters),
                        "About the consent of the people who are seen and heard; kept, and said by the output."),
                ],
                body: [
                    .json(
                        .object(
                            [
                                "input": .object, "webhook": .address.nullable,
                                "idempotency_key": Schema.string(1...255).nullable,
                            ], required: ["input"], isOpen: true))
                ], statuses: [202], answer: .json(.named("SubmitResponse")), idSchema: .string, scope: "jobs:write",
                handle: submit),
            Endpoint(
                .post, "/models/{id}/estimate", id: "estimateJob", tag: "Jobs",
                summary: "What an output would cost; nothing is ordered.",
                body: [.json(.object(["input": .object], required: ["input"], isOpen: true))],
                answer: .json(.named("Estimate")), idSchema: .string, scope: "models:read", handle: estimate),
        ]
    }

    private func submit(_ call: Call) async throws -> HTTPResponse {
        let model = try await models.runnable(call.parameter())
        let body = try SubmitBody(
            try await call.members(atMost: Self.bodyByteLimit),
            headerKeys: call.request.headers.values("Idempotency-Key"),
            allowsPlainWebhooks: settings.allowsPlainWebhooks)
        let claim = body.key.map {
            IdempotencyClaim(
                key: $0,
                fields: ["model": .string(model.id), "input": .object(body.input), "webhook": .text(body.webhook)])
        }
        if let claim, let known = try await replays.known(claim, organisation: call.organisation) {
            return try await acknowledgement(of: known)
        }
        let checked = try await orders.check(body.input, model, organisation: call.organisation)
        guard JSONValue.object(body.input).utf8.count <= Self.keptByteLimit else {
            throw V3Refusal(fields: [
                InvalidInput("input", "maxLength", "input must have at most \(Self.keptByteLimit) bytes.")
            ])
        }
        let generation = try await generation(of: checked, body, model, call)
        try await intake.check(generation.request, organisation: call.organisation)
        do {
            let outcome = try await intake.accept(
                CreateOrder(generations: [generation], idempotency: claim, creditLimit: settings.credits),
                consent: try call.consent())
            return try await acknowledgement(of: outcome.generations[0])
        } catch let error as GenerationError where error.code == .creditsExhausted {
            throw balanceRefusal(error, credits: checked.credits, base: call.base)
        }
    }

    private func generation(
        of checked: V3Orders.Checked, _ body: SubmitBody, _ model: V3Model, _ call: Call
    ) async throws -> Generation {
        var request = checked.request
        if settings.credits != nil { request.credits = checked.credits }
        request.labels = [JobLabel.model: model.id]
        request.echo = [JobLabel.input: .object(body.input), PublicAddress.orderKey: .string(call.base)]
        if let url = body.webhook {
            request.webhookURL = url
            request.echo[JobLabel.webhookSource] = "per_job"
        } else if let url = try await defaults.url(of: call.organisation) {
            request.webhookURL = url
            request.echo[JobLabel.webhookSource] = "default"
        }
        return Generation(
            organisation: call.organisation, outputAsset: AssetID(), source: HedraV3API.source, request: request,
            createdAt: clock.now)
    }

    private func balanceRefusal(_ error: GenerationError, credits: Int, base: String) -> V3Refusal {
        let left = error.parameters["credits"]?.int ?? 0
        var refusal = V3Refusal(
            .insufficientBalance, "The job costs $\(Money.text(credits)), and $\(Money.text(left)) are left.")
        refusal.billing = V3Refusal.Billing(
            balance: Money.dollars(left), required: Money.dollars(credits), fundingURL: base + "/studio")
        return refusal
    }

    /// The answer to an accepted order; the same for a repeated one.
    private func acknowledgement(of generation: Generation) async throws -> HTTPResponse {
        let id = V3ID.job(generation.id)
        let path = "\(HedraV3API.prefix)/jobs/\(id)"
        let seconds = try await history.secondsLeft(generation)
        return .json(
            [
                "job_id": .string(id), "model": .string(JobLabel.model(of: generation)),
                "status": .string(JobState.queued.rawValue), "status_url": .string(path + "/status"),
                "result_url": .string(path),
                "estimated_completion_at": .time(seconds.map { clock.now.advanced(by: .seconds($0)) }),
            ], status: .accepted, headers: ["Location": path])
    }

    private func estimate(_ call: Call) async throws -> HTTPResponse {
        let model = try await models.runnable(call.parameter())
        let members = try await call.members(atMost: Self.bodyByteLimit)
        let checked = try await orders.check(
            try SubmitBody.input(members), model, organisation: call.organisation)
        return .json([
            "model": .string(model.id), "currency": "USD",
            "cost": .number(settings.credits == nil ? 0 : Money.dollars(checked.credits)),
        ])
    }
}

/// The labels and kept members by which this interface knows its jobs.
enum JobLabel {
    static let model = "hedra3-model"
    static let webhookSource = "webhookSource"
    /// Not `input`, which other interfaces show as theirs.
    static let input = "hedra3-input"

    /// The model of a job as it was ordered; what came by another interface has that interface's name for it.
    static func model(of generation: Generation) -> String {
        generation.request.labels[model] ?? generation.request.model
    }
}

/// Amounts: a credit is a hundredth of a dollar.
enum Money {
    static func dollars(_ credits: Int) -> Double { Double(credits) / 100 }

    static func text(_ credits: Int) -> String {
        let cents = credits % 100
        return "\(credits / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
}

/// The body of a submit.
private struct SubmitBody {
    var input: [String: JSONValue]
    var webhook: String?
    var key: IdempotencyKey?

    init(_ members: [String: JSONValue], headerKeys: [String], allowsPlainWebhooks: Bool) throws {
        var reader = FieldReader(members, rules: .hedraV3)
        let input = reader.object("input", isRequired: true)?.members
        webhook = reader.text("webhook", most: 8192).flatMap { $0.isEmpty ? nil : $0 }
        if let webhook {
            let isPlain = webhook.lowercased().hasPrefix("http://")
            if let problem = WebAddress.problem(in: webhook) { reader.report("webhook", problem) }
            if isPlain, !allowsPlainWebhooks { reader.report("webhook", "must begin with https.") }
        }
        let text = headerKeys.first ?? reader.text("idempotency_key")
        try reader.check()
        self.input = input ?? [:]
        key = try text.map { try IdempotencyKey($0, of: HedraV3API.source) }
    }

    /// The input of a request that has nothing else.
    static func input(_ members: [String: JSONValue]) throws -> [String: JSONValue] {
        var reader = FieldReader(members, rules: .hedraV3)
        let input = reader.object("input", isRequired: true)?.members
        try reader.check()
        return input ?? [:]
    }
}
