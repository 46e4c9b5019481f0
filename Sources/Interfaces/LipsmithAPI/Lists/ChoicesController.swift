import Generations
import HTTP
import Text
import WebInterface

/// Everything that can be chosen for an order.
struct ChoicesController: Sendable {
    /// The voice that menus show first: the first of these that speaks here.
    private static let usualVoices = ["kokoro-man", "flite-slt", "espeak-en-us"]

    let voices: OrganisationVoices
    /// Whether samples can be fetched, of which voices are made.
    let hasSampler: Bool
    /// The sample portrait and what it may say, for menus; `null` for none.
    let sample: JSONValue

    var endpoint: Endpoint {
        Endpoint(
            .get, "/v1/choices", id: "getChoices", tag: "Lists", summary: "List what can be chosen for an order.",
            answer: .json(.named("Choices"))
        ) { call in
            let models = OrderModel.all.map { model -> JSONValue in
                [
                    "name": .string(model.name), "label": .string(model.label), "summary": .string(model.summary),
                    "takes": .texts(model.takes.map(\.rawValue)), "options": .texts(model.options),
                    "isDefault": .bool(model.takes.contains { OrderModel.usual(for: $0).name == model.name }),
                ]
            }
            let canClone = await voices.provider?.capabilities.clones ?? false
            return .json([
                "models": .array(models), "syncModes": Self.words(SyncMode.self), "emotions": Self.words(Emotion.self),
                "regions": Self.words(ModelMode.self), "resolutions": .texts(PictureDimensions.resolutions),
                "aspectRatios": .texts(PictureDimensions.aspectRatios),
                "defaultVoice": .text(try await usualVoice(call.organisation)),
                "canClone": .bool(canClone && hasSampler),
                "sample": try await offered(sample),
            ])
        }
    }

    /// The sample with a voice that speaks here.
    private func offered(_ sample: JSONValue) async throws -> JSONValue {
        guard var members = sample.object else { return .null }
        let ids = try await voices.provider?.ownVoices().map(\.id) ?? []
        if let voice = members["voice"]?.text, !ids.contains(voice) { members["voice"] = .null }
        return .object(members)
    }

    private func usualVoice(_ organisation: OrganisationID) async throws -> String? {
        let ids = try await voices.provider?.ownVoices().map(\.id) ?? []
        if let usual = Self.usualVoices.first(where: ids.contains) ?? ids.first { return usual }
        return try await voices.voices(for: organisation).first?.voice.id
    }

    private static func words<Word: CaseIterable & RawRepresentable<String>>(_ type: Word.Type) -> JSONValue {
        .texts(type.allCases.map(\.rawValue))
    }
}
