import Gateway
import Generations
import HTTP

/// Texts that are spoken alone: at once, or as a job.
extension SyncAPI {
    var speechEndpoints: [Endpoint] {
        let body: [(String, Schema)] = [
            (
                "application/json",
                .object(
                    [
                        "script": .string(1...5000), "voiceId": .string,
                        "provider": .oneWord(of: ["elevenlabs"]).defaulting(to: "elevenlabs"),
                        "stability": .number(0...1).defaulting(to: 0.5),
                        "similarityBoost": .number(0...1).defaulting(to: 0.75),
                    ], required: ["script", "voiceId"])
            )
        ]
        return [
            Endpoint(
                .post, "/v2/tts",
                Operation(
                    id: "TtsController_create", tag: "Text-to-Speech", summary: "Speak a text.", body: body,
                    content: .json(
                        .object(
                            ["id": .uuid, "url": .string, "duration": .number], required: ["id", "url", "duration"])
                    )), handle: speak),
            Endpoint(
                .post, "/v2/tts/jobs",
                Operation(
                    id: "TtsController_createJob", tag: "Text-to-Speech", summary: "Speak a text later.",
                    parameters: [
                        .header("Idempotency-Key", .string(1...128), "Makes a repeated request harmless.")
                    ], body: body, success: 202, content: .json(.named("SpeechJob"))), handle: createSpeechJob),
            Endpoint(
                .get, "/v2/tts/jobs/{id}",
                Operation(
                    id: "TtsController_getJob", tag: "Text-to-Speech", summary: "Get a speaking job.",
                    content: .json(.named("SpeechJob")))
            ) { call in
                guard let id = GenerationID(parsing: call.request.parameters["id"] ?? ""),
                    let job = try await store.generation(id, organisation: call.organisation),
                    job.request.kind == .speech
                else { throw HTTPError(.notFound, "not_found", "There is no such job.") }
                return .json(
                    jobView(job, call), headers: job.status.isTerminal ? [:] : ["Retry-After": "3"])
            },
        ]
    }

    /// A text that was sent to be spoken.
    private func speechRequest(_ call: Call) async throws -> (request: SpeechRequest, fields: JSONValue) {
        let members = try await members(of: call)
        var reader = WireReader()
        let draft = SpeechDraft(
            name: reader.text(members["provider"], "provider") ?? Self.providerName,
            voiceID: reader.text(members["voiceId"], "voiceId"), script: reader.text(members["script"], "script"),
            stability: reader.number(members["stability"], "stability"),
            similarityBoost: reader.number(members["similarityBoost"], "similarityBoost"))
        let request = try validator.validate(draft, problems: reader.problems)
        _ = try await voice(request.voiceID, organisation: call.organisation)
        return (request, request.json)
    }

    private func speak(_ call: Call) async throws -> HTTPResponse {
        let request = try await speechRequest(call).request
        guard let voices, let folder = settings.speechFolder else {
            throw GenerationError(.planFeatureUnavailable, "This installation speaks no text.", status: 422)
        }
        try await intake.checkStorage(call.organisation)
        let (sound, blob) = try await ScratchFolder.with(in: folder) { folder in
            let path = "\(folder)/speech.wav"
            return (try await voices.speak(request, into: path), try await blobs.copy(path))
        }
        var asset = Asset(
            organisation: call.organisation, createdAt: clock.now, name: "speech.wav", kind: .audio, origin: .speech,
            blob: blob.key)
        asset.format = "wav"
        asset.byteCount = blob.byteCount
        asset.durationSeconds = sound.durationSeconds
        try await store.createAsset(asset, project: nil)
        return .json([
            "id": .string(asset.id.rawValue), "url": .string(links.url(.asset(asset.id), base: call.base)),
            "duration": Self.seconds(sound.durationSeconds),
        ])
    }

    private func createSpeechJob(_ call: Call) async throws -> HTTPResponse {
        let key = try idempotencyKey(call)
        let (request, fields) = try await speechRequest(call)
        let claim = key.map { IdempotencyClaim(key: $0, fields: ["speech": fields]) }
        if let claim, let known = try await replay(claim, call) { return accepted(known, call) }
        let job = Generation(
            organisation: call.organisation, outputAsset: AssetID(), source: Self.source(of: call.request),
            request: GenerationRequest(
                model: "speech", order: .speech(request), outputFileName: "speech"),
            createdAt: clock.now)
        let outcome = try await intake.accept(CreateOrder(generations: [job], idempotency: claim))
        return accepted(outcome.generations[0], call)
    }

    private func accepted(_ job: Generation, _ call: Call) -> HTTPResponse {
        .json(
            jobView(job, call), status: .accepted,
            headers: ["Location": "\(call.base)/v2/tts/jobs/\(job.id)", "Retry-After": "3"])
    }

    private func jobView(_ job: Generation, _ call: Call) -> JSONValue {
        func time(_ moment: Timestamp?) -> JSONValue { moment.map { .string($0.iso8601) } ?? .null }
        let status =
            switch job.status {
            case .pending: "PENDING"
            case .processing, .finalizing: "PROCESSING"
            case .completed: "SUCCESS"
            case .failed, .rejected: "FAILED"
            }
        let url = job.output == nil ? nil : job.outputAsset.map { links.url(.asset($0), base: call.base) }
        return [
            "id": .string(job.id.rawValue), "status": .string(status), "url": url.map(JSONValue.string) ?? .null,
            "duration": job.output.map { Self.seconds($0.durationSeconds) } ?? .null,
            "error": job.failure.map { .string($0.message) } ?? .null,
            "errorCode": job.failure.map { .string($0.code.rawValue) } ?? .null, "createdAt": time(job.createdAt),
            "startedAt": time(job.startedAt), "finishedAt": time(job.finishedAt),
        ]
    }

    private static func seconds(_ value: Double) -> JSONValue { .number((value * 1000).rounded() / 1000) }
}
