import Gateway
import Generations
import HTTP
import Synchronization

/// Voices: which there are, and making one of a sample.
extension SyncAPI {
    var voiceEndpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v2/voices",
                Operation(
                    id: "VoicesController_getVoices", tag: "Voices", summary: "List the voices that speak text.",
                    parameters: [.query("provider", .oneWord(of: ["elevenlabs"]), "Only those of this provider.")],
                    content: .json(.list(of: .named("Voice"))))
            ) { call in
                // All voices are chosen under the one name that the interface has for providers.
                if let name = call.request.query["provider"], !name.isEmpty, name != Self.providerName {
                    return .json([])
                }
                let voices = try await voices(for: call.organisation)
                return .json(.array(voices.map(Self.json)))
            },
            Endpoint(
                .get, "/v2/voices/{id}",
                Operation(
                    id: "VoicesController_getVoice", tag: "Voices", summary: "Get a voice.",
                    content: .json(.named("Voice")), idSchema: .string)
            ) { call in
                let voice = try await voice(call.request.parameters["id"] ?? "", organisation: call.organisation)
                return .json(Self.json(voice))
            },
            Endpoint(
                .post, "/v2/voices",
                Operation(
                    id: "VoicesController_cloneVoice", tag: "Voices", summary: "Make a voice of a sample.",
                    body: [
                        (
                            "application/json",
                            .object(
                                [
                                    "name": .string(1...100), "url": .address, "assetId": .uuid,
                                    "provider": .oneWord(of: ["elevenlabs"]),
                                ], required: ["name"])
                        )
                    ], success: 201, content: .json(.named("Voice"))), handle: cloneVoice),
            Endpoint(
                .delete, "/v2/voices/{id}",
                Operation(
                    id: "VoicesController_deleteVoice", tag: "Voices", summary: "Delete a voice that was made here.",
                    content: .json(.boolean), idSchema: .string)
            ) { call in
                let id = call.request.parameters["id"] ?? ""
                guard let known = try await store.anyVoice(id), known.organisation == call.organisation,
                    let voices
                else { throw GenerationError(.voiceNotFound) }
                do { try await voices.removeVoice(id) } catch let error as GenerationError
                    where error.code == .voiceNotFound
                {
                    // It is gone at the provider already; what is left is our record of it.
                }
                _ = try await store.deleteVoice(id, organisation: call.organisation)
                return .json(true)
            },
        ]
    }

    /// The only provider that the interface knows by name, whoever speaks.
    static let providerName = "elevenlabs"

    /// Refuses voices that do not exist or belong to another organisation, and translations that nobody makes here.
    func checkVoices(of request: GenerationRequest, organisation: OrganisationID) async throws {
        // Whether texts are spoken at all is a rule of requests; without voices there is nothing to look up.
        guard let voices else { return }
        for input in request.inputs {
            guard case .script(let script) = input.source else { continue }
            _ = try await voice(script.voiceID, organisation: organisation)
        }
        if let dub = request.lipSync?.dub { try await voices.checkDub(dub) }
    }

    /// The voice that speaks for an organisation under a name.
    func voice(_ id: String, organisation: OrganisationID) async throws -> Voice {
        guard let voices, id.utf8.count <= 256 else { throw GenerationError(.voiceNotFound, field: "voiceId") }
        if let known = try await store.anyVoice(id), known.organisation != organisation {
            throw GenerationError(.voiceNotFound, field: "voiceId")
        }
        return try await voices.voice(id)
    }

    private func voices(for organisation: OrganisationID) async throws -> [Voice] {
        guard let voices else { return [] }
        let foreign = Set(try await store.clonedVoices().filter { $0.organisation != organisation }.map(\.id))
        return try await voices.voices().filter { !foreign.contains($0.id) }
    }

    private func cloneVoice(_ call: Call) async throws -> HTTPResponse {
        let body = try CloneBody(try await members(of: call))
        guard let voices, let sampler, let parent = settings.speechFolder, await voices.capabilities.clones else {
            throw GenerationError(
                .planFeatureUnavailable, "This installation cannot make voices of samples.",
                suggestion: "Ask the operator to set elevenlabs-key (LIPSMITH_ELEVENLABS_KEY).", status: 422)
        }
        guard cloning.begin(call.organisation) else { throw GenerationError(.voiceCloneBusy) }
        defer { cloning.end(call.organisation) }
        if try await store.clonedVoices().contains(where: {
            $0.organisation == call.organisation && $0.name == body.name
        }) {
            throw GenerationError(.voiceNameConflict, field: "name")
        }
        let (sample, voice) = try await ScratchFolder.with(in: parent) { folder in
            let sample = try await bringSample(body, to: "\(folder)/sample", sampler, call)
            return (sample, try await voices.clone("\(folder)/sample", name: body.name, mark: nil))
        }
        do {
            if sample.isNew { try await store.createAsset(sample.asset, project: nil) }
            try await store.createVoice(
                ClonedVoice(
                    id: voice.id, organisation: call.organisation, name: body.name, sample: sample.asset.id,
                    createdAt: clock.now))
        } catch {
            // Nobody could find or remove a voice that is not on record.
            try? await voices.removeVoice(voice.id)
            throw error
        }
        return .json(Self.json(voice), status: .created)
    }

    /// The sample in a file, and as an asset that is kept with the voice.
    private func bringSample(
        _ body: CloneBody, to path: String, _ sampler: any MediaSampler, _ call: Call
    ) async throws -> (asset: Asset, isNew: Bool) {
        var known: Asset?
        if let id = body.assetID {
            guard let asset = try await store.anyAsset(id) else {
                throw GenerationError(.assetNotFound, field: "assetId")
            }
            guard asset.organisation == call.organisation else {
                throw GenerationError(.assetForbidden, field: "assetId")
            }
            guard asset.kind != .image else { throw GenerationError(.voiceSampleTypeUnsupported, field: "assetId") }
            known = asset
        }
        let source: InputSource = known.map { .asset($0.id) } ?? .url(body.url ?? "")
        let facts: MediaFacts
        do {
            facts = try await sampler.bring(
                MediaInput(kind: .audio, role: .voice, source: source), to: path,
                byteLimit: settings.voiceSampleByteLimit, organisation: call.organisation)
        } catch let error as GenerationError {
            throw Self.sampleError(error, field: known == nil ? "url" : "assetId")
        }
        guard facts.kind != .image else { throw GenerationError(.voiceSampleTypeUnsupported) }
        guard facts.hasSound else { throw GenerationError(.voiceSampleExtractionFailed) }
        guard (facts.durationSeconds ?? 0) >= settings.shortestVoiceSample else {
            throw GenerationError(.voiceSampleTooShort)
        }
        if let known { return (known, false) }
        let blob = try await blobs.copy(path)
        var asset = Asset(
            organisation: call.organisation, createdAt: clock.now, name: body.name, kind: .audio, origin: .url,
            blob: blob.key)
        asset.format = facts.format
        asset.byteCount = blob.byteCount
        asset.durationSeconds = facts.durationSeconds
        return (asset, true)
    }

    private static func sampleError(_ error: GenerationError, field: String) -> GenerationError {
        switch error.code {
        case .generationInputAudioInaccessible: GenerationError(.voiceSampleNotAccessible, field: field)
        case .generationInputAudioInvalid, .generationInputVideoInvalid:
            GenerationError(.voiceSampleTypeUnsupported, field: field)
        default: GenerationError(error, field: field)
        }
    }

    private static func json(_ voice: Voice) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
        return [
            "id": .string(voice.id), "voiceId": .string(voice.id), "name": .string(voice.name),
            "provider": .string(providerName), "engine": .string(voice.provider), "language": text(voice.language),
            "gender": text(voice.gender), "previewUrl": text(voice.previewURL),
        ]
    }
}

/// The body of a request for a voice of a sample.
private struct CloneBody {
    let name: String
    let url: String?
    let assetID: AssetID?

    init(_ members: [String: JSONValue]) throws(GenerationError) {
        var reader = WireReader()
        let name = reader.text(members["name"], "name") ?? ""
        if !(1...100).contains(name.count) { reader.report("name", "must have 1 to 100 characters.") }
        if let provider = reader.text(members["provider"], "provider"), provider != SyncAPI.providerName {
            reader.report("provider", "must be elevenlabs.")
        }
        let asset = reader.text(members["assetId"], "assetId")
        let url = reader.text(members["url"], "url")
        if asset == nil, url == nil {
            reader.report("url", "or assetId must be given.")
        } else if asset == nil, let url, let problem = WebAddress.problem(in: url) {
            reader.report("url", problem)
        }
        if let refusal = GenerationError(reader.problems) { throw refusal }
        if let asset {
            guard let id = AssetID(parsing: asset) else {
                throw GenerationError(.invalidAssetIdFormat, field: "assetId")
            }
            assetID = id
        } else {
            assetID = nil
        }
        self.name = name
        self.url = url
    }
}

/// Lets an organisation make one voice at a time: each holds a file and a connection.
final class CloneGuard: Sendable {
    private let busy = Mutex<Set<OrganisationID>>([])

    /// Whether the organisation may begin.
    func begin(_ organisation: OrganisationID) -> Bool { busy.withLock { $0.insert(organisation).inserted } }

    func end(_ organisation: OrganisationID) { busy.withLock { _ = $0.remove(organisation) } }
}
