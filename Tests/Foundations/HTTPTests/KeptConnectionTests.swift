import Foundation
import HTTP
import TestTools
import Testing

/// A client whose transfers share one thread and its connections.
struct KeptConnectionTests {
    private func client(_ server: TestServer) -> HTTPClient {
        var configuration = HTTPClientConfiguration()
        configuration.network = NetworkPolicy(allowing: NetworkRange.list("127.0.0.0/8") ?? [])
        return HTTPClient(configuration, keepsConnections: true)
    }

    private func code(_ client: HTTPClient, _ request: HTTPClientRequest) async -> HTTPClientError.Code? {
        do {
            _ = try await client.send(request)
            return nil
        } catch { return (error as? HTTPClientError)?.code }
    }

    /// Bodies of both directions, one after the other and beside each other, each to its own caller.
    @Test func transfers() async throws {
        try await TestServer.run { server in
            let client = client(server)
            for count in [0, 1, 200_000] {
                let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
                let answer = try await client.send(
                    HTTPClientRequest(.post, server.url("/echo"), body: .bytes(body)))
                #expect(answer.bytes == body)
            }
            try await withThrowingTaskGroup { group in
                for index in 0..<50 {
                    group.addTask {
                        let body = [UInt8](repeating: UInt8(index), count: 10_000 * index)
                        let answer = try await client.send(
                            HTTPClientRequest(.post, server.url("/echo"), body: .bytes(body)))
                        #expect(answer.bytes == body)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.send(HTTPClientRequest(.get, server.url("/none"))).status == .notFound)
            #expect(await code(client, HTTPClientRequest(.get, "http://127.0.0.1:1/")) == .refusedPort)
            #expect(await code(client, HTTPClientRequest(.get, "ftp://127.0.0.1/")) == .invalidURL)
        }
    }

    /// Transfers that follow each other use one connection, which ends with the client.
    @Test func connections() async throws {
        try await TestServer.run { server in
            func openCount() -> String? {
                server.metrics.render().split(separator: "\n").first { $0.hasPrefix("http_connections ") }.map(
                    String.init)
            }
            do {
                let client = client(server)
                for _ in 0..<20 { _ = try await client.send(HTTPClientRequest(.get, server.url("/hello"))) }
                #expect(openCount() == "http_connections 1")
            }
            #expect(await eventually(within: 10) { openCount() == "http_connections 0" })
        }
    }

    /// Where nothing moves, a transfer ends long before its timeout; a cancelled one ends at once; and the others go on.
    @Test func ends() async throws {
        try await TestServer.run(routes: { router in
            TestServer.usualRoutes(&router)
            router.on(.get, "/never") { _ in
                try await Task.sleep(for: .seconds(60))
                return .text("")
            }
        }) { server in
            let client = client(server)
            var stalled = HTTPClientRequest(.get, server.url("/never"))
            stalled.stallTime = .seconds(1)
            #expect(await code(client, stalled) == .timedOut)
            var late = HTTPClientRequest(.get, server.url("/never"))
            late.timeout = .milliseconds(200)
            #expect(await code(client, late) == .timedOut)
            #expect(await eventually(within: 10) { server.server.runningRequests == 0 })
            let task = Task { try await client.send(HTTPClientRequest(.get, server.url("/never"))) }
            #expect(await eventually(within: 10) { server.server.runningRequests == 1 })
            let other = try await client.send(HTTPClientRequest(.get, server.url("/hello")))
            #expect(other.bytes == Array("hello".utf8))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(await eventually(within: 10) { server.server.runningRequests == 0 })
        }
    }
}
