import Foundation
import HTTP
import Testing

/// Goal: pages of the origins that are named, and no others, may send requests and read answers, refusals included.
@Suite("Server: pages of other origins")
struct CrossOriginTests {
    private static let page = "https://app.example"

    private static func preflight(_ server: TestServer, _ path: String, origin: String) async throws
        -> HTTPClientResponse
    {
        try await server.client().send(
            HTTPClientRequest(
                .options, server.url(path),
                headers: [
                    "Origin": origin, "Access-Control-Request-Method": "POST",
                    "Access-Control-Request-Headers": "content-type, x-api-key",
                ]))
    }

    @Test("a page of an allowed origin is told what it may send, and reads answers and refusals")
    func allowed() async throws {
        try await TestServer.run({ $0.crossOrigin = CrossOriginPolicy(origins: [Self.page]) }) { server in
            let asked = try await Self.preflight(server, "/echo/", origin: Self.page)
            #expect(asked.status == .noContent)
            #expect(asked.bytes.isEmpty)
            #expect(asked.headers["Access-Control-Allow-Origin"] == Self.page)
            #expect(asked.headers["Access-Control-Allow-Methods"] == "POST")
            #expect(asked.headers["Access-Control-Allow-Headers"] == "content-type, x-api-key")
            #expect(asked.headers["Access-Control-Allow-Credentials"] == nil)
            #expect(asked.headers["Vary"] == "Origin")
            let sent = try await server.client().send(
                HTTPClientRequest(
                    .post, server.url("/echo"), headers: ["Origin": Self.page], body: .bytes(Array("x".utf8))))
            #expect(sent.status == .ok)
            #expect(sent.headers["Access-Control-Allow-Origin"] == Self.page)
            #expect(sent.headers["Access-Control-Expose-Headers"] == "*")
            let missing = try await server.client().send(
                HTTPClientRequest(.get, server.url("/none"), headers: ["Origin": Self.page]))
            #expect(missing.status == .notFound)
            #expect(missing.headers["Access-Control-Allow-Origin"] == Self.page)
            // This answer is written while the body still comes.
            let large = try await server.exchange(
                "POST /echo HTTP/1.1\r\nHost: a\r\nOrigin: \(Self.page)\r\nContent-Length: 5242880\r\n\r\nabc")
            #expect(large.hasPrefix("HTTP/1.1 413 "), "\(large)")
            #expect(large.contains("\r\nAccess-Control-Allow-Origin: \(Self.page)\r\n"), "\(large)")
        }
    }

    @Test("a page of another origin gets no permission, and other clients see no difference")
    func others() async throws {
        try await TestServer.run({ $0.crossOrigin = CrossOriginPolicy(origins: [Self.page]) }) { server in
            let asked = try await Self.preflight(server, "/echo", origin: "https://other.example")
            #expect(asked.status == .methodNotAllowed)
            #expect(asked.headers["Access-Control-Allow-Origin"] == nil)
            #expect(try await Self.preflight(server, "/none", origin: Self.page).status == .notFound)
            let plain = try await server.client().send(HTTPClientRequest(.get, server.url("/hello")))
            #expect(plain.status == .ok)
            #expect(plain.headers["Access-Control-Allow-Origin"] == nil)
            #expect(plain.headers["Vary"] == "Origin")
        }
    }

    @Test("all origins, or, without a policy, none")
    func extremes() async throws {
        try await TestServer.run({ $0.crossOrigin = CrossOriginPolicy(origins: ["*"]) }) { server in
            let asked = try await Self.preflight(server, "/echo", origin: "https://any.example")
            #expect(asked.status == .noContent)
            #expect(asked.headers["Access-Control-Allow-Origin"] == "*")
            #expect(asked.headers["Vary"] == nil)
        }
        try await TestServer.run { server in
            let asked = try await Self.preflight(server, "/echo", origin: Self.page)
            #expect(asked.status == .methodNotAllowed)
            #expect(asked.headers["Access-Control-Allow-Origin"] == nil)
        }
    }
}
