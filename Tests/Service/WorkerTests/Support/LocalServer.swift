import HTTP
import Synchronization

/// A server on this machine for one test.
final class LocalServer: Sendable {
    /// A request as it arrived.
    struct Arrival: Sendable {
        var path: String
        var headers: HTTPHeaders
        var body: [UInt8]
    }

    let port: Int
    private let server: HTTPServer
    private let counter: CountedArrivals

    private init(_ answer: @escaping @Sendable (Arrival, Int) async throws -> HTTPResponse) throws {
        let counter = CountedArrivals()
        var router = HTTPRouter()
        for method in [HTTPMethod.get, .post] {
            router.on(method, "/{path*}") { request in
                let arrival = Arrival(
                    path: request.path, headers: request.headers,
                    body: try await request.body.collect(maximumBytes: 1 << 22))
                return try await answer(arrival, counter.add(arrival))
            }
        }
        server = HTTPServer(router: router)
        port = try server.start().port
        self.counter = counter
    }

    /// Every request so far.
    var all: [Arrival] { counter.all }

    func url(_ path: String, host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(path)" }

    /// Runs `body` with a server whose answer may depend on how many requests came before.
    static func run<Value: Sendable>(
        _ answer: @escaping @Sendable (Arrival, Int) async throws -> HTTPResponse,
        _ body: (LocalServer) async throws -> Value
    ) async throws -> Value {
        let server = try LocalServer(answer)
        let result: Result<Value, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        await server.server.shutdown(limit: .zero)
        return try result.get()
    }
}

private final class CountedArrivals: Sendable {
    private let arrivals = Mutex<[LocalServer.Arrival]>([])

    var all: [LocalServer.Arrival] { arrivals.withLock { $0 } }

    /// Keeps one; gives how many came before.
    func add(_ arrival: LocalServer.Arrival) -> Int {
        arrivals.withLock {
            $0.append(arrival)
            return $0.count - 1
        }
    }
}
