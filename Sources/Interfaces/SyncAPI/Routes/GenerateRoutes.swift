import Gateway
import Generations
import HTTP

extension SyncAPI {
    var generateEndpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v2/generate",
                Operation(
                    id: "GenerateController_createGeneration", tag: "Generate",
                    summary: "Create a generation from a video or picture and a voice.",
                    parameters: [
                        .header("Idempotency-Key", .string(1...128), "Makes a repeated request harmless."),
                        .header("x-sync-source", .string, "Which program sends the request."),
                    ],
                    body: [
                        ("application/json", .named("CreateGeneration")),
                        ("multipart/form-data", .named("CreateGenerationForm")),
                    ], success: 201, otherSuccess: 200, content: .json(.named("Generation"))),
                options: HTTPRouteOptions(maximumBodyBytes: 3 * (settings.formFileByteLimit + 1) + (64 << 20)),
                handle: create),
            Endpoint(
                .get, "/v2/generate/{id}",
                Operation(
                    id: "GenerateController_getGeneration", tag: "Generate",
                    summary: "Get a generation; with wait=true, once it has ended or the time is over.",
                    parameters: [
                        .query("wait", .boolean, "Whether to wait for the end."),
                        .query("timeout", .integer(1...60), "How long to wait at most, in seconds."),
                        .query("include", .oneWord(of: ["progress"]), "Adds progress_percent; not together with wait."),
                    ], content: .json(.named("Generation"))),
                handle: getGenerate),
        ]
    }

    private func create(_ call: Call) async throws -> HTTPResponse {
        let key = try idempotencyKey(call)
        let upload = try await readCreate(call)
        do {
            let claim = key.map { IdempotencyClaim(key: $0, fields: upload.fields, fileDigests: upload.digests) }
            if let claim, let known = try await replay(claim, call) {
                await discard(upload)
                return answer(known, call)
            }
            let generation = try await self.generation(of: upload.body, call, known: upload.assets)
            try await intake.check(generation.request, organisation: call.organisation, known: upload.assets)
            let outcome = try await intake.accept(
                CreateOrder(generations: [generation], idempotency: claim, assets: upload.assets))
            return answer(outcome.generations[0], call)
        } catch {
            await discard(upload)
            throw error
        }
    }

    private func answer(_ generation: Generation, _ call: Call) -> HTTPResponse {
        // The text branch of ComfyUI's node takes anything but 200 for a failure.
        let isComfyUI = generation.source == "comfyui"
        return .json(
            view.json(generation, base: call.base), status: settings.answersCreated && !isComfyUI ? .created : .ok)
    }

    func idempotencyKey(_ call: Call) throws -> IdempotencyKey? {
        let values = call.request.headers.values("Idempotency-Key")
        return values.isEmpty ? nil : try IdempotencyKey(headerValues: values)
    }

    func replay(_ claim: IdempotencyClaim, _ call: Call) async throws -> Generation? {
        guard let record = try await store.idempotencyRecord(claim.key, organisation: call.organisation),
            record.expiresAt > clock.now, Digest.areEqual(record.payloadDigest, claim.payloadDigest)
        else { return nil }
        return try await store.generation(record.generation, organisation: call.organisation)
    }

    /// A checked generation of a body, not stored yet.
    ///
    /// - Parameter known: Assets that came with the body and are not stored yet.
    func generation(
        of body: CreateBody, _ call: Call, known: [Asset] = [], batch: BatchID? = nil, name: String? = nil
    ) async throws -> Generation {
        try body.checkOffer()
        var request = try validator.validate(body.draft)
        try await checkVoices(of: request, organisation: call.organisation)
        let project = try await ReferenceCheck.project(body.project, organisation: call.organisation, in: store)
        let assets = try await ReferenceCheck.assets(
            of: request.inputs, organisation: call.organisation, known: known, in: store)
        request.echo["input"] = request.echo["input"].map { GenerationView.addingAddresses(of: assets.values, to: $0) }
        request.echo[GenerationView.baseKey] = .string(call.base)
        return Generation(
            organisation: call.organisation, project: project, batch: batch, batchRequestName: name,
            source: Self.source(of: call.request), request: request, createdAt: clock.now)
    }

    /// The name of the sending program: `mcp:anything` counts as `mcp`, nothing as `api`, and so does the name by which
    /// the other interface knows its own.
    static func source(of request: HTTPRequest) -> String {
        let name = request.headers["x-sync-source"]?.prefix { $0 != ":" } ?? ""
        let isName =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                    || $0 == 0x5F
            }
        let source = isName ? name.lowercased() : GenerationSource.unnamed
        return source == GenerationSource.hedra ? GenerationSource.unnamed : source
    }

    private func getGenerate(_ call: Call) async throws -> HTTPResponse {
        let id: GenerationID = try call.id(.invalidGenerationId)
        let query = try GenerateQuery(call.request.query)
        guard let seconds = query.waitSeconds else {
            return try await current(id, call, showsProgress: query.showsProgress)
        }
        let wait = GenerationWait(store: store, signal: signal)
        guard
            let generation = try await wait.end(
                of: id, organisation: call.organisation, atMost: .seconds(seconds)),
            generation.request.kind != .speech
        else { throw GenerationError(.generationNotFound) }
        return .json(
            view.json(generation, base: call.base),
            headers: [
                "Retry-After": "2", "X-Sync-Wait-Mode": "long_poll", "X-Sync-Wait-Timeout-Seconds": String(seconds),
            ])
    }

    /// A generation as it stands. Clients poll, and mostly nothing has changed: then the text of the last answer is good.
    func current(_ id: GenerationID, _ call: Call, showsProgress: Bool = false) async throws -> HTTPResponse {
        let key = ViewCache.Key(
            id: id, organisation: call.organisation, base: call.base, showsProgress: showsProgress)
        if let kept = viewCache[key],
            try await store.revision(of: id, organisation: call.organisation) == kept.revision
        {
            return .json(bytes: kept.text)
        }
        guard let generation = try await store.generation(id, organisation: call.organisation),
            generation.request.kind != .speech
        else { throw GenerationError(.generationNotFound) }
        let text = view.json(generation, base: call.base, showsProgress: showsProgress).utf8
        viewCache[key] = ViewCache.Entry(revision: generation.revision, text: text)
        return .json(bytes: text)
    }
}

/// The query of a read: waiting, or progress, or neither.
private struct GenerateQuery {
    /// How long a client may make the server wait. The documented 10 s would refuse the public agent tool, which asks
    /// for 55.
    static let longestWaitSeconds = 60

    var waitSeconds: Int?
    var showsProgress = false

    init(_ query: HTTPQuery) throws(GenerationError) {
        var reader = WireReader()
        let waits = reader.flag(query["wait"].map(JSONValue.string), "wait") ?? false
        let timeout = query["timeout"].map { text in
            // More digits than a number can have are still a long time.
            text.allSatisfy(\.isNumber) && !text.isEmpty ? Int(text) ?? Self.longestWaitSeconds : Int(text)
        }
        if case .some(.none) = timeout { reader.report("timeout", "must be a whole number of seconds.") }
        if let include = query["include"] {
            let words = SyncAPI.words(query, "include")
            if !words.allSatisfy({ $0 == "progress" }) || include.isEmpty {
                reader.report("include", "must be progress.")
            } else if waits {
                reader.report("include", "cannot be combined with wait.")
            }
            showsProgress = true
        }
        if let refusal = GenerationError(reader.problems) { throw refusal }
        if waits { waitSeconds = min(max((timeout ?? nil) ?? 5, 1), Self.longestWaitSeconds) }
    }
}
