import Blobs
import Foundation
public import Generations
public import Persistence
import Provenance
import Text
import Time

/// What an installation keeps, opened: in the data folder of one machine, or in a database and a bucket that several
/// machines share.
public struct InstallationData: Sendable {
    /// This machine's own folder.
    public let folder: DataFolder
    /// State.
    public let store: SQLStore
    /// Media.
    public let blobs: any BlobStore
    /// What links are signed with; the same on every machine.
    public let linkSecret: [UInt8]
    /// Makes what carries announcements between machines; nil where there is one machine.
    private let database: PostgresDatabase?

    /// Opens everything, and makes what is not there.
    ///
    /// - Parameters:
    ///   - beginsAnew: See `DataFolder.openStore`.
    ///   - isPatient: Whether statements may take long, since nobody waits for an answer.
    ///   - note: Told of what was found and put right, with a stable name; called from any thread.
    /// - Throws: `DataFolderError`, `DatabaseError`, `S3Problem`, `StoreError` where something cannot be used.
    static func open(
        _ configuration: ServerConfiguration, beginsAnew: Bool = false, isPatient: Bool = false,
        note: @escaping @Sendable (_ event: String, _ detail: String) -> Void
    ) async throws -> InstallationData {
        let folder = try DataFolder(configuration.dataFolder)
        let onDamagedRow: @Sendable (String) -> Void = { note("damaged_row_left_out", $0) }
        guard let options = try databaseOptions(configuration, isPatient: isPatient) else {
            let store = try folder.openStore(beginsAnew: beginsAnew, onDamagedRow: onDamagedRow)
            return InstallationData(
                folder: folder, store: store, blobs: try await openBlobs(configuration, folder, store, note: note),
                linkSecret: try folder.linkSecret(), database: nil)
        }
        let database = try await DatabaseError.explaining { try await PostgresDatabase(options) }
        let store = SQLStore(database, onDamagedRow: onDamagedRow)
        let text = try await store.keptText("link-secret", orKeep: Hexadecimal.encode(RandomBytes.make(32)))
        guard let secret = Hexadecimal.decode(text), secret.count >= 32 else {
            throw StoreError(code: .damaged, detail: "the link secret in the database")
        }
        return InstallationData(
            folder: folder, store: store, blobs: try await openBlobs(configuration, folder, store, note: note),
            linkSecret: secret, database: database)
    }

    private static func openBlobs(
        _ configuration: ServerConfiguration, _ folder: DataFolder, _ store: SQLStore,
        note: @escaping @Sendable (_ event: String, _ detail: String) -> Void
    ) async throws -> any BlobStore {
        guard let address = configuration.blobsAddress else {
            return try folder.openBlobs(quarantineTime: configuration.quarantineTime)
        }
        // A bucket belongs to all who share one database.
        let name = try await store.keptText("installation", orKeep: RandomBytes.uuid())
        var s3 = S3Configuration(address: address, installation: name)
        s3.downloads = configuration.blobDownloads
        s3.quarantineTime = configuration.quarantineTime
        s3.notice = { note($0.code, $0.sentence) }
        return try await S3BlobStore.open(s3)
    }

    /// Opens the state alone, for operators' commands.
    static func openStore(_ configuration: ServerConfiguration, isPatient: Bool = false) async throws -> SQLStore {
        guard let options = try databaseOptions(configuration, isPatient: isPatient) else {
            return try DataFolder(configuration.dataFolder).openStore()
        }
        return try await DatabaseError.explaining { SQLStore(try await PostgresDatabase(options)) }
    }

    /// The text of what the installation signs with, the same on every machine; made where there is none.
    func signingIdentity(now: Timestamp) async throws -> String {
        guard database != nil else { return try IdentityFile.text(in: folder.path, now: now) }
        return try await store.keptText(IdentityFile.name, orKeep: try SigningIdentity.makeInstallationText(now: now))
    }

    /// Carries what is announced here to the other machines, and back; nil where there are none.
    func carry(_ signal: ChangeSignal) -> PostgresSignals? { database?.carry(signal) }

    private static func databaseOptions(
        _ configuration: ServerConfiguration, isPatient: Bool
    ) throws -> PostgresDatabase.Options? {
        guard let url = configuration.databaseURL else { return nil }
        var options = PostgresDatabase.Options(address: url)
        options.connectionCount = configuration.databaseConnections
        if isPatient { options.answerLimit = .seconds(6 * 3600) }
        if let path = configuration.databasePasswordFile {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8),
                let line = text.split(whereSeparator: \.isNewline).first
            else {
                throw DatabaseError(
                    code: "database_password_missing",
                    description: "The file of --database-password-file cannot be read, or is empty.", detail: path)
            }
            options.password = String(line)
        }
        return options
    }
}

/// Why a database cannot be used.
public struct DatabaseError: Error, Sendable, CustomStringConvertible {
    /// A stable name.
    public let code: String
    /// The name, one sentence and what to do.
    public let description: String
    /// Particulars, for logs.
    public let detail: String

    /// Runs `open`, and says in words why it fails.
    static func explaining<Value>(_ open: () async throws -> Value) async throws -> Value {
        do { return try await open() } catch let error as StoreError { throw DatabaseError(error) }
    }

    init(code: String, description: String, detail: String) {
        self.code = code
        self.description = "\(code): \(description)"
        self.detail = detail
    }

    private init(_ error: StoreError) {
        let known = Self.known.first { error.detail.contains($0.words) }
        let (code, sentence) =
            known.map { ($0.code, $0.sentence) }
            ?? (error.code == .tooNew
                ? ("database_too_new", "The database was made by a newer version of Lipsmith: start that one.")
                : ("database_unusable", "The database cannot be used; the words behind tell why."))
        self.init(code: code, description: "\(sentence) (\(error.detail))", detail: error.detail)
    }

    /// What libpq and the server say, by words that stand in it; the first that fits.
    private static let known: [(words: String, code: String, sentence: String)] = [
        (
            "[address]", "database_address_invalid",
            "--database-url is not well formed: write special characters of a user or password as %40 for @, %2F for / "
                + "and %25 for %, or put the password into a file."
        ),
        (
            "[encoding]", "database_encoding_wrong",
            "The database must keep texts as UTF-8: make it with createdb -E UTF8."
        ),
        (
            "password authentication failed", "database_password_refused",
            "The database refuses the user or the password of --database-url: correct them."
        ),
        (
            "no password supplied", "database_password_refused",
            "The database asks for a password: set --database-password-file."
        ),
        ("does not exist", "database_missing", "The database or its user does not exist: make it with createdb."),
        (
            "permission denied", "database_rights_missing",
            "The user may not make tables in the database: make it the owner of the database."
        ),
        (
            "session is read-only", "database_read_only",
            "The database can only be read: name the primary server, not a replica."
        ),
        ("certificate", "database_certificate_refused", "The database's certificate is not trusted: set sslrootcert."),
        (
            "could not translate host name", "database_unreachable",
            "The host of --database-url is not known: correct its name."
        ),
        (
            "[connect]", "database_unreachable",
            "The database cannot be reached: start it, or correct --database-url."
        ),
    ]
}
