import Generations

/// Everything that is kept, in one SQLite file: the embedded default.
///
/// One connection writes; others read what is committed. Every call that returns has stored durably (`synchronous` is
/// `FULL`), every call that throws has stored nothing.
public final class SQLiteStore: Sendable {
    /// How a file is opened.
    public struct Options: Sendable {
        /// How long to wait for another process that writes. Too short and a long write elsewhere becomes an error here;
        /// too long and callers hang.
        public var busyTimeout = Duration.seconds(5)
        /// How many connections read; more let long lists and short reads pass each other, at 2 MB each.
        public var readerCount = 2
        /// The largest size of the file in bytes; nil for no limit but the disk's.
        public var byteLimit: Int64?

        /// The defaults.
        public init() {}
    }

    let writer: DatabaseQueue
    private let readers: [DatabaseQueue]
    private let quickReaders: [QuickReader]

    /// Opens a file, makes it where there is none, and brings an older one up to date.
    public init(path: String, options: Options = Options()) throws {
        let busyMilliseconds = Int32(clamping: options.busyTimeout.components.seconds * 1000)
        let connection = try Self.openWriter(path: path, busyMilliseconds: busyMilliseconds)
        try Migrations.migrate(connection)
        if let limit = options.byteLimit {
            let pageSize = try connection.first("PRAGMA page_size") { $0.integer(0) } ?? 4096
            _ = try connection.first("PRAGMA max_page_count = \(max(limit / pageSize, 1))") { $0.integer(0) }
        }
        writer = DatabaseQueue(label: "lipsmith.store.writer", connection: connection)
        readers = try (0..<max(options.readerCount, 1)).map { index in
            DatabaseQueue(
                label: "lipsmith.store.reader.\(index)",
                connection: try Connection(path: path, isReadOnly: true, busyMilliseconds: busyMilliseconds))
        }
        quickReaders = try (0..<max(options.readerCount, 1)).map { _ in
            QuickReader(
                connection: try Connection(path: path, isReadOnly: true, busyMilliseconds: busyMilliseconds))
        }
    }

    /// Opens for writing; separate so that tests can make files of earlier forms.
    package static func openWriter(path: String, busyMilliseconds: Int32 = 5000) throws -> sending Connection {
        let connection = try Connection(path: path, isReadOnly: false, busyMilliseconds: busyMilliseconds)
        try connection.run(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;
            PRAGMA temp_store = MEMORY
            """)
        return connection
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
        try await readers[Int.random(in: readers.indices)].read(body)
    }

    /// Reads one row by its key, with one statement, on the caller's thread.
    func readRow<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
        for reader in quickReaders {
            if let value = try reader.read(body) { return value }
        }
        return try await read(body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
        try await writer.write(body)
    }
}

/// A list as one value for `json_each`, so that a statement's text does not depend on the number of items.
func jsonList(_ texts: some Sequence<String>) -> SQLValue {
    .text(JSONValue.array(texts.map(JSONValue.string)).serialized)
}

/// A pattern for LIKE that finds `text` anywhere, its own wild cards taken literally (with `ESCAPE '!'`).
func containsPattern(_ text: String) -> String {
    var pattern = "%"
    for character in text {
        if character == "%" || character == "_" || character == "!" { pattern.append("!") }
        pattern.append(character)
    }
    return pattern + "%"
}
