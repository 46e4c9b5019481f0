import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// Jobs: ordered, watched, listed.
struct GenerationController: Sendable {
    private static let usualListLength = 100
    /// The largest request that is kept and shown again, in bytes. Lists show hundreds at once.
    private static let keptByteLimit = 64 << 10
    /// The largest body that is read, unknown fields included, in bytes.
    private static let bodyByteLimit = 256 << 10
    /// How lively the mouths of a batch's takes are; the first is the natural one.
    private static let takes = [0.5, 0.42, 0.58, 0.35, 0.65, 0.46, 0.54, 0.3]
    /// The labels by which generations are found again.
    enum Label {
        static let type = "type"
        static let thread = "thread"
        static let batch = "batch"
        static let prompt = "prompt"
    }

    let store: any AssetStore & GenerationStore
    let intake: GenerationIntake
    let links: SignedLinks
    let voices: HedraVoices
    let history: JobHistory
    let settings: HedraSettings
    let clock: any WallClock
    let models: HedraModels

    private static let listTypes =
        Vocabulary.assetTypes + Vocabulary.generationTypes.filter { !Vocabulary.assetTypes.contains($0) }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/generations", id: "generateAsset", summary: "Order a generation.",
                body: [.json(HedraSchemas.request)], answer: .json(.named("CreatedGeneration")),
                handle: createGeneration),
            Endpoint(
                .get, "/generations", id: "listGenerations", summary: "List generations, newest first.",
                parameters: [
                    .query("type", .oneWord(of: Self.listTypes)), .query("created_before", .time),
                    .query("created_after", .time), .query("prompt_query", .string),
                    .query("agent_thread_id", .uuid), .query("ids", .string), .query("limit", .integer(1...10_000)),
                    .query("offset", .integer(0...1_000_000)),
                ], answer: .json(.named("Generations")), handle: listGenerations),
            Endpoint(
                .get, "/generations/{generation_id}/status", id: "getStatus", summary: "Look at a generation.",
                answer: .json(.named("Status")), handle: getStatus),
            // Another product of the same company, whose service has ended.
            Endpoint(.post, "/livekit/v1/session", callers: .anybody) { _ in
                throw Refusal(FailureClass(rawValue: "GONE"), "Live avatars are not offered any more.", status: 410)
            },
        ]
    }

    private var views: GenerationViews {
        GenerationViews(history: history, links: links, listsCredits: settings.credits != nil)
    }

    // MARK: Ordering

    private func createGeneration(_ call: Call) async throws -> HTTPResponse {
        let members = try await call.members(atMost: Self.bodyByteLimit)
        // Only who reserves names can ask twice. A retry does not depend on whether its parts are still there.
        let reserves = ["generation_id", "generation_ids"].contains {
            let value = members[$0] ?? .null
            return !value.isNull && value != []
        }
        let digest = reserves ? Self.digest(of: members.filter { !$0.value.isNull }) : ""
        if reserves, let known = try await replay(members, digest: digest, call) {
            return .json(try await views.created(known))
        }
        let submission = try await submission(members, call)
        guard JSONValue.object(submission.echo).utf8.count <= Self.keptByteLimit else {
            throw Refusal(
                .invalidArgument, "The request has more than \(Self.keptByteLimit) bytes.",
                suggestion: "Shorten the description.")
        }
        let names = (0..<submission.batchSize).map(submission.common.generation)
        if submission.common.reservesGenerations,
            let known = try await replay(names, digests: [digest, submission.digest], call)
        {
            return .json(try await views.created(known))
        }
        let generations = generations(of: submission, digest: digest, call)
        do {
            let outcome = try await intake.accept(
                CreateOrder(generations: generations, creditLimit: settings.credits), consent: try call.consent())
            return .json(try await views.created(outcome.generations))
        } catch let error as GenerationError where error.code == .creditsExhausted {
            throw Self.creditRefusal(error, settings.creditsErrorName, cost: submission.credits * submission.batchSize)
        } catch let error as GenerationError where error.code == .nameTaken {
            // The same request came twice at the same moment.
            guard let known = try await replay(names, digests: [digest, submission.digest], call) else { throw error }
            return .json(try await views.created(known))
        }
    }

    /// The answer to an order that the balance does not cover. Failed jobs cost nothing.
    private static func creditRefusal(_ error: GenerationError, _ name: String, cost: Int) -> Refusal {
        Refusal(
            FailureClass(rawValue: name),
            "The job costs \(cost) credits, and \(error.parameters["credits"]?.int ?? 0) are left.",
            suggestion: "Ask the operator for more credits.", status: 402)
    }

    /// Reads a request of any kind.
    private func submission(_ members: [String: JSONValue], _ call: Call) async throws -> Submission {
        let type: String
        switch members["type"] {
        // The published description gives this default, and real clients rely on it.
        case nil, .null: type = VideoFields.type
        case .string(let name) where Vocabulary.requestTypes.contains(name): type = name
        case let other?: throw Refusal(fields: [Self.unknownType(other)])
        }
        var reader = FieldReader(members, at: ["body", .string(type)], rules: .hedra)
        switch type {
        case VideoFields.type: return try await videoSubmission(&reader, isMotionControl: false, call)
        case "motion_control": return try await videoSubmission(&reader, isMotionControl: true, call)
        case SpeechFields.type: return try await speechSubmission(&reader, organisation: call.organisation)
        case let type where Self.mediumTypes.contains(type):
            return try await mediumSubmission(&reader, type: type, call)
        default:
            throw Refusal(
                .failedPrecondition,
                "generations of type \(type) are not offered by this server: it needs a generative network, which is "
                    + "not installed", suggestion: "Use a type that GET /models lists.")
        }
    }

    private static func unknownType(_ value: JSONValue) -> InvalidField {
        let name = value.text ?? value.serialized
        let expected = Vocabulary.requestTypes.map { "'\($0)'" }.joined(separator: ", ")
        return InvalidField(
            type: "union_tag_invalid", location: ["body"],
            message:
                "Input tag '\(name.prefix(100))' found using 'type' does not match any of the expected tags: \(expected)",
            context: [
                "tag": .string(String(name.prefix(100))), "expected_tags": .string(expected), "discriminator": "'type'",
            ])
    }

    private func generations(of submission: Submission, digest: String, _ call: Call) -> [Generation] {
        let now = clock.now
        let parts = (0..<submission.batchSize).map { index in
            (submission.common.generation(index), submission.common.asset(index))
        }
        let batch = submission.batchName ?? RandomBytes.uuid()
        let form = submission.common.reservesGenerations ? submission.digest : ""
        let steering = submission.request.animationParameters.map { GenerationViews.steering($0.prompt) }
        // Below 2^31, so that every client's integer holds it.
        let seed = submission.seed ?? Int64.random(in: 1..<1 << 31)
        return parts.enumerated().map { index, part in
            var request = submission.request
            request.animation?.parameters.seed = seed &+ Int64(index)
            request.lipSync?.animation?.seed = seed &+ Int64(index)
            if index > 0 {
                // A video has no motion of its own to vary, so the takes speak more or less clearly.
                request.lipSync?.options.temperature = Self.takes[index % Self.takes.count]
            }
            request.labels = [
                Label.type: submission.type, Label.batch: batch, Label.prompt: submission.prompt.prefix(scalars: 4000),
            ]
            request.labels[Label.thread] = submission.common.agentThreadID
            if settings.credits != nil { request.credits = submission.credits }
            request.echo = [
                "request": .object(submission.echo), "digest": .string(digest), "form": .string(form),
                "parts": .array(parts.map { .string($0.0.rawValue) }),
            ]
            request.echo["steering"] = steering
            return Generation(
                id: part.0, organisation: call.organisation, outputAsset: part.1, source: HedraAPI.source,
                request: request, createdAt: now)
        }
    }

    /// The generations that the same request has made before; nil where its reserved names are free.
    ///
    /// - Throws: `Refusal` where they stand for something else.
    ///
    /// - Parameter digests: Of the body as it came, and of what was understood: the same wish may be written in many ways.
    private func replay(
        _ names: [GenerationID], digests: [String], _ call: Call
    ) async throws -> [Generation]? {
        for name in names {
            guard let known = try await store.anyGeneration(name) else { continue }
            let echo = known.request.echo
            let isSame =
                [echo["digest"], echo["form"]].contains { $0?.text.map(digests.contains) ?? false }
            guard known.organisation == call.organisation, isSame else {
                throw Refusal(
                    .alreadyExists, "The generation \(name) exists already.", suggestion: "Reserve a new UUID.")
            }
            var parts: [Generation] = []
            for part in known.request.echo["parts"]?.array ?? [] {
                guard let id = part.text.map(GenerationID.init(rawValue:)),
                    let generation = try await store.generation(id, organisation: call.organisation)
                else { continue }
                parts.append(generation)
            }
            return parts.isEmpty ? [known] : parts
        }
        return nil
    }

    /// The same for the very body that was sent before; nil also where the names stand for something else.
    private func replay(_ members: [String: JSONValue], digest: String, _ call: Call) async throws -> [Generation]? {
        var reader = FieldReader(members, at: ["body"], rules: .hedra)
        guard let name = reader.uuid("generation_id") ?? reader.uuids("generation_ids")?.first else { return nil }
        let id = GenerationID(rawValue: name)
        guard let known = try await store.generation(id, organisation: call.organisation),
            known.request.echo["digest"]?.text == digest
        else { return nil }
        return try await replay([id], digests: [digest], call)
    }

    /// A name for a request's members.
    static func digest(of members: [String: JSONValue]) -> String {
        Hexadecimal.encode(Digest.sha256(JSONValue.object(members).utf8))
    }

    // MARK: Watching

    private func getStatus(_ call: Call) async throws -> HTTPResponse {
        let id: GenerationID = try call.id("generation_id")
        guard let generation = try await store.generation(id, organisation: call.organisation),
            generation.source == HedraAPI.source
        else { throw GenerationError(.generationNotFound) }
        return .json(
            try await views.status(
                generation, hasMedium: try await hasMedium(generation), base: call.base))
    }

    /// Whether what a generation made is there, and nobody else's.
    private func hasMedium(_ generation: Generation) async throws -> Bool {
        guard generation.output != nil, let id = generation.outputAsset, let asset = try await store.anyAsset(id) else {
            return false
        }
        return asset.organisation == generation.organisation && asset.generation == generation.id
    }

    private func listGenerations(_ call: Call) async throws -> HTTPResponse {
        let query = call.request.query
        let type = try query.word("type", among: Self.listTypes, isRequired: false)
        var reader = FieldReader(
            query.members(["limit", "offset", "agent_thread_id", "created_before", "created_after"]), at: ["query"],
            rules: .hedra)
        let limit = min(reader.integer("limit", in: 1...Int(Int32.max)) ?? Self.usualListLength, settings.listLimit)
        let offset = reader.integer("offset", in: 0...Int(Int32.max)) ?? 0
        let thread = reader.uuid("agent_thread_id")
        let before = reader.time("created_before")
        let after = reader.time("created_after")
        try reader.check()
        var filter = GenerationFilter(organisation: call.organisation, sources: [HedraAPI.source])
        filter.createdBefore = before
        // "After" leaves the moment itself out.
        filter.createdAtOrAfter = after.map { Timestamp(milliseconds: $0.milliseconds + 1) }
        filter.skippedCount = offset
        if let thread { filter.labels[Label.thread] = [thread] }
        if let type { filter.labels[Label.type] = Self.requestTypes(for: type) }
        if let part = query["prompt_query"], !part.isEmpty {
            filter.labelPart = LabelPart(name: Label.prompt, part: part)
        }
        let ids: Set<GenerationID>? = query.ids("ids")
        filter.ids = ids ?? []
        let page: JSONValue = ["limit": .integer(Int64(limit)), "offset": .integer(Int64(offset))]
        guard ids?.isEmpty != true else { return .json(["page_info": page, "data": []]) }
        let found = try await store.generations(filter, after: nil, limit: limit)
        let made = found.filter { $0.status == .completed }.compactMap(\.outputAsset)
        var assets = try await AssetViews(
            store: store, links: links, organisation: call.organisation, base: call.base
        ).json(ids: Set(made))
        if found.contains(where: { $0.request.kind == .voiceCloning }) {
            for voice in try await voices.voices(for: call.organisation) {
                assets[AssetID(rawValue: voice.id)] = voice.json(base: call.base)
            }
        }
        var items: [JSONValue] = []
        for generation in found {
            items.append(
                try await views.item(generation, asset: generation.outputAsset.flatMap { assets[$0] }))
        }
        return .json(["page_info": page, "data": .array(items)])
    }

    /// The kinds of requests that a filter's word stands for.
    private static func requestTypes(for word: String) -> Set<String> {
        switch word {
        case "audio": Vocabulary.audioTypes
        case "video": [VideoFields.type, "motion_control", "video_upscale", "video_to_video"]
        case "image": ["image", "image_to_image", "image_upscale"]
        case "voice": ["voice_clone"]
        default: [word]
        }
    }
}
