import Generations
import HTTP
import Text
import WebInterface

/// Ordering generations, and asking what an order would become.
struct OrderController: Sendable {
    let intake: GenerationIntake
    let factory: OrderFactory
    let estimator: CostEstimator
    let pace: RenderPace
    let replays: IdempotentReplays
    let views: GenerationViews
    let settings: LipsmithSettings

    var endpoint: Endpoint {
        Endpoint(
            .post, "/v1/generations", id: "createGeneration", tag: "Generations",
            summary: "Order a video in which somebody says something else; with dryRun=true only check the order.",
            parameters: [
                .query("dryRun", .boolean, "Whether nothing is to be ordered."),
                .header("Idempotency-Key", .string(1...128), "Makes a repeated request harmless."),
                .header(
                    Consent.header, .string(1...Consent.mostCharacters),
                    "About the consent of the people who are seen and heard; kept, and said by the output."),
            ], body: [.json(.named("Order"))], statuses: [201, 200],
            answer: .json(.either([.named("Generation"), .named("DryRun")])), handle: create)
    }

    private func create(_ call: Call) async throws -> HTTPResponse {
        var query = call.query("dryRun")
        let isDry = query.flag("dryRun") ?? false
        try query.check()
        let key = try call.idempotencyKey()
        let body = try OrderBody(try await call.fields(OrderBody.schemas.keys), settings: settings)
        do {
            if isDry { return .json(try await dryRun(body, call)) }
            let claim = key.map { IdempotencyClaim(key: $0, fields: body.sent) }
            if let claim, let known = try await replays.known(claim, organisation: call.organisation) {
                return try await answer(known, call)
            }
            let generation = try await factory.generation(of: body, call)
            try await intake.check(generation.request, organisation: call.organisation)
            let outcome = try await intake.accept(
                CreateOrder(generations: [generation], idempotency: claim), consent: try call.consent())
            return try await answer(outcome.generations[0], call)
        } catch let error as GenerationError {
            throw error.placed(in: body)
        }
    }

    private func answer(_ generation: Generation, _ call: Call) async throws -> HTTPResponse {
        .json(try await views.json(generation, base: call.base), status: .created)
    }

    private func dryRun(_ body: OrderBody, _ call: Call) async throws -> JSONValue {
        let generation = try await factory.generation(of: body, call)
        let output = try await estimator.output(of: generation.request, organisation: call.organisation)
        let estimate = try await pace.estimate(
            seconds: output.seconds, frames: output.frames, organisation: call.organisation)
        return [
            "isValid": true, "outputSeconds": .seconds(output.seconds),
            "estimateSeconds": .seconds(estimate.renderSeconds), "queueSeconds": .seconds(estimate.queueSeconds),
        ]
    }
}
