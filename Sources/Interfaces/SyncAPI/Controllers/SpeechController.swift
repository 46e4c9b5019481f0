import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Texts that are spoken alone: at once, or as a job.
struct SpeechController: Sendable {
    let store: any GenerationStore
    let intake: GenerationIntake
    let links: SignedLinks
    let voices: OrganisationVoices
    let validator: RequestValidator
    let speaking: ImmediateSpeech
    let replays: IdempotentReplays
    let clock: any WallClock

    var endpoints: [Endpoint] {
        let body = Schema.object(
            [
                "script": .string(1...SpeakableText.mostCharacters), "voiceId": .string,
                "provider": .oneWord(of: [SyncAPI.providerName]).defaulting(to: .string(SyncAPI.providerName)),
                "stability": .number(0...1).defaulting(to: 0.5),
                "similarityBoost": .number(0...1).defaulting(to: 0.75),
            ], required: ["script", "voiceId"])
        return [
            Endpoint(
                .post, "/v2/tts", id: "TtsController_create", tag: "Text-to-Speech", summary: "Speak a text.",
                body: [.json(body)],
                answer: .json(
                    .object(
                        ["id": .uuid, "url": .string, "duration": .number], required: ["id", "url", "duration"])),
                handle: speak),
            Endpoint(
                .post, "/v2/tts/jobs", id: "TtsController_createJob", tag: "Text-to-Speech",
                summary: "Speak a text later.",
                parameters: [.header("Idempotency-Key", .string(1...128), "Makes a repeated request harmless.")],
                body: [.json(body)], statuses: [202], answer: .json(.named("SpeechJob")), handle: createSpeechJob),
            Endpoint(
                .get, "/v2/tts/jobs/{id}", id: "TtsController_getJob", tag: "Text-to-Speech",
                summary: "Get a speaking job.", answer: .json(.named("SpeechJob"))
            ) { call in
                guard let id = GenerationID(parsing: call.parameter()),
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
        var reader = try await call.fields()
        let draft = SpeechDraft(
            name: reader.text("provider") ?? SyncAPI.providerName,
            voiceID: reader.text("voiceId"), script: reader.text("script"),
            stability: reader.number("stability"),
            similarityBoost: reader.number("similarityBoost"))
        let request = try validator.validate(draft, problems: reader.problems.map(FieldProblem.init))
        _ = try await voices.voice(request.voiceID, organisation: call.organisation)
        return (request, request.json)
    }

    private func speak(_ call: Call) async throws -> HTTPResponse {
        let request = try await speechRequest(call).request
        let asset = try await speaking.speak(request, organisation: call.organisation)
        return .json([
            "id": .string(asset.id.rawValue), "url": .string(links.url(.asset, asset.id, base: call.base)),
            "duration": .seconds(asset.durationSeconds),
        ])
    }

    private func createSpeechJob(_ call: Call) async throws -> HTTPResponse {
        let key = try call.idempotencyKey()
        let (request, fields) = try await speechRequest(call)
        let claim = key.map { IdempotencyClaim(key: $0, fields: ["speech": fields]) }
        if let claim, let known = try await replays.known(claim, organisation: call.organisation) {
            return accepted(known, call)
        }
        let job = Generation(
            organisation: call.organisation, outputAsset: AssetID(), source: GenerationFactory.source(of: call.request),
            request: GenerationRequest(
                model: "speech", order: .speech(request), outputFileName: "speech"),
            createdAt: clock.now)
        let outcome = try await intake.accept(
            CreateOrder(generations: [job], idempotency: claim), consent: try call.consent())
        return accepted(outcome.generations[0], call)
    }

    private func accepted(_ job: Generation, _ call: Call) -> HTTPResponse {
        .json(
            jobView(job, call), status: .accepted,
            headers: ["Location": "\(call.base)/v2/tts/jobs/\(job.id)", "Retry-After": "3"])
    }

    private func jobView(_ job: Generation, _ call: Call) -> JSONValue {
        let status =
            switch job.status {
            case .pending: "PENDING"
            case .processing, .finalizing: "PROCESSING"
            case .completed: "SUCCESS"
            case .failed, .rejected: "FAILED"
            }
        let url = job.output == nil ? nil : job.outputAsset.map { links.url(.asset, $0, base: call.base) }
        return [
            "id": .string(job.id.rawValue), "status": .string(status), "url": .text(url),
            "duration": .seconds(job.output?.durationSeconds),
            "error": .text(job.failure?.message),
            "errorCode": .text(job.failure?.syncCode.rawValue), "createdAt": .time(job.createdAt),
            "startedAt": .time(job.startedAt), "finishedAt": .time(job.finishedAt),
        ]
    }
}
