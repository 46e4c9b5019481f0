public import Generations
import Time

extension SQLStore {
    private static let uploadColumns = """
        id, organisation, file_name, content_type, created_ms, status, expires_ms, byte_limit, blob
        """

    /// Stores a new upload.
    public func createUpload(_ upload: Upload) async throws {
        try await write { connection in
            try connection.execute(
                "INSERT INTO uploads (\(Self.uploadColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    .id(upload.id), .id(upload.organisation), .text(upload.fileName), .text(upload.contentType),
                    .time(upload.createdAt), .text(upload.lifecycle.status.rawValue), .time(upload.lifecycle.expiresAt),
                    .integer(upload.lifecycle.byteLimit), .blobKey(upload.lifecycle.blob),
                ])
        }
    }

    public func upload(_ id: UploadID) async throws -> Upload? { try await read { try Self.upload(id, $0) } }

    /// Feeds an upload's machine and keeps what it becomes.
    public func updateUpload(
        _ id: UploadID, _ event: @escaping @Sendable (inout UploadLifecycle) -> UploadLifecycle.Action
    ) async throws -> UploadLifecycle.Action? {
        try await write { connection in
            guard var upload = try Self.upload(id, locking: connection.dialect.locking, connection) else { return nil }
            let action = event(&upload.lifecycle)
            if case .keep(let replaced?) = action { try Self.discard([replaced], connection) }
            try Self.update(upload, connection)
            return action
        }
    }

    /// Ends uploads that were announced longer ago than `retention` and of which no asset was made.
    static func expireUploads(
        retention: Duration, now: Timestamp, _ damaged: DamagedRows, _ connection: any Connection
    ) throws -> Int {
        // They take a file for a while after they were announced; what has arrived may be kept for longer.
        let extra = max(.zero, retention - Upload.validity)
        let due = try connection.all(
            """
            SELECT \(Self.uploadColumns) FROM uploads
            WHERE status NOT IN ('registered', 'expired') AND expires_ms <= ? LIMIT 100
            \(connection.dialect.lockingIfFree)
            """, [.time(now.advanced(by: .zero - extra))]
        ) { try damaged.readable("upload", $0, Self.readUpload) }.compactMap { $0 }
        for var upload in due {
            if case .remove(let blob?) = upload.lifecycle.expire(now: now) { try discard([blob], connection) }
            try Self.update(upload, connection)
        }
        return due.count
    }

    private static func upload(
        _ id: UploadID, locking: String = "", _ connection: any Connection
    ) throws -> Upload? {
        try connection.first("SELECT \(uploadColumns) FROM uploads WHERE id = ?\(locking)", [.id(id)]) {
            try readUpload($0)
        }
    }

    private static func update(_ upload: Upload, _ connection: any Connection) throws {
        try connection.execute(
            "UPDATE uploads SET status = ?, blob = ? WHERE id = ?",
            [.text(upload.lifecycle.status.rawValue), .blobKey(upload.lifecycle.blob), .id(upload.id)])
    }

    private static func readUpload(_ row: Row) throws -> Upload {
        Upload(
            id: row.id(0), organisation: row.id(1), fileName: row.text(2), contentType: row.text(3),
            createdAt: row.time(4),
            lifecycle: UploadLifecycle(
                status: try row.word(5), expiresAt: row.time(6), byteLimit: row.integer(7), blob: row.blobKey(8)))
    }
}
