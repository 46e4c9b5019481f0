import Generations
import Glibc
import Text
public import Time

/// One SQLite file: the embedded default.
///
/// One connection writes; others read what is committed. `synchronous` is `FULL`.
public final class SQLiteDatabase: Database {
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

        /// The defaults.
        public init() {}
    }

    private let writer: DatabaseQueue
    private let readers: [DatabaseQueue]
    private let quickReaders: [QuickReader]
    private let path: String
    private let clock: any SteadyClock
    private let clockOffset: Int64

    /// Opens a file, makes it where there is none, and brings an older one up to date.
    public init(path: String, options: Options = Options()) throws {
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
                connection: try SQLiteConnection(path: path, isReadOnly: true, busyMilliseconds: busyMilliseconds))
        }
        quickReaders = try (0..<max(options.readerCount, 1)).map { _ in
            QuickReader(
                connection: try SQLiteConnection(path: path, isReadOnly: true, busyMilliseconds: busyMilliseconds))
        }
    }

    /// Whether a database is there, with tables in it: one that is missing, empty, or has lost the write-ahead
    /// log in which its tables were, holds nothing.
    public static func exists(at path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > 0 else { return false }
        // What cannot be read is somebody's all the same; opening it tells why it cannot be used.
        guard let connection = try? SQLiteConnection(path: path, isReadOnly: true, busyMilliseconds: 5000),
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
    package static func openWriter(path: String, busyMilliseconds: Int32 = 5000) throws -> sending SQLiteConnection {
        let connection = try SQLiteConnection(path: path, isReadOnly: false, busyMilliseconds: busyMilliseconds)
        try connection.run(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;
            PRAGMA temp_store = MEMORY
            """)
        return connection
    }

    package var isElsewhere: Bool { false }

    /// The time of leases and pauses.
    public var steadyTime: Timestamp { Timestamp(milliseconds: clock.milliseconds + clockOffset) }

    /// Moves the write-ahead log into the main file and empties it, if it is larger than `byteCount`. Readers may hold a
    /// part of it back; that is moved the next time.
    public func checkpoint(ifLargerThan byteCount: Int64) async throws {
        let (log, now) = (path + "-wal", steadyTime)
        try await writer.write { try SteadyTime.keep(now, $0) }
        try await writer.runAlone { connection in
            var status = stat()
            guard stat(log, &status) == 0, Int64(status.st_size) > byteCount else { return }
            _ = try connection.first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer(0) }
        }
    }

    package func problems() async throws -> [String] {
        try await read { connection in
            try connection.all("PRAGMA integrity_check(20)") { $0.text(0) }.filter { $0 != "ok" }
        }
    }

    package func read<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws
        -> Value
    {
        try await readers[Int.random(in: readers.indices)].read(body)
    }

    /// Reads one row by its key, with one statement, on the caller's thread.
    package func readRow<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws
        -> Value
    {
        for reader in quickReaders {
            if let value = try reader.read(body) { return value }
        }
        return try await read(body)
    }

    package func write<Value: Sendable>(
        inTurn turn: String?, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try await writer.write(body)
    }
}
