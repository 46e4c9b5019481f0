import Synchronization
public import Time

/// Makes voices of samples, and removes them.
public final class VoiceCloning: Sendable {
    /// What a voice is made of.
    public enum Sample: Hashable, Sendable {
        /// A stored sound, or a video with sound.
        case asset(AssetID)
        /// One that is fetched, and kept as an asset with the voice.
        case url(String)
    }

    private let store: any AssetStore & VoiceStore
    private let blobs: any BlobStore
    private let voices: OrganisationVoices
    private let sampler: (any MediaSampler)?
    private let folder: String?
    private let sampleByteLimit: Int64
    private let shortestSampleSeconds: Double
    private let clock: any WallClock
    /// Each making holds a file and a connection, so an organisation has one at a time.
    private let busy = Mutex<Set<OrganisationID>>([])

    /// Puts the parts together.
    ///
    /// - Parameters:
    ///   - sampler: Fetches samples; nil makes no voices.
    ///   - folder: For samples while they are used; nil makes no voices.
    ///   - sampleByteLimit: The largest sample, in bytes.
    ///   - shortestSampleSeconds: The shortest sample.
    public init(
        store: any AssetStore & VoiceStore, blobs: any BlobStore, voices: OrganisationVoices,
        sampler: (any MediaSampler)?, folder: String?, sampleByteLimit: Int64 = 100 << 20,
        shortestSampleSeconds: Double = 1, clock: any WallClock
    ) {
        self.store = store
        self.blobs = blobs
        self.voices = voices
        self.sampler = sampler
        self.folder = folder
        self.sampleByteLimit = sampleByteLimit
        self.shortestSampleSeconds = shortestSampleSeconds
        self.clock = clock
    }

    /// Whether samples can be fetched at all.
    public var hasSampler: Bool { sampler != nil && folder != nil }

    /// Makes a voice of a sample.
    ///
    /// - Throws: `GenerationError`: nobody makes voices here, the organisation is making one, has one of that name, or
    ///   the sample is of no use.
    public func make(_ name: String, of sample: Sample, organisation: OrganisationID) async throws -> Voice {
        guard let provider = voices.provider, let sampler, let folder, await provider.capabilities.clones else {
            throw GenerationError(
                .notOfferedHere, "This installation cannot make voices of samples.",
                suggestion: "Ask the operator to set elevenlabs-key (LIPSMITH_ELEVENLABS_KEY).")
        }
        guard busy.withLock({ $0.insert(organisation).inserted }) else { throw GenerationError(.voiceBeingMade) }
        defer { busy.withLock { _ = $0.remove(organisation) } }
        if try await voices.isTaken(name, organisation: organisation) {
            throw GenerationError(.voiceNameTaken, field: .name)
        }
        let (kept, voice) = try await ScratchFolder.with(in: folder) { folder in
            let path = "\(folder)/sample"
            let kept = try await bring(sample, named: name, to: path, by: sampler, organisation: organisation)
            return (kept, try await provider.clone(path, name: name, mark: nil))
        }
        do {
            if kept.isNew { try await store.createAsset(kept.asset, project: nil) }
            try await store.createVoice(
                ClonedVoice(
                    id: voice.id, organisation: organisation, name: name, sample: kept.asset.id,
                    createdAt: clock.now))
        } catch {
            // Nobody could find or remove a voice that is not on record.
            try? await provider.removeVoice(voice.id)
            throw error
        }
        return voice
    }

    /// Removes a voice that an organisation has made.
    ///
    /// - Throws: `GenerationError` of code `voiceNotFound`.
    public func remove(_ id: String, organisation: OrganisationID) async throws {
        guard let known = try await store.anyVoice(id), known.organisation == organisation,
            let provider = voices.provider
        else { throw GenerationError(.voiceNotFound) }
        do { try await provider.removeVoice(id) } catch let error as GenerationError where error.code == .voiceNotFound
        {
            // It is gone at the provider already; what is left is our record of it.
        }
        _ = try await store.deleteVoice(id, organisation: organisation)
    }

    /// The sample in a file, and as an asset that is kept with the voice.
    private func bring(
        _ sample: Sample, named name: String, to path: String, by sampler: any MediaSampler,
        organisation: OrganisationID
    ) async throws -> (asset: Asset, isNew: Bool) {
        var known: Asset?
        let source: InputSource
        switch sample {
        case .url(let url): source = .url(url)
        case .asset(let id):
            guard let asset = try await store.anyAsset(id) else {
                throw GenerationError(.assetNotFound, field: .asset)
            }
            guard asset.organisation == organisation else {
                throw GenerationError(.assetForeign, field: .asset)
            }
            guard asset.kind != .image else { throw GenerationError(.voiceSampleKindWrong, field: .asset) }
            known = asset
            source = .asset(id)
        }
        let facts: MediaFacts
        do {
            facts = try await sampler.bring(
                MediaInput(kind: .audio, role: .voice, source: source), to: path,
                byteLimit: sampleByteLimit, organisation: organisation)
        } catch let error as GenerationError {
            throw Self.sampleError(error, field: known == nil ? .address : .asset)
        }
        guard facts.kind != .image else { throw GenerationError(.voiceSampleKindWrong) }
        guard facts.hasSound else { throw GenerationError(.voiceSampleSilent) }
        guard (facts.durationSeconds ?? 0) >= shortestSampleSeconds else {
            throw GenerationError(.voiceSampleTooShort)
        }
        if let known { return (known, false) }
        let blob = try await blobs.copy(path)
        var asset = Asset(
            organisation: organisation, createdAt: clock.now, name: name, kind: .audio, origin: .url,
            blob: blob.key)
        asset.format = facts.format
        asset.byteCount = blob.byteCount
        asset.durationSeconds = facts.durationSeconds
        return (asset, true)
    }

    private static func sampleError(_ error: GenerationError, field: RequestField) -> GenerationError {
        switch error.code {
        case .audioInaccessible: GenerationError(.voiceSampleInaccessible, field: field)
        case .audioUnusable, .videoUnusable:
            GenerationError(.voiceSampleKindWrong, field: field)
        default: GenerationError(error, field: field)
        }
    }
}
