import Generations
import HTTP

/// Models and voices.
extension HedraAPI {
    var modelRoutes: [Route] {
        [
            Route(method: .get, path: "/models", handle: listModels),
            Route(method: .get, path: "/voices") { call in
                let voices = try await voices.voices(for: call.organisation)
                return .json(.array(voices.map { $0.json(orMadeAt: startedAt) }))
            },
        ]
    }

    private func listModels(_ call: Call) async throws -> HTTPResponse {
        let wanted = try QueryReader(call.request.query).words("types", among: Vocabulary.generationTypes)
        let speaks = try await !voices.voices(for: call.organisation).isEmpty
        let capabilities = await voices.provider?.capabilities
        let missing: [String: Bool] = [
            "text_to_speech": !speaks, "voice_clone": capabilities?.clones != true,
            "speech_to_speech": capabilities?.converts != true,
        ]
        let seconds = try await history.secondsPerJob(organisation: call.organisation)
        let shown = models.models.enumerated().filter { _, model in
            (wanted.isEmpty || wanted.contains(model.type)) && missing[model.type] != true
        }
        return .json(
            .array(
                shown.map { order, model in
                    model.json(order: order, milliseconds: model.isVideo ? seconds.map { Int($0 * 1000) } : nil)
                }))
    }
}
