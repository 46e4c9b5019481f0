import Generations
import HTTP
import Text
import WebInterface

/// Ordering generations, and waiting for them.
struct GenerateController: Sendable {
    let store: any GenerationStore
    let intake: GenerationIntake
    let signal: ChangeSignal
    let factory: GenerationFactory
    let lookup: GenerationLookup
    let replays: IdempotentReplays
    let uploads: CreateUploadReader
    let settings: SyncSettings

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v2/generate", id: "GenerateController_createGeneration", tag: "Generate",
                summary: "Create a generation from a video or picture and a voice.",
                parameters: [
                    .header("Idempotency-Key", .string(1...128), "Makes a repeated request harmless."),
                    .header(
                        Consent.header, .string(1...Consent.mostCharacters),
                        "About the consent of the people who are seen and heard; kept, and said by the output."),
                    .header("x-sync-source", .string, "Which program sends the request."),
                ],
                body: [.json(.named("CreateGeneration")), .form(.named("CreateGenerationForm"))],
                statuses: [201, 200], answer: .json(.named("Generation")),
                options: HTTPRouteOptions(maximumBodyBytes: 3 * (settings.formFileByteLimit + 1) + (64 << 20)),
                handle: create),
            Endpoint(
                .get, "/v2/generate/{id}", id: "GenerateController_getGeneration", tag: "Generate",
                summary: "Get a generation; with wait=true, once it has ended or the time is over.",
                parameters: [
                    .query("wait", .boolean, "Whether to wait for the end."),
                    .query("timeout", .integer(1...60), "How long to wait at most, in seconds."),
                    .query("include", .oneWord(of: ["progress"]), "Adds progress_percent; not together with wait."),
                ], answer: .json(.named("Generation"))
            ) { call in
                let id: GenerationID = try call.id(.invalidGenerationId)
                let query = try GenerateQuery(call.request.query)
                guard let seconds = query.waitSeconds else {
                    return try await lookup.current(id, call, showsProgress: query.showsProgress)
                }
                return try await lookup.ended(id, call, waitSeconds: seconds, signal: signal)
            },
        ]
    }

    private func create(_ call: Call) async throws -> HTTPResponse {
        let generation = try await accept(call)
        // The text branch of ComfyUI's node takes anything but 200 for a failure.
        let isComfyUI = generation.source == GenerationSource.comfyUI
        return .json(
            lookup.view.json(generation, base: call.base),
            status: settings.answersCreated && !isComfyUI ? .created : .ok)
    }

    /// The generation that a request orders, or has ordered before.
    func accept(_ call: Call) async throws -> Generation {
        let key = try call.idempotencyKey()
        let upload = try await uploads.read(call)
        do {
            let claim = key.map { IdempotencyClaim(key: $0, fields: upload.fields, fileDigests: upload.digests) }
            if let claim, let known = try await replays.known(claim, organisation: call.organisation) {
                await uploads.discard(upload)
                return known
            }
            let generation = try await factory.generation(of: upload.body, call, known: upload.assets)
            try await intake.check(generation.request, organisation: call.organisation, known: upload.assets)
            let outcome = try await intake.accept(
                CreateOrder(generations: [generation], idempotency: claim, assets: upload.assets),
                consent: try call.consent())
            return outcome.generations[0]
        } catch {
            await uploads.discard(upload)
            throw error
        }
    }
}

/// The query of a read: waiting, or progress, or neither.
private struct GenerateQuery {
    /// How long a client may make the server wait. The documented 10 s would refuse the public agent tool, which asks
    /// for 55.
    static let longestWaitSeconds = 60

    var waitSeconds: Int?
    var showsProgress = false

    init(_ query: HTTPQuery) throws(RequestError) {
        var reader = FieldReader(["wait": query["wait"].map(JSONValue.string) ?? .null], rules: .sync)
        let waits = reader.flag("wait") ?? false
        let timeout = query["timeout"].map { text in
            // More digits than a number can have are still a long time.
            text.allSatisfy(\.isNumber) && !text.isEmpty ? Int(text) ?? Self.longestWaitSeconds : Int(text)
        }
        if case .some(.none) = timeout { reader.report("timeout", "must be a whole number of seconds.") }
        if let include = query["include"] {
            let words = query.list("include")
            if !words.allSatisfy({ $0 == "progress" }) || include.isEmpty {
                reader.report("include", "must be progress.")
            } else if waits {
                reader.report("include", "cannot be combined with wait.")
            }
            showsProgress = true
        }
        try reader.check()
        if waits { waitSeconds = min(max((timeout ?? nil) ?? 5, 1), Self.longestWaitSeconds) }
    }
}
