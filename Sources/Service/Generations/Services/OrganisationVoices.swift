/// The server's voices as an organisation may use them: all but those that others have made.
public struct OrganisationVoices: Sendable {
    /// Who speaks; nil where nobody does.
    public let provider: (any VoiceProvider)?
    private let store: any VoiceStore

    public init(provider: (any VoiceProvider)?, store: any VoiceStore) {
        self.provider = provider
        self.store = store
    }

    /// All voices, each with the record of its making where it was made here.
    public func voices(for organisation: OrganisationID) async throws -> [(voice: Voice, record: ClonedVoice?)] {
        guard let provider else { return [] }
        let made = Dictionary(try await store.clonedVoices().map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        return try await provider.voices().compactMap { voice in
            let record = made[voice.id]
            return record.map { $0.organisation == organisation } ?? true ? (voice, record) : nil
        }
    }

    /// The voice that speaks for an organisation under a provider's name.
    ///
    /// - Throws: `GenerationError` of code `voiceNotFound`.
    public func voice(_ id: String, organisation: OrganisationID) async throws -> Voice {
        guard let provider, id.utf8.count <= 256 else { throw GenerationError(.voiceNotFound, field: .voice) }
        if let known = try await store.anyVoice(id), known.organisation != organisation {
            throw GenerationError(.voiceNotFound, field: .voice)
        }
        return try await provider.voice(id)
    }

    /// Whether an organisation has made a voice of that name.
    public func isTaken(_ name: String, organisation: OrganisationID) async throws -> Bool {
        try await store.clonedVoices().contains { $0.organisation == organisation && $0.name == name }
    }
}
