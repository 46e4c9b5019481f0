public import Time

/// Where an upload stands.
public enum UploadStatus: String, Sendable, CaseIterable {
    /// Announced; nothing has arrived.
    case announced
    /// Bytes arrive.
    case receiving
    /// The file is stored.
    case stored
    /// An asset has it.
    case registered
    /// The time ran out.
    case expired
}

/// The life of an upload in three steps, as a pure machine: announce, send, register.
///
/// A second sending replaces the first until an asset has the file, since clients repeat after a broken connection.
public struct UploadLifecycle: Hashable, Sendable {
    /// What an event asks for.
    public enum Action: Hashable, Sendable {
        /// Take the bytes into a new file.
        case receive
        /// Keep the file, and remove the one that it replaces.
        case keep(replacing: BlobKey?)
        /// Drop what has arrived.
        case discard
        /// Make an asset of the file.
        case register(BlobKey)
        /// Remove the file, if there is one.
        case remove(BlobKey?)
        /// Answer with this code.
        case refuse(FailureCode)
        /// The event does not apply.
        case ignore
    }

    /// Where it stands.
    public private(set) var status: UploadStatus
    /// When the address stops to take anything.
    public let expiresAt: Timestamp
    /// The most bytes that are taken.
    public let byteLimit: Int64
    /// The stored file.
    public private(set) var blob: BlobKey?

    /// An upload that was announced.
    public init(expiresAt: Timestamp, byteLimit: Int64) {
        self.init(status: .announced, expiresAt: expiresAt, byteLimit: byteLimit, blob: nil)
    }

    /// An upload as a store kept it.
    public init(status: UploadStatus, expiresAt: Timestamp, byteLimit: Int64, blob: BlobKey?) {
        self.status = status
        self.expiresAt = expiresAt
        self.byteLimit = byteLimit
        self.blob = blob
    }

    /// A client begins to send.
    public mutating func begin(announcedByteCount: Int64?, now: Timestamp) -> Action {
        guard now < expiresAt, status != .expired, status != .registered else { return .refuse(.uploadMissing) }
        if let announcedByteCount, announcedByteCount > byteLimit { return .refuse(.fileTooLarge) }
        status = .receiving
        return .receive
    }

    /// So many bytes have arrived until now.
    public mutating func receive(byteCount: Int64) -> Action {
        guard byteCount > byteLimit else { return .ignore }
        status = blob == nil ? .announced : .stored
        return .refuse(.fileTooLarge)
    }

    /// The whole file has arrived and is stored. What counts is the file: a client that repeats after a broken connection
    /// may be sending for the second time before the first time is known to have failed.
    public mutating func complete(blob: BlobKey) -> Action {
        guard status != .registered, status != .expired else { return .discard }
        let replaced = self.blob
        self.blob = blob
        status = .stored
        return .keep(replacing: replaced == blob ? nil : replaced)
    }

    /// The connection broke.
    public mutating func interrupt() -> Action {
        guard status == .receiving else { return .ignore }
        status = blob == nil ? .announced : .stored
        return .discard
    }

    /// A client wants an asset of it: of the file that is there, even while another one arrives.
    public mutating func register() -> Action {
        guard let blob, status != .expired else { return .refuse(.uploadMissing) }
        status = .registered
        return .register(blob)
    }

    /// The time may have run out. A registered file stays: it is the asset's.
    public mutating func expire(now: Timestamp) -> Action {
        guard now >= expiresAt, status != .registered, status != .expired else { return .ignore }
        status = .expired
        let removed = blob
        blob = nil
        return .remove(removed)
    }
}

/// A file that a client announced.
public struct Upload: Hashable, Sendable {
    /// How long an address takes a file.
    public static let validity = Duration.seconds(3600)

    /// Its name, part of the address.
    public let id: UploadID
    /// Its owner.
    public let organisation: OrganisationID
    /// The file's name at the client.
    public let fileName: String
    /// The type that the client announced; content is looked into all the same.
    public let contentType: String
    /// When it was announced.
    public let createdAt: Timestamp
    /// Its life.
    public var lifecycle: UploadLifecycle

    /// Announces an upload.
    public init(
        id: UploadID = UploadID(), organisation: OrganisationID, fileName: String, contentType: String,
        createdAt: Timestamp, lifecycle: UploadLifecycle
    ) {
        self.id = id
        self.organisation = organisation
        self.fileName = fileName
        self.contentType = contentType
        self.createdAt = createdAt
        self.lifecycle = lifecycle
    }
}
