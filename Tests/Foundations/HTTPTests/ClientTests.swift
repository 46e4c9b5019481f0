import Foundation
import HTTP
import TestTools
import Testing

@Suite("Client")
struct ClientTests {
    private func code(_ client: HTTPClient, _ url: String) async -> HTTPClientError.Code? {
        do {
            _ = try await client.send(HTTPClientRequest(.get, url))
            return nil
        } catch { return (error as? HTTPClientError)?.code }
    }

    private func redirects(_ router: inout HTTPRouter) {
        TestServer.usualRoutes(&router)
        router.on(.get, "/hops/{count}") { request in
            let count = Int(request.parameters["count"] ?? "") ?? 0
            return count == 0
                ? .text("arrived", contentType: "text/x")
                : HTTPResponse(.found, headers: ["Location": "/hops/\(count - 1)"])
        }
        router.on(.get, "/to") { HTTPResponse(.found, headers: ["Location": $0.query["url"] ?? ""]) }
        router.on(.post, "/to") {
            HTTPResponse(HTTPStatus(rawValue: 307), headers: ["Location": $0.query["url"] ?? ""])
        }
        router.on(.patch, "/patch") { HTTPResponse(.ok, bytes: try await $0.body.collect(maximumBytes: 1 << 20)) }
        router.on(.put, "/put") { HTTPResponse(.created, bytes: try await $0.body.collect(maximumBytes: 1 << 20)) }
    }

    @Test("Methods, bodies, headers and the final URL")
    func requests() async throws {
        let folder = try TemporaryFolder()
        try await TestServer.run(routes: { redirects(&$0) }) { server in
            let client = server.client()
            let hops = try await client.send(HTTPClientRequest(.get, server.url("/hops/5")))
            #expect(hops.status == .ok)
            #expect(hops.url == server.url("/hops/0"))
            #expect(hops.headers["content-type"] == "text/x")
            #expect(await code(client, server.url("/hops/6")) == .refusedRedirect)
            let stays = try await server.client { $0.maximumRedirects = 0 }.send(
                HTTPClientRequest(.get, server.url("/hops/1")))
            #expect(stays.status == .found)
            #expect(stays.headers["Location"] == "/hops/0")
            let echo = try await client.send(
                HTTPClientRequest(.post, server.url("/to?url=/echo"), body: .bytes([1, 2, 3])))
            #expect(echo.status == .ok, "the body is sent again after a redirect that keeps the method")
            #expect(echo.bytes == [1, 2, 3], "the body is sent again after a redirect that keeps the method")
            let path = folder.file("body")
            try Data([4, 5]).write(to: URL(fileURLWithPath: path))
            let put = try await client.send(HTTPClientRequest(.put, server.url("/put"), body: .file(path: path)))
            #expect(put.status == .created)
            #expect(put.bytes == [4, 5])
            let patch = try await client.send(HTTPClientRequest(.patch, server.url("/patch"), body: .bytes([6, 7])))
            #expect(patch.status == .ok)
            #expect(patch.bytes == [6, 7])
            let empty = try await client.send(HTTPClientRequest(.post, server.url("/count")))
            #expect(empty.bytes == [48])
            let missing = try await client.send(HTTPClientRequest(.get, server.url("/none")))
            #expect(missing.status == .notFound)
        }
    }

    @Test("A look at an address takes its head and leaves the body, however large and whatever the status")
    func peek() async throws {
        try await TestServer.run(routes: { router in
            redirects(&router)
            router.on(.get, "/endless") { _ in
                .stream(headers: ["ETag": "\"7\""]) { writer in
                    while true { try await writer.write([UInt8](repeating: 1, count: 65_536)) }
                }
            }
            router.on(.get, "/refusal") { _ in
                HTTPResponse(.forbidden, bytes: [UInt8](repeating: 32, count: 1_000_000))
            }
        }) { server in
            let client = server.client { $0.maximumBytes = 1000 }
            let enough = try await client.peek(HTTPClientRequest(.get, server.url("/endless")), leastBytes: 100_000)
            #expect((100_000..<200_000).contains(enough.bytes.count))
            let endless = try await client.peek(HTTPClientRequest(.get, server.url("/to?url=/endless")))
            #expect(endless.status == .ok)
            #expect(endless.headers["ETag"] == "\"7\"")
            #expect(endless.url == server.url("/endless"))
            #expect(try await client.peek(HTTPClientRequest(.get, server.url("/refusal"))).status == .forbidden)
            #expect(try await client.peek(HTTPClientRequest(.get, server.url("/count"))).status == .methodNotAllowed)
            await #expect(throws: HTTPClientError.self) {
                try await HTTPClient().peek(HTTPClientRequest(.get, server.url("/hello")))
            }
        }
    }

    @Test("Addresses that are not public are refused: directly, by name, after a redirect, in every spelling")
    func refusedAddresses() async throws {
        try await TestServer.run(routes: { redirects(&$0) }) { server in
            let port = server.port
            let strict = HTTPClient()
            for host in [
                "127.0.0.1", "localhost", "0.0.0.0", "0", "2130706433", "0x7f.1", "127.1", "[::1]",
                "[::ffff:127.0.0.1]",
                "169.254.169.254", "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "[fd00::1]",
                "[64:ff9b::7f00:1]",
            ] {
                #expect(await code(strict, "http://\(host):\(port)/hello") == .refusedAddress, "\(host)")
            }
            for port in [25, 1023, 6379] {
                #expect(await code(server.client(), "http://127.0.0.1:\(port)/") == .refusedPort, "\(port)")
                let target = server.url("/to?url=http://127.0.0.1:\(port)/")
                #expect(await code(server.client(), target) == .refusedPort, "\(port) after a redirect")
            }
            // Only this exact address is allowed, so that a redirect to its neighbour is not.
            let client = server.client { $0.network = NetworkPolicy(allowing: NetworkRange.list("127.0.0.1/32") ?? []) }
            #expect(await code(client, server.url("/hello")) == nil)
            #expect(await code(client, server.url("/to?url=http://127.0.0.2:\(port)/hello")) == .refusedAddress)
            #expect(await code(client, server.url("/to?url=http://169.254.169.254/latest")) == .refusedAddress)
            #expect(await code(client, server.url("/to?url=file:///etc/passwd")) == .refusedRedirect)
            #expect(await code(client, server.url("/to?url=gopher://127.0.0.1:\(port)/x")) == .refusedRedirect)
        }
    }

    @Test(
        "Only http and https", arguments: ["file:///etc/passwd", "ftp://a/b", "gopher://a", "", "http://", "example"])
    func schemes(url: String) async {
        #expect(await code(HTTPClient(), url) == .invalidURL, "\(url)")
    }

    @Test("Blanks and letters beyond ASCII reach the server encoded; an international host name is translated")
    func internationalAddresses() async throws {
        try await TestServer.run(routes: { router in
            router.on(.get, "/{path*}") { .text("\($0.path) \($0.query["q"] ?? "")") }
        }) { server in
            let answer = try await server.client().send(
                HTTPClientRequest(.get, server.url("/für dich/größe.mp4?q=ü b")))
            #expect(String(decoding: answer.bytes, as: UTF8.self) == "/für dich/größe.mp4 ü b")
            for host in ["bücher", "例え", "xn--bcher-kva"] {
                #expect(await code(server.client(), "http://\(host).invalid/") == .unreachable, "\(host)")
            }
            #expect(await code(server.client(), "http://bü cher.invalid/") == .invalidURL)
        }
    }

    @Test("An answer that ends before its announced length, or before its head, is told as such and leaves no file")
    func endedEarly() async throws {
        let folder = try TemporaryFolder()
        try await TestServer.run(routes: { router in
            router.on(.get, "/cut") { _ in
                .stream(length: 1_000_000) { writer in
                    try await writer.write([UInt8](repeating: 1, count: 100_000))
                    throw CancellationError()
                }
            }
        }) { server in
            let error = await #expect(throws: HTTPClientError.self) {
                try await server.client().download(HTTPClientRequest(.get, server.url("/cut")), to: folder.file("a"))
            }
            #expect(error?.code == .endedEarly)
            #expect(folder.files.isEmpty)
            let beginning = try await server.client().peek(
                HTTPClientRequest(.get, server.url("/cut")), leastBytes: 1 << 20)
            #expect(beginning.status == .ok)
            #expect((1...100_000).contains(beginning.bytes.count))
        }
    }

    @Test("A body over the limit is refused, announced or not, and leaves no file")
    func sizeLimit() async throws {
        let folder = try TemporaryFolder()
        try await TestServer.run(routes: { router in
            router.on(.get, "/announced") { _ in HTTPResponse(.ok, bytes: [UInt8](repeating: 1, count: 100_000)) }
            router.on(.get, "/endless") { _ in
                .stream { writer in while true { try await writer.write([UInt8](repeating: 1, count: 65536)) } }
            }
        }) { server in
            for path in ["/announced", "/endless"] {
                let error = await #expect(throws: HTTPClientError.self) {
                    try await server.client().download(
                        HTTPClientRequest(.get, server.url(path)), to: folder.file("a"), maximumBytes: 99_999)
                }
                #expect(error?.code == .tooLarge)
                #expect(folder.files.isEmpty)
            }
            let fits = try await server.client().download(
                HTTPClientRequest(.get, server.url("/announced")), to: folder.file("b"), maximumBytes: 100_000)
            #expect(fits.byteCount == 100_000)
            #expect(fits.bytes.isEmpty)
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("b"))).count == 100_000)
            let again = await #expect(throws: HTTPClientError.self) {
                try await server.client().download(
                    HTTPClientRequest(.get, server.url("/announced")), to: folder.file("b"))
            }
            #expect(again?.code == .storageFailed)
        }
    }

    @Test("Time-outs: no answer, a body too slow, nobody there; and cancellation at once")
    func timeouts() async throws {
        try await TestServer.run(routes: { router in
            router.on(.get, "/never") { _ in
                try await Task.sleep(for: .seconds(60))
                return .text("")
            }
            router.on(.get, "/drip") { _ in
                .stream { writer in
                    while true {
                        try await writer.write("a")
                        try await Task.sleep(for: .milliseconds(50))
                    }
                }
            }
        }) { server in
            let hasty = server.client { $0.totalTimeout = .milliseconds(200) }
            #expect(await code(hasty, server.url("/never")) == .timedOut)
            #expect(await code(hasty, server.url("/drip")) == .timedOut)
            let picky = server.client { $0.lowSpeedTime = .seconds(1) }
            #expect(await code(picky, server.url("/drip")) == .tooSlow)
            #expect(await code(server.client(), "http://127.0.0.1:1024/") == .unreachable)
            let client = server.client()
            let task = Task { try await client.send(HTTPClientRequest(.get, server.url("/never"))) }
            #expect(await eventually(within: 10) { server.server.runningRequests == 1 })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(await eventually(within: 10) { server.server.runningRequests == 0 })
            let late = Task {
                try? await Task.sleep(for: .seconds(5))
                return try await client.send(HTTPClientRequest(.get, server.url("/never")))
            }
            late.cancel()
            await #expect(throws: CancellationError.self) { try await late.value }
        }
    }
}
