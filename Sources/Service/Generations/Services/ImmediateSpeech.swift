public import Time

/// Speaks a text while a client waits, and keeps the sound as an asset.
public struct ImmediateSpeech: Sendable {
    private let store: any AssetStore
    private let blobs: any BlobStore
    private let intake: GenerationIntake
    private let voices: OrganisationVoices
    private let folder: String?
    private let clock: any WallClock

    /// - Parameter folder: For sounds that are being spoken; nil speaks nothing.
    public init(
        store: any AssetStore, blobs: any BlobStore, intake: GenerationIntake, voices: OrganisationVoices,
        folder: String?, clock: any WallClock
    ) {
        self.store = store
        self.blobs = blobs
        self.intake = intake
        self.voices = voices
        self.folder = folder
        self.clock = clock
    }

    /// Speaks a checked text and stores the sound as a new asset of the organisation.
    ///
    /// - Throws: `GenerationError`: nobody speaks here, there is no room, or the voice fails.
    public func speak(_ request: SpeechRequest, organisation: OrganisationID) async throws -> Asset {
        guard let provider = voices.provider, let folder else {
            throw GenerationError(.notOfferedHere, "This installation speaks no text.")
        }
        try await intake.checkStorage(organisation)
        let (sound, blob) = try await ScratchFolder.with(in: folder) { folder in
            let path = "\(folder)/speech.wav"
            return (try await provider.speak(request, into: path), try await blobs.copy(path))
        }
        var asset = Asset(
            organisation: organisation, createdAt: clock.now, name: "speech.wav", kind: .audio, origin: .speech,
            blob: blob.key)
        asset.format = "wav"
        asset.byteCount = blob.byteCount
        asset.durationSeconds = sound.durationSeconds
        try await store.createAsset(asset, project: nil)
        return asset
    }
}
