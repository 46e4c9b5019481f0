import Access
import Generations
import HTTP
import Text
import WebInterface

/// The models, what they take, and who speaks.
struct ModelController: Sendable {
    private static let modalities = ["image", "video", "audio", "text"]

    let voices: V3Voices

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/models", id: "listModels", tag: "Models", summary: "The models that this server has.",
                parameters: [.query("modality", .oneWord(of: Self.modalities))], answer: .json(.named("ModelList")),
                callers: .anybodyOrMembers, handle: list),
            Endpoint(
                .get, "/models/{id}", id: "getModel", tag: "Models", summary: "A model with its schemas.",
                answer: .json(.named("ModelDetail")), idSchema: .string, callers: .anybodyOrMembers
            ) { call in .json(try await model(call).detail) },
            Endpoint(
                .get, "/models/{id}/openapi.json", tag: "Models", summary: "The submit of a model.",
                idSchema: .string, callers: .anybodyOrMembers
            ) { call in .json(V3Schemas.document(of: try await model(call))) },
            Endpoint(
                .get, "/models/{id}/voices", id: "listVoices", tag: "Voices",
                summary: "The voices of a model that speaks.",
                answer: .json(.named("VoiceList")), idSchema: .string, callers: .anybodyOrMembers
            ) { call in .json(page(try await listed(call), call)) },
            Endpoint(
                .get, "/models/{id}/voices/search", id: "searchVoices", tag: "Voices",
                summary: "Voices that words describe, the best first.",
                parameters: [
                    .query("q", .string(1...500), isRequired: true), .query("limit", .integer(1...100)),
                    .query("gender", .oneWord(of: ["male", "female"])), .query("language", .string(2...2)),
                ], answer: .json(.named("VoiceList")), idSchema: .string, callers: .anybodyOrMembers, handle: search),
        ]
    }

    /// The model of a path.
    ///
    /// - Throws: `V3Refusal`, not found.
    func model(_ call: Call) async throws -> V3Model {
        let id = call.parameter()
        guard let model = V3Models.model(id) else {
            if V3Models.isKnownElsewhere(id) { throw V3Refusal.notFound(Self.generative(id)) }
            throw V3Refusal.notFound(Self.unknown(id))
        }
        if let sentence = try await lack(of: model) { throw V3Refusal.notFound(sentence) }
        return model
    }

    /// The model that a job is ordered of.
    ///
    /// - Throws: `V3Refusal`: not found, or a precondition where it exists and cannot run here.
    func runnable(_ id: String) async throws -> V3Model {
        guard let model = V3Models.model(id) else {
            if V3Models.isKnownElsewhere(id) { throw V3Refusal(.failedPrecondition, Self.generative(id)) }
            throw V3Refusal.notFound(Self.unknown(id))
        }
        if let sentence = try await lack(of: model) { throw V3Refusal(.failedPrecondition, sentence) }
        return model
    }

    private static func generative(_ id: String) -> String {
        "Model '\(id)' needs a generative network, which this server does not have."
    }

    private static func unknown(_ id: String) -> String {
        let name = String(id.prefix(100))
        // Names of the older interface are told their new ones.
        let short = name.split(separator: "/").last.map(String.init) ?? ""
        let hint = V3Models.model(short) == nil || short == name ? "" : " Here it is called '\(short)'."
        return "Model '\(name)' not found.\(hint)"
    }

    /// What a model lacks to run here; nil where it runs.
    private func lack(of model: V3Model) async throws -> String? {
        let capabilities = await voices.directory.provider?.capabilities
        switch model.need {
        case .nothing: return nil
        case .voices:
            return capabilities?.speaks ?? false
                ? nil : "Model '\(model.id)' needs voices, which this server does not have."
        case .conversion where capabilities?.converts ?? false: return nil
        case .cloning where capabilities?.clones ?? false: return nil
        case .conversion, .cloning:
            return
                "Model '\(model.id)' needs ElevenLabs; the operator would set elevenlabs-key (LIPSMITH_ELEVENLABS_KEY)."
        }
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        let word = call.request.query["modality"]
        if let word, !Self.modalities.contains(word) {
            throw V3Refusal(fields: [
                InvalidInput(
                    "modality", "enum", "modality must be one of \(Self.modalities.joined(separator: ", ")).",
                    allowed: Self.modalities)
            ])
        }
        var models: [JSONValue] = []
        for model in V3Models.all where word == nil || model.modality == word {
            if try await lack(of: model) == nil { models.append(.object(model.json)) }
        }
        return .json(["data": .array(models), "next_cursor": .null])
    }

    // MARK: Voices

    private func listed(_ call: Call) async throws -> [(uuid: String, voice: Voice)] {
        let model = try await model(call)
        switch model.work {
        case .speech, .conversion: return try await voices.voices(for: call.caller?.organisation)
        default: throw V3Refusal(.failedPrecondition, "Model '\(model.id)' does not speak.")
        }
    }

    private func page(_ listed: [(uuid: String, voice: Voice)], _ call: Call) -> JSONValue {
        [
            "data": .array(listed.map { V3Voices.json($0.uuid, $0.voice, base: call.base) }), "next_cursor": .null,
        ]
    }

    private func search(_ call: Call) async throws -> HTTPResponse {
        let query = call.request.query
        var reader = FieldReader(query.members(["q", "limit", "gender", "language"]), rules: .hedraV3)
        let words = reader.text("q", isRequired: true, most: 500) ?? ""
        let limit = reader.integer("limit", in: 1...100) ?? 20
        let gender = reader.word("gender", among: ["male", "female"])
        let language = reader.text("language", most: 2, least: 2)?.lowercased()
        try reader.check()
        let fitting = try await listed(call).filter { entry in
            (gender == nil || entry.voice.gender == gender)
                && (language == nil || entry.voice.language?.lowercased().hasPrefix(language ?? "") ?? false)
        }
        return .json(page(Array(V3Voices.search(words, among: fitting).prefix(limit)), call))
    }
}

extension FieldRules {
    /// Values as they are, without texts for them; queries have nothing but texts.
    static let hedraV3 = FieldRules(
        errorLimit: 50, trueWords: ["true"], falseWords: ["false"], takesNumbersAsFlags: false, trimsNumbers: false)
}
