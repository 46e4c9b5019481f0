import Generations
import Glibc
import Text
public import Time

/// Everything that is kept, in one SQLite file: the embedded default.
///
/// One connection writes; others read what is committed. Every call that returns has stored durably (`synchronous` is
/// `FULL`), every call that throws has stored nothing.
public final class SQLiteStore: Sendable {
    /// How a file is opened.
    public struct Options: Sendable {
        /// How long to wait for another process that writes. Too short and a long write elsewhere becomes an error here;
        /// too long and callers hang.
        ///
        /// A write waits for at most two of these: one during which others wait before it, and its own.
        public var busyTimeout = Duration.seconds(1)
        /// How many connections read; more let long lists and short reads pass each other, at 2 MB each.
        public var readerCount = 2
        /// The largest size of the file in bytes; nil for no limit but the disk's.
        public var byteLimit: Int64?
        /// What leases and pauses are counted by.
        public var clock: any SteadyClock = MachineClock()
        /// Told, once for each, of rows that cannot be read and are left out of lists; called from any thread.
        public var onDamagedRow: (@Sendable (String) -> Void)?

        /// The defaults.
        public init() {}
    }

    let writer: DatabaseQueue
    let damaged: DamagedRows
    private let readers: [DatabaseQueue]
    private let quickReaders: [QuickReader]
    private let path: String
    private let clock: any SteadyClock
    private let clockOffset: Int64

    /// Opens a file, makes it where there is none, and brings an older one up to date.
    public init(path: String, options: Options = Options()) throws {
        damaged = DamagedRows(report: options.onDamagedRow)
        let busyMilliseconds = Int32(clamping: options.busyTimeout.components.seconds * 1000)
        Self.makePrivate(path)
        let connection = try Self.openWriter(path: path, busyMilliseconds: busyMilliseconds)
        try Migrations.migrate(connection)
        self.path = path
        clock = options.clock
        clockOffset = try SteadyTime.offset(of: options.clock, in: connection)
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

    /// Whether a file of this store is there, with tables in it: one that is missing, empty, or has lost the write-ahead
    /// log in which its tables were, holds nothing.
    public static func exists(at path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > 0 else { return false }
        // What cannot be read is somebody's all the same; opening it tells why it cannot be used.
        guard let connection = try? Connection(path: path, isReadOnly: true, busyMilliseconds: 5000),
            let version = try? Migrations.version(of: connection)
        else { return true }
        return version > 0
    }

    /// Makes the file before SQLite does, for its owner alone. SQLite gives the files beside it the same rights.
    private static func makePrivate(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
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

    /// The time of leases and pauses.
    public var steadyTime: Timestamp { Timestamp(milliseconds: clock.milliseconds + clockOffset) }

    /// Moves the write-ahead log into the main file and empties it, if it is larger than `byteCount`. Readers may hold a
    /// part of it back; that is moved the next time.
    public func checkpoint(ifLargerThan byteCount: Int64) async throws {
        let (log, now) = (path + "-wal", steadyTime)
        try await write { try SteadyTime.keep(now, $0) }
        try await writer.runAlone { connection in
            var status = stat()
            guard stat(log, &status) == 0, Int64(status.st_size) > byteCount else { return }
            _ = try connection.first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer(0) }
        }
    }

    /// Looks through the whole file; gives what is wrong with it in SQLite's words.
    public func problems() async throws -> [String] {
        try await read { connection in
            try connection.all("PRAGMA integrity_check(20)") { $0.text(0) }.filter { $0 != "ok" }
        }
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
