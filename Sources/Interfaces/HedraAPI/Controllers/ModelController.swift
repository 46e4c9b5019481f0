import Generations
import HTTP
import Text
import WebInterface

/// Models and voices.
struct ModelController: Sendable {
    let voices: HedraVoices
    let history: JobHistory
    let models: HedraModels

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/models", id: "listModels", summary: "List the models.",
                parameters: [.query("types", .list(of: .oneWord(of: Vocabulary.generationTypes)))],
                answer: .json(.list(of: .named("AIModel"))), handle: listModels),
            Endpoint(
                .get, "/voices", id: "listVoices", summary: "List the voices.",
                answer: .json(.list(of: .named("Asset")))
            ) { call in
                .json(.array(try await voices.voices(for: call.organisation).map { $0.json(base: call.base) }))
            },
        ]
    }

    private func listModels(_ call: Call) async throws -> HTTPResponse {
        let wanted = try call.request.query.words("types", among: Vocabulary.generationTypes)
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
