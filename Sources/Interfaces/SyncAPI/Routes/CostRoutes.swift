import Generations
import HTTP

extension SyncAPI {
    var costEndpoints: [Endpoint] {
        let long: [(String, Schema)] = [("application/json", .named("CreateGeneration"))]
        let short = Schema.object(
            [
                "model": .oneWord(of: WireSchemas.models), "duration": .number, "fps": .number,
                "input": .list(of: .named("InputItem")), "options": .named("Options"),
            ], required: ["model"])
        let answer: Schema = settings.listsCost ? .list(of: .named("CostEstimate")) : .named("CostEstimate")
        return [
            Endpoint(
                .post, "/v2/analyze/cost",
                Operation(
                    id: "GenerateController_estimateCost", tag: "Generate",
                    summary: "Say what a generation would cost, from its media.", body: long,
                    content: .json(answer))
            ) { call in
                let estimate = try await estimate(call, members(of: call))
                return .json(settings.listsCost ? [Self.json(estimate)] : Self.json(estimate))
            },
            Endpoint(
                .post, "/v2/generations/estimate",
                Operation(
                    id: "GenerationsController_estimateCost", tag: "Generations",
                    summary: "Say what a generation of a length would cost.", body: [("application/json", short)],
                    content: .json(.named("CostEstimate"))), handle: shortEstimate),
            Endpoint(
                .post, "/v2/generate/estimate-cost",
                Operation(
                    id: "GenerateController_estimateCostShort", tag: "Generate",
                    summary: "Say what a generation of a length would cost.", body: [("application/json", short)],
                    content: .json(.named("CostEstimate"))), handle: shortEstimate),
        ]
    }

    private static func json(_ estimate: CostEstimate) -> JSONValue {
        [
            "estimatedFrameCount": .integer(Int64(estimate.frameCount)),
            "estimatedGenerationCost": .number(estimate.cost), "estimatedCredits": .null,
        ]
    }

    private func shortEstimate(_ call: Call) async throws -> HTTPResponse {
        let members = try await members(of: call)
        // Two documents describe these paths: one sends a length, the other the whole request.
        if members["duration"] == nil, members["input"] != nil {
            return .json(Self.json(try await estimate(call, members)))
        }
        var reader = WireReader()
        let model = reader.text(members["model"], "model") ?? ""
        let seconds = reader.number(members["duration"], "duration") ?? 0
        let rate = reader.number(members["fps"], "fps") ?? 30
        if !(seconds > 0 && seconds <= 1_000_000) { reader.report("duration", "must be a number of seconds above 0.") }
        if !(rate > 0 && rate <= 1000) { reader.report("fps", "must be a number above 0.") }
        if let refusal = GenerationError(reader.problems) { throw refusal }
        guard let known = settings.rules.models.model(named: model), known.capabilities.contains(.video) else {
            throw GenerationError(.generationUnsupportedModel, field: "model")
        }
        let estimate = CostEstimate(
            outputSeconds: seconds, framesPerSecond: rate, ratePerFrame: settings.prices.rate(of: known.name))
        return .json(Self.json(estimate))
    }

    private func estimate(_ call: Call, _ members: [String: JSONValue]) async throws -> CostEstimate {
        let request = try await generation(of: CreateBody(members, rules: settings.rules), call).request
        try await intake.check(request, organisation: call.organisation)
        var video: MediaFacts?
        var voices: [Int: Double] = [:]
        for (index, input) in request.inputs.enumerated() {
            if case .script(let speech) = input.source {
                // About 15 characters are spoken in a second; what a voice really takes is known once it has spoken.
                voices[index] = Double(speech.script.count) / 15
                continue
            }
            let facts = try await inspector.facts(
                of: input, field: "input[\(index)].url", organisation: call.organisation)
            if input.role == .voice { voices[index] = facts.durationSeconds ?? 0 } else { video = facts }
        }
        let isPicture = video?.kind == .image
        let rate = video?.framesPerSecond ?? 25
        let seconds = request.lipSync?.outputSeconds(
            video: isPicture ? nil : video?.durationSeconds, voices: voices, framesPerSecond: rate)
        return CostEstimate(
            outputSeconds: seconds ?? 0, framesPerSecond: rate,
            ratePerFrame: settings.prices.rate(of: request.model))
    }
}
