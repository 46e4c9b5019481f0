import Access
import Generations
import Text
import Time
import WebInterface

/// Generations as this interface shows them.
struct GenerationViews: Sendable {
    let history: JobHistory
    let links: SignedLinks
    /// Whether costs are shown.
    let listsCredits: Bool

    /// The contract's word for a status.
    static func word(for status: GenerationStatus) -> String {
        switch status {
        case .pending: "queued"
        case .processing: "processing"
        case .finalizing: "finalizing"
        case .completed: "complete"
        case .failed, .rejected: "error"
        }
    }

    /// What kind of asset a request makes.
    static func assetType(of generation: Generation) -> String {
        generation.request.outputKind?.rawValue ?? "voice"
    }

    /// The answer to a request: the request itself, the first part's state, and all parts.
    func created(_ parts: [Generation]) async throws -> JSONValue {
        guard let first = parts.first else { throw GenerationError(.internalError) }
        var members = first.request.echo["request"]?.object ?? [:]
        // All parts wait by now, the later ones behind the earlier.
        members.merge(try await state(first, ahead: 1 - parts.count)) { $1 }
        members["asset_id"] = .text(first.outputAsset?.rawValue)
        guard first.request.kind.movesLips else { return .object(members) }
        members["batch_generation_id"] = .text(first.request.labels[GenerationController.Label.batch])
        var results: [JSONValue] = []
        for (index, part) in parts.enumerated() {
            var item = try await state(part, ahead: index + 1 - parts.count)
            item["asset_id"] = .text(part.outputAsset?.rawValue)
            item["error"] = .text(part.failure?.message)
            results.append(.object(item))
        }
        members["batch_results"] = .array(results)
        return .object(members)
    }

    /// The answer to a look at one generation.
    ///
    /// - Parameter hasMedium: Whether what it made is there still and its own; a voice is none.
    func status(_ generation: Generation, hasMedium: Bool, base: String) async throws -> JSONValue {
        var members = try await state(generation, ahead: 0)
        members["asset_id"] = .text(generation.outputAsset?.rawValue)
        members["type"] = .string(Self.assetType(of: generation))
        members["workspace_id"] = generation.request.echo["request"]?["workspace_id"] ?? .null
        var url: String?
        if hasMedium, let asset = generation.outputAsset { url = links.url(.medium, asset, base: base) }
        for name in ["url", "download_url", "streaming_url"] { members[name] = .text(url) }
        members.merge(failure(generation)) { $1 }
        members["report"] = report(generation)
        return .object(members)
    }

    /// An item of the list.
    func item(_ generation: Generation, asset: JSONValue?) async throws -> JSONValue {
        var members = try await state(generation, ahead: 0)
        members["type"] = .string(Self.assetType(of: generation))
        members["input"] = generation.request.echo["request"] ?? .null
        members["batch_generation_id"] = .text(generation.request.labels[GenerationController.Label.batch])
        let cost = generation.failure == nil ? generation.request.credits : 0
        members["credit_cost"] = listsCredits ? .whole(cost) : .null
        members["asset"] = asset ?? .null
        members["audio_start_ms"] = generation.request.echo["request"]?["audio_start_ms"] ?? .null
        members.merge(failure(generation)) { $1 }
        members["report"] = report(generation)
        return .object(members)
    }

    private func state(_ generation: Generation, ahead: Int) async throws -> [String: JSONValue] {
        [
            "id": .string(generation.id.rawValue), "created_at": .string(generation.createdAt.iso8601),
            "status": .string(Self.word(for: generation.status)),
            "progress": .number(generation.status == .completed ? 1 : min(max(generation.progress, 0), 1)),
            "eta_sec": .whole(try await history.secondsLeft(generation, ahead: ahead)),
        ]
    }

    /// Old clients read the sentence, new ones the object.
    private func failure(_ generation: Generation) -> [String: JSONValue] {
        guard let failure = generation.failure else { return ["error_message": .null, "error": .null] }
        let cause = HedraCause(failure.code)
        var error: [String: JSONValue] = [
            "type": .string(cause.failureClass.rawValue), "message": .string(failure.message),
            "code": .string(cause.code),
        ]
        if failure.code == .subjectNotFound { error["reason_code"] = "IMAGE_SUBJECT_NOT_DETECTED" }
        return ["error_message": .string(failure.message), "error": .object(error)]
    }

    /// What became of the description, as it was found when the order came: looking for words takes its time, and lists
    /// show hundreds of descriptions.
    private func report(_ generation: Generation) -> JSONValue {
        guard let parameters = generation.request.animation?.parameters else { return .null }
        var members = generation.request.echo["steering"]?.object ?? [:]
        members["seed"] = parameters.seed.map(JSONValue.integer) ?? .null
        return .object(members)
    }

    /// The words of a description that have an effect. All others are kept and change nothing.
    static func steering(_ prompt: String) -> JSONValue {
        let steering = PromptSteering(prompt)
        return [
            "prompt_words_with_effect": .texts(steering.words), "emotion": .text(steering.emotion?.rawValue),
            "camera": .text(steering.camera?.rawValue),
        ]
    }
}
