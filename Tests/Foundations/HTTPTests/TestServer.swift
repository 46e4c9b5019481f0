import Foundation
import HTTP
import Synchronization

/// A server on a free port with the usual routes, and what it logged.
final class TestServer: Sendable {
    let server: HTTPServer
    let port: Int
    let log = Lines()
    let metrics: Metrics

    init(
        _ configure: (inout HTTPServerConfiguration) -> Void = { _ in }, routes: (inout HTTPRouter) -> Void
    ) throws {
        var configuration = HTTPServerConfiguration()
        configuration.watchInterval = .milliseconds(20)
        configure(&configuration)
        let log = log
        configuration.accessLog = { log.add($0) }
        metrics = configuration.metrics
        var router = HTTPRouter()
        routes(&router)
        server = HTTPServer(configuration, router: router)
        port = try server.start().port
    }

    /// Starts a server, runs the body, stops the server.
    static func run(
        _ configure: (inout HTTPServerConfiguration) -> Void = { _ in },
        routes: (inout HTTPRouter) -> Void = { TestServer.usualRoutes(&$0) },
        _ body: @Sendable (TestServer) async throws -> Void
    ) async throws {
        let server = try TestServer(configure, routes: routes)
        do {
            try await body(server)
        } catch {
            await server.server.shutdown(limit: .zero)
            throw error
        }
        await server.server.shutdown(limit: .seconds(5))
    }

    static func usualRoutes(_ router: inout HTTPRouter) {
        router.on(.get, "/hello") { _ in .text("hello") }
        router.on(.post, "/count", options: HTTPRouteOptions(maximumBodyBytes: 1 << 30)) { request in
            var count = 0
            for try await chunk in request.body { count += chunk.count }
            return .text(String(count))
        }
        router.on(.post, "/echo") { request in
            HTTPResponse(.ok, bytes: try await request.body.collect(maximumBytes: 1 << 20))
        }
    }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// A client that may connect to this computer.
    func client(_ configure: (inout HTTPClientConfiguration) -> Void = { _ in }) -> HTTPClient {
        var configuration = HTTPClientConfiguration()
        configuration.network = NetworkPolicy(allowing: NetworkRange.list("127.0.0.0/8") ?? [])
        configure(&configuration)
        return HTTPClient(configuration)
    }

    /// Sends raw bytes on a new connection and returns everything until the server closes.
    func exchange(_ text: String, timeout: Double = 10) async throws -> String {
        let port = port
        return try await blocking {
            let socket = try RawSocket(port: port)
            try socket.send(text)
            return socket.receiveAll(timeout: timeout)
        }
    }
}

/// Log lines, in order.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    var all: [String] { lines.withLock { $0 } }

    /// Waits until a line holds a text.
    func first(holding text: String) async -> String? {
        for _ in 0..<500 {
            if let line = all.first(where: { $0.contains(text) }) { return line }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }
}

/// Runs blocking work on a thread of its own: the shared pool has one thread per core, and handlers need it.
func blocking<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
    }
}

/// A signal from one task to others.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    var waiterCount: Int { state.withLock { $0.waiting.count } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// A folder that goes away with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/http-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}

/// Pages of this process in memory, in bytes.
func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4096
}

/// Threads of this process.
func threadCount() -> Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0 }
