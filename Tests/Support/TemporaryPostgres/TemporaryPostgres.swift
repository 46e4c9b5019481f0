import Foundation
import Glibc
import Subprocess
import Synchronization

/// A PostgreSQL server in a temporary folder, reached by a socket in it. It ends with this process, however that ends, and
/// takes its folder with it.
public final class TemporaryPostgres: Sendable {
    /// One for all tests that only need a database of their own.
    public static let shared = Result { try TemporaryPostgres() }

    /// What is wrong with the machine or the server.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private let folder: String
    /// The program that starts the server and ends it.
    private let keeper: Mutex<Subprocess>
    private let databaseCount = Mutex(0)

    /// Makes a cluster and starts its server.
    ///
    /// - Parameter isDurable: Whether it waits for the disk; needed by tests that kill it.
    /// - Throws: `Failure`.
    public init(isDurable: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.path + "/lipsmith-postgres-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        if getuid() == 0 { try Self.shell("chown postgres \(folder)") }
        try Self.shell(
            "cd / && "
                + Self.asOrdinaryUser([
                    "\(Self.programs)/initdb", "--pgdata=\(folder)/data", "--auth=trust", "--username=lipsmith",
                    "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
                ]).joined(separator: " "))
        let settings = [
            "listen_addresses=''", "unix_socket_directories='\(folder)'", "shared_buffers=64MB", "max_connections=100",
            "fsync=\(isDurable ? "on" : "off")", "log_min_messages=fatal", "autovacuum_naptime=5s",
        ]
        try Data(settings.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder + "/settings"))
        try Self.shell("cat \(folder)/settings >>\(folder)/data/postgresql.conf")
        keeper = Mutex(try Self.start(folder))
        try waitUntilReady()
    }

    deinit {
        try? keeper.withLock { try $0.input?.close() }
        _ = keeper.withLock { $0.waitUntilExit() }
    }

    /// The address of a database of the server.
    public func address(_ database: String) -> String {
        "postgres:///\(database)?host=\(folder)&user=lipsmith"
    }

    /// Makes an empty database; gives its address.
    ///
    /// - Parameter template: The database that it begins as.
    public func makeDatabase(from template: String = "template1") throws -> String {
        let name = databaseCount.withLock { count in
            count += 1
            return "test\(count)"
        }
        try run("CREATE DATABASE \(name) TEMPLATE \(template)", in: "postgres")
        return address(name)
    }

    /// The name of the database that an address leads to.
    public static func name(of address: String) -> String {
        String(address.split(separator: "?")[0].split(separator: "/").last ?? "")
    }

    /// Runs statements by the server's own client; gives what that prints.
    @discardableResult
    public func run(_ statements: String, in database: String) throws -> String {
        try Self.shell(
            "psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 '\(address(database))' <<'END'\n"
                + statements + "\nEND")
    }

    /// Begins a transaction of another program and leaves it open, until the result goes.
    public func beginElsewhere(_ statements: String, in database: String) throws -> OpenTransaction {
        try OpenTransaction(statements, address: address(database))
    }

    /// A transaction of another program.
    public final class OpenTransaction {
        private let process: Subprocess

        fileprivate init(_ statements: String, address: String) throws {
            process = try Subprocess(
                "psql", ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", address], input: .pipe, output: .pipe)
            process.input?.write(Data("BEGIN; \(statements); SELECT 'begun';\n".utf8))
            var said = ""
            while !said.contains("begun") {
                guard let data = process.output?.availableData, !data.isEmpty else {
                    throw Failure(description: "psql ended")
                }
                said += String(decoding: data, as: UTF8.self)
            }
        }

        /// Takes back what it did.
        public func end() {
            try? process.input?.close()
            process.waitUntilExit()
        }
    }

    /// Kills the server and everything that it has started, and starts it anew.
    ///
    /// - Parameter pause: How long it is away.
    public func restart(after pause: Duration = .zero) throws {
        try stop()
        Thread.sleep(forTimeInterval: Double(pause.components.seconds) + Double(pause.components.attoseconds) / 1e18)
        try start()
    }

    /// Kills the server.
    public func stop() throws {
        try Self.shell("kill -QUIT $(head -1 \(folder)/data/postmaster.pid)")
        _ = keeper.withLock { $0.waitUntilExit() }
    }

    /// Starts a server that was stopped.
    public func start() throws {
        try keeper.withLock { $0 = try Self.start(folder) }
        try waitUntilReady()
    }

    /// Runs a server until its input ends, which is when this process ends, and removes the folder then.
    private static let keeping = """
        import os, shutil, subprocess, sys, threading
        folder, command = sys.argv[1], sys.argv[2:]
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=open(folder + "/log", "a"), cwd="/")
        is_over = threading.Event()
        threading.Thread(target=lambda: server.wait() or is_over.is_set() or os._exit(0), daemon=True).start()
        sys.stdin.read()
        is_over.set()
        server.send_signal(2)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)
        """

    private static func start(_ folder: String) throws -> Subprocess {
        let server = asOrdinaryUser(["\(programs)/postgres", "-D", "\(folder)/data"])
        return try Subprocess("python3", ["-c", keeping, folder] + server, input: .pipe)
    }

    private func waitUntilReady() throws {
        for _ in 0..<300 {
            if (try? Self.shell("\(Self.programs)/pg_isready --quiet --host \(folder) --username lipsmith")) != nil {
                return
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
        throw Failure(description: "the server did not start: \((try? Self.shell("cat \(folder)/log")) ?? "")")
    }

    /// The server's programs, of the version that Debian 12 has.
    private static let programs = "/usr/lib/postgresql/15/bin"

    /// PostgreSQL refuses to run as root.
    private static func asOrdinaryUser(_ command: [String]) -> [String] {
        getuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] + command : command
    }

    @discardableResult
    private static func shell(_ command: String) throws -> String {
        guard FileManager.default.isExecutableFile(atPath: "\(programs)/postgres") else {
            throw Failure(description: "PostgreSQL 15 is not installed: run scripts/setup --postgres")
        }
        let process = try Subprocess("/bin/sh", ["-c", command], output: .pipe, errors: .pipe)
        let text = process.readOutput()
        guard process.waitUntilExit() == 0 else { throw Failure(description: "\(command): \(text)") }
        return text
    }
}
