import Generations
import HTTP
import Synchronization
import WebInterface

/// Voices: which there are, and making one of a sample.
struct VoiceController: Sendable {
    let store: any Store
    let blobs: any BlobStore
    let voices: OrganisationVoices
    let sampler: (any MediaSampler)?
    let settings: SyncSettings
    let clock: any WallClock
    private let cloning = CloneGuard()

    init(
        store: any Store, blobs: any BlobStore, voices: OrganisationVoices, sampler: (any MediaSampler)?,
        settings: SyncSettings, clock: any WallClock
    ) {
        self.store = store
        self.blobs = blobs
        self.voices = voices
        self.sampler = sampler
        self.settings = settings
        self.clock = clock
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v2/voices", id: "VoicesController_getVoices", tag: "Voices",
                summary: "List the voices that speak text.",
                parameters: [
                    .query("provider", .oneWord(of: [SyncAPI.providerName]), "Only those of this provider.")
                ], answer: .json(.list(of: .named("Voice")))
            ) { call in
                // All voices are chosen under the one name that the interface has for providers.
                if let name = call.request.query["provider"], !name.isEmpty, name != SyncAPI.providerName {
                    return .json([])
                }
                return .json(.array(try await voices.voices(for: call.organisation).map { Self.json($0.voice) }))
            },
            Endpoint(
                .get, "/v2/voices/{id}", id: "VoicesController_getVoice", tag: "Voices", summary: "Get a voice.",
                answer: .json(.named("Voice")), idSchema: .string
            ) { .json(Self.json(try await voices.voice($0.parameter(), organisation: $0.organisation))) },
            Endpoint(
                .post, "/v2/voices", id: "VoicesController_cloneVoice", tag: "Voices",
                summary: "Make a voice of a sample.",
                body: [
                    .json(
                        .object(
                            [
                                "name": .string(1...100), "url": .address, "assetId": .uuid,
                                "provider": .oneWord(of: [SyncAPI.providerName]),
                            ], required: ["name"]))
                ], statuses: [201], answer: .json(.named("Voice")), handle: cloneVoice),
            Endpoint(
                .delete, "/v2/voices/{id}", id: "VoicesController_deleteVoice", tag: "Voices",
                summary: "Delete a voice that was made here.", answer: .json(.boolean), idSchema: .string,
                handle: deleteVoice),
        ]
    }

    private func deleteVoice(_ call: Call) async throws -> HTTPResponse {
        let id = call.parameter()
        guard let known = try await store.anyVoice(id), known.organisation == call.organisation,
            let provider = voices.provider
        else { throw SyncError(.voiceNotFound) }
        do { try await provider.removeVoice(id) } catch let error as GenerationError where error.code == .voiceNotFound
        {
            // It is gone at the provider already; what is left is our record of it.
        }
        _ = try await store.deleteVoice(id, organisation: call.organisation)
        return .json(true)
    }

    private func cloneVoice(_ call: Call) async throws -> HTTPResponse {
        let body = try CloneBody(try await call.fields())
        guard let provider = voices.provider, let sampler, let parent = settings.speechFolder,
            await provider.capabilities.clones
        else {
            throw SyncError(
                .planFeatureUnavailable, "This installation cannot make voices of samples.",
                suggestion: "Ask the operator to set elevenlabs-key (LIPSMITH_ELEVENLABS_KEY).", status: 422)
        }
        guard cloning.begin(call.organisation) else { throw SyncError(.voiceCloneBusy) }
        defer { cloning.end(call.organisation) }
        if try await voices.isTaken(body.name, organisation: call.organisation) {
            throw SyncError(.voiceNameConflict, field: "name")
        }
        let (sample, voice) = try await ScratchFolder.with(in: parent) { folder in
            let sample = try await bringSample(body, to: "\(folder)/sample", sampler, call)
            return (sample, try await provider.clone("\(folder)/sample", name: body.name, mark: nil))
        }
        do {
            if sample.isNew { try await store.createAsset(sample.asset, project: nil) }
            try await store.createVoice(
                ClonedVoice(
                    id: voice.id, organisation: call.organisation, name: body.name, sample: sample.asset.id,
                    createdAt: clock.now))
        } catch {
            // Nobody could find or remove a voice that is not on record.
            try? await provider.removeVoice(voice.id)
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
                throw SyncError(.assetNotFound, field: "assetId")
            }
            guard asset.organisation == call.organisation else {
                throw SyncError(.assetForbidden, field: "assetId")
            }
            guard asset.kind != .image else { throw SyncError(.voiceSampleTypeUnsupported, field: "assetId") }
            known = asset
        }
        let source: InputSource = known.map { .asset($0.id) } ?? .url(body.url ?? "")
        let facts: MediaFacts
        do {
            facts = try await sampler.bring(
                MediaInput(kind: .audio, role: .voice, source: source), to: path,
                byteLimit: settings.voiceSampleByteLimit, organisation: call.organisation)
        } catch let error as GenerationError {
            throw Self.sampleError(SyncError(error), field: known == nil ? "url" : "assetId")
        }
        guard facts.kind != .image else { throw SyncError(.voiceSampleTypeUnsupported) }
        guard facts.hasSound else { throw SyncError(.voiceSampleExtractionFailed) }
        guard (facts.durationSeconds ?? 0) >= settings.shortestVoiceSample else {
            throw SyncError(.voiceSampleTooShort)
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

    private static func sampleError(_ error: SyncError, field: String) -> SyncError {
        switch error.code {
        case .generationInputAudioInaccessible: SyncError(.voiceSampleNotAccessible, field: field)
        case .generationInputAudioInvalid, .generationInputVideoInvalid:
            SyncError(.voiceSampleTypeUnsupported, field: field)
        default: SyncError(error, field: field)
        }
    }

    private static func json(_ voice: Voice) -> JSONValue {
        [
            "id": .string(voice.id), "voiceId": .string(voice.id), "name": .string(voice.name),
            "provider": .string(SyncAPI.providerName), "engine": .string(voice.provider),
            "language": .text(voice.language),
            "gender": .text(voice.gender), "previewUrl": .text(voice.previewURL),
        ]
    }
}

/// The body of a request for a voice of a sample.
private struct CloneBody {
    let name: String
    let url: String?
    let assetID: AssetID?

    init(_ fields: FieldReader) throws {
        var reader = fields
        let name = reader.text("name") ?? ""
        if !(1...100).contains(name.count) { reader.report("name", "must have 1 to 100 characters.") }
        if let provider = reader.text("provider"), provider != SyncAPI.providerName {
            reader.report("provider", "must be elevenlabs.")
        }
        let asset = reader.text("assetId")
        let url = reader.text("url")
        if asset == nil, url == nil {
            reader.report("url", "or assetId must be given.")
        } else if asset == nil, let url, let problem = WebAddress.problem(in: url) {
            reader.report("url", problem)
        }
        try reader.check()
        if let asset {
            guard let id = AssetID(parsing: asset) else {
                throw SyncError(.invalidAssetIdFormat, field: "assetId")
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
private final class CloneGuard: Sendable {
    private let busy = Mutex<Set<OrganisationID>>([])

    /// Whether the organisation may begin.
    func begin(_ organisation: OrganisationID) -> Bool { busy.withLock { $0.insert(organisation).inserted } }

    func end(_ organisation: OrganisationID) { busy.withLock { _ = $0.remove(organisation) } }
}
