public import Generations

extension SQLStore: VoiceStore {
    /// Stores a voice, unless the organisation has one of that name.
    public func createVoice(_ voice: ClonedVoice) async throws {
        try await write { connection in
            guard try Self.insert(voice, connection) else { throw GenerationError(.voiceNameTaken, field: .name) }
        }
    }

    /// Stores a voice; false where it is known, or its organisation has another of that name.
    static func insert(_ voice: ClonedVoice, _ connection: any Connection) throws -> Bool {
        try connection.change(
            """
            INSERT INTO voices (id, organisation, name, sample, created_ms, asset) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            [
                .text(voice.id), .id(voice.organisation), .text(voice.name), .id(voice.sample),
                .time(voice.createdAt), .id(voice.asset),
            ]) == 1
    }

    /// One voice, whoever owns it.
    public func anyVoice(_ id: String) async throws -> ClonedVoice? {
        try await readRow { connection in
            try connection.first(
                "SELECT id, organisation, name, sample, created_ms, asset FROM voices WHERE id = ?", [.text(id)]
            ) { Self.readVoice($0) }
        }
    }

    /// All voices, the oldest first.
    public func clonedVoices() async throws -> [ClonedVoice] {
        try await read { connection in
            try connection.all(
                "SELECT id, organisation, name, sample, created_ms, asset FROM voices ORDER BY created_ms, id"
            ) { Self.readVoice($0) }
        }
    }

    /// Removes a voice of an organisation.
    public func deleteVoice(_ id: String, organisation: OrganisationID) async throws -> Bool {
        try await write { connection in
            try connection.change(
                "DELETE FROM voices WHERE id = ? AND organisation = ?", [.text(id), .id(organisation)]) == 1
        }
    }

    private static func readVoice(_ row: Row) -> ClonedVoice {
        ClonedVoice(
            id: row.text(0), organisation: row.id(1), name: row.text(2), sample: row.optionalID(3),
            createdAt: row.time(4), asset: row.optionalID(5))
    }
}
