import Generations
import HTTP
import Text
import WebInterface

/// What a generation would cost.
struct CostController: Sendable {
    let estimator: CostEstimator
    let factory: GenerationFactory
    let settings: SyncSettings

    var endpoints: [Endpoint] {
        let short = Schema.object(
            [
                "model": .oneWord(of: WireSchemas.models), "duration": .number, "fps": .number,
                "input": .list(of: .named("InputItem")), "options": .named("Options"),
            ], required: ["model"])
        let answer: Schema = settings.listsCost ? .list(of: .named("CostEstimate")) : .named("CostEstimate")
        return [
            Endpoint(
                .post, "/v2/analyze/cost", id: "GenerateController_estimateCost", tag: "Generate",
                summary: "Say what a generation would cost, from its media.",
                body: [.json(.named("CreateGeneration"))], answer: .json(answer)
            ) { call in
                let estimate = Self.json(try await estimate(call, call.members(takesAnyType: true)))
                return .json(settings.listsCost ? [estimate] : estimate)
            },
            Endpoint(
                .post, "/v2/generations/estimate", id: "GenerationsController_estimateCost", tag: "Generations",
                summary: "Say what a generation of a length would cost.", body: [.json(short)],
                answer: .json(.named("CostEstimate")), handle: shortEstimate),
            Endpoint(
                .post, "/v2/generate/estimate-cost", id: "GenerateController_estimateCostShort", tag: "Generate",
                summary: "Say what a generation of a length would cost.", body: [.json(short)],
                answer: .json(.named("CostEstimate")), handle: shortEstimate),
        ]
    }

    private static func json(_ estimate: CostEstimate) -> JSONValue {
        [
            "estimatedFrameCount": .integer(Int64(estimate.frameCount)),
            "estimatedGenerationCost": .number(estimate.cost), "estimatedCredits": .null,
        ]
    }

    private func shortEstimate(_ call: Call) async throws -> HTTPResponse {
        var reader = try await call.fields()
        let members = reader.members
        // Two documents describe these paths: one sends a length, the other the whole request.
        if members["duration"] == nil, members["input"] != nil {
            return .json(Self.json(try await estimate(call, members)))
        }
        let model = reader.text("model") ?? ""
        let seconds = reader.number("duration") ?? 0
        let rate = reader.number("fps") ?? 30
        if !(seconds > 0 && seconds <= 1_000_000) { reader.report("duration", "must be a number of seconds above 0.") }
        if !(rate > 0 && rate <= 1000) { reader.report("fps", "must be a number above 0.") }
        try reader.check()
        guard let known = settings.rules.models.model(named: model), known.capabilities.contains(.video) else {
            throw SyncError(.generationUnsupportedModel, field: "model")
        }
        let estimate = CostEstimate(
            outputSeconds: seconds, framesPerSecond: rate, ratePerFrame: settings.prices.rate(of: known.name))
        return .json(Self.json(estimate))
    }

    private func estimate(_ call: Call, _ members: [String: JSONValue]) async throws -> CostEstimate {
        let generation = try await factory.generation(of: CreateBody(members, rules: settings.rules), call)
        return try await estimator.estimate(generation.request, organisation: call.organisation)
    }
}
