import Foundation
import HTTP
import TestTools
import Testing

@Suite("Server: requests and answers")
struct ServerTests {
    @Test("Path parameters, query, method table, HEAD from GET")
    func routing() async throws {
        try await TestServer.run(routes: { router in
            router.on(.get, "/v2/things/{id}") { request in
                .text("\(request.parameters["id"] ?? "") \(request.query.values("a")) \(request.query["b"] ?? "-")")
            }
            router.on(.delete, "/v2/things/{id}") { _ in
                HTTPResponse(.noContent, headers: ["x-request-id": "theirs"])
            }
        }) { server in
            let client = server.client()
            let found = try await client.send(
                HTTPClientRequest(.get, server.url("/v2/things/x%2Fy%20%C3%A4?a=1&a=2+3&b=%26")))
            #expect(String(decoding: found.bytes, as: UTF8.self) == "x/y ä [\"1\", \"2 3\"] &")
            #expect(found.headers["X-Request-Id"]?.hasPrefix("req-") == true)
            #expect(found.headers["Date"] != nil)
            let head = try await client.send(HTTPClientRequest(.head, server.url("/v2/things/abc")))
            #expect(head.status == .ok)
            #expect(head.bytes.isEmpty)
            #expect(head.headers["Content-Length"] == "8")
            let gone = try await client.send(HTTPClientRequest(.delete, server.url("/v2/things/abc")))
            #expect(gone.status == .noContent)
            #expect(gone.headers.values("X-Request-Id").count == 1)
            #expect(gone.headers["X-Request-Id"] != "theirs")
            #expect(gone.headers["X-Request-Id"] != found.headers["X-Request-Id"])
            let missing = try await client.send(HTTPClientRequest(.get, server.url("/v2/none")))
            #expect(missing.status == .notFound)
            let wrong = try await client.send(HTTPClientRequest(.post, server.url("/v2/things/abc"), body: .bytes([1])))
            #expect(wrong.status == .methodNotAllowed)
            #expect(wrong.headers["Allow"] == "DELETE, GET, HEAD")
            let invalid = try await client.send(HTTPClientRequest(.get, server.url("/v2/things/%FF")))
            #expect(invalid.status == .badRequest)
            let query = try await client.send(HTTPClientRequest(.get, server.url("/v2/things/a?b=%C3%28")))
            #expect(query.status == .badRequest)
        }
    }

    @Test("Errors: own ones are answered, others become 500 without private detail and a log line with it")
    func errors() async throws {
        struct Secret: Error { let path = "/private/path" }
        try await TestServer.run(routes: { router in
            router.on(.get, "/own") { _ in throw HTTPError(.conflict, "busy", "Busy.", detail: "why") }
            router.on(.get, "/other") { _ in throw Secret() }
        }) { server in
            let own = try await server.client().send(HTTPClientRequest(.get, server.url("/own")))
            #expect(own.status == .conflict)
            #expect(
                String(decoding: own.bytes, as: UTF8.self).hasPrefix(
                    "{\"error\":{\"code\":\"busy\",\"message\":\"Busy.\""))
            let other = try await server.client().send(
                HTTPClientRequest(.get, server.url("/other"), headers: ["X-Request-Id": "abc.1"]))
            #expect(other.status == .internalServerError)
            #expect(other.headers["X-Request-Id"] == "abc.1")
            #expect(!String(decoding: other.bytes, as: UTF8.self).contains("private"))
            let line = try #require(await server.log.first(holding: "abc.1"))
            #expect(line.contains("/private/path"))
            #expect(line.contains("\"status\":500"))
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["route"] as? String == "/other")
            #expect(object["outcome"] as? String == "done")
            let insane = try await server.client().send(
                HTTPClientRequest(.get, server.url("/own"), headers: ["X-Request-Id": "a\"b"]))
            #expect(insane.headers["X-Request-Id"]?.hasPrefix("req-") == true)
            #expect(
                server.metrics.render().contains("http_requests_total{route=\"/own\",method=\"GET\",status=\"409\"}"))
        }
    }

    @Test("Bodies: announced, chunked, empty, with 100-continue")
    func bodies() async throws {
        try await TestServer.run { server in
            let plain = try await server.exchange(
                "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nabcde")
            #expect(plain.hasPrefix("HTTP/1.1 200"))
            #expect(plain.hasSuffix("\r\n\r\nabcde"))
            let chunked = try await server.exchange(
                "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")
            #expect(chunked.hasPrefix("HTTP/1.1 200"))
            #expect(chunked.hasSuffix("\r\n\r\nabcde"))
            let old = try await server.exchange(
                "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
            #expect(old.hasPrefix("HTTP/1.1 400"), "HTTP/1.0 has no chunks")
            #expect(old.contains("unknown_transfer_coding"), "HTTP/1.0 has no chunks")
            #expect(try await server.exchange("GET /hello HTTP/1.0\r\n\r\n").hasSuffix("hello"), "nor needs it a Host")
            let empty = try await server.exchange(
                "POST /count HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            #expect(empty.hasSuffix("\r\n\r\n0"))
            let port = server.port
            let (first, second) = try await blocking {
                let socket = try RawSocket(port: port)
                try socket.send(
                    "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
                )
                let first = socket.receive(until: "\r\n\r\n")
                try socket.send("xyz")
                return (first, socket.receiveAll())
            }
            #expect(first == "HTTP/1.1 100 Continue\r\n\r\n")
            #expect(second.hasPrefix("HTTP/1.1 200"))
            #expect(second.hasSuffix("xyz"))
        }
    }

    @Test("Keep-alive: one connection serves many requests, pipelined ones in order")
    func keepAlive() async throws {
        try await TestServer.run { server in
            let port = server.port
            let answers = try await blocking {
                let socket = try RawSocket(port: port)
                for _ in 0..<20 {
                    try socket.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                    guard socket.receive(until: "hello").hasPrefix("HTTP/1.1 200") else { throw RawSocket.Failure() }
                    try socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
                    guard socket.receive(until: "abc").hasPrefix("HTTP/1.1 200") else { throw RawSocket.Failure() }
                    try socket.send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
                    guard socket.receive(until: "}}").hasPrefix("HTTP/1.1 404") else { throw RawSocket.Failure() }
                }
                try socket.send(
                    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nonePOST /echo HTTP/1.1\r\nHost: a\r\n"
                        + "Connection: close\r\nContent-Length: 3\r\n\r\ntwo")
                return socket.receiveAll()
            }
            let one = try #require(answers.range(of: "\r\n\r\none"))
            let two = try #require(answers.range(of: "\r\n\r\ntwo"))
            #expect(one.lowerBound < two.lowerBound)
            #expect(await eventually(within: 10) { server.log.all.count == 62 })
        }
    }

    @Test("A change under a condition that names a version is not made")
    func conditionalChange() async throws {
        let changes = Lines()
        try await TestServer.run(routes: { router in
            router.on(.delete, "/thing") { _ in
                changes.add("deleted")
                return HTTPResponse(.noContent)
            }
        }) { server in
            for (tag, status) in [("\"x\"", HTTPStatus.preconditionFailed), ("*", .noContent)] {
                let answer = try await server.client().send(
                    HTTPClientRequest(.delete, server.url("/thing"), headers: ["If-Match": tag]))
                #expect(answer.status == status)
            }
            #expect(changes.all.count == 1)
        }
    }

    @Test("A body over the route's limit is 413: announced, in chunks, and with nothing read")
    func bodyLimit() async throws {
        try await TestServer.run(routes: { router in
            let options = HTTPRouteOptions(maximumBodyBytes: 1000)
            router.on(.post, "/small", options: options) { request in
                .text(String(try await request.body.collect(maximumBytes: 1 << 20).count))
            }
            router.on(.post, "/refuse", options: HTTPRouteOptions(maximumBodyBytes: 1 << 30)) { _ in
                throw HTTPError(.unauthorized, "no_key", "No key.")
            }
        }) { server in
            let fits = try await server.client().send(
                HTTPClientRequest(.post, server.url("/small"), body: .bytes([UInt8](repeating: 1, count: 1000))))
            #expect(fits.status == .ok)
            let announced = try await server.exchange(
                "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n")
            #expect(announced.hasPrefix("HTTP/1.1 413"))
            let piece = "3E8\r\n" + String(repeating: "a", count: 1000) + "\r\n"
            let chunked = try await server.exchange(
                "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(piece)\(piece)")
            #expect(chunked.hasPrefix("HTTP/1.1 413"))
            let early = try await server.exchange(
                "POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nabc")
            #expect(early.hasPrefix("HTTP/1.1 401"))
            #expect(early.contains("Connection: close"))
            let waiting = try await server.exchange(
                "POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\nExpect: 100-continue\r\n\r\n")
            #expect(waiting.contains("HTTP/1.1 401"))
            #expect(await eventually(within: 10) { server.server.runningRequests == 0 })
        }
    }

    @Test("Streams: chunked and of known length; a failing producer cuts the body")
    func streams() async throws {
        struct Broken: Error {}
        try await TestServer.run(routes: { router in
            router.on(.get, "/chunks") { _ in
                .stream(headers: ["Content-Type": "text/event-stream"]) { writer in
                    for number in 0..<100 {
                        try await writer.write("data: \(number)\n\n")
                        if number % 10 == 0 { try await Task.sleep(for: .milliseconds(2)) }
                    }
                }
            }
            router.on(.get, "/known") { _ in
                .stream(length: 3_000_000) { writer in
                    for _ in 0..<30 { try await writer.write([UInt8](repeating: 7, count: 100_000)) }
                }
            }
            router.on(.get, "/broken") { _ in
                .stream { writer in
                    try await writer.write("begin")
                    throw Broken()
                }
            }
        }) { server in
            let client = server.client()
            let chunks = try await client.send(HTTPClientRequest(.get, server.url("/chunks")))
            #expect(String(decoding: chunks.bytes, as: UTF8.self).hasSuffix("data: 99\n\n"))
            #expect(chunks.headers["Transfer-Encoding"] == "chunked")
            let known = try await client.send(HTTPClientRequest(.get, server.url("/known")))
            #expect(known.byteCount == 3_000_000)
            #expect(known.headers["Content-Length"] == "3000000")
            let head = try await client.send(HTTPClientRequest(.head, server.url("/known")))
            #expect(head.status == .ok)
            #expect(head.byteCount == 0)
            let broken = await #expect(throws: HTTPClientError.self) {
                try await client.send(HTTPClientRequest(.get, server.url("/broken")))
            }
            #expect(broken?.code == .endedEarly)
            #expect(await server.log.first(holding: "Broken") != nil)
        }
    }

    @Test("Files: whole, one range, conditions, outside")
    func files() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.bin")
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try Data(content).write(to: URL(fileURLWithPath: path))
        try await TestServer.run(routes: { router in
            router.on(.get, "/file") { request in
                try .file(path: path, contentType: "video/mp4", entityTag: "\"tag\"", for: request)
            }
            router.on(.get, "/missing") { try .file(path: path + "x", contentType: "video/mp4", for: $0) }
        }) { server in
            func get(_ headers: HTTPHeaders, _ method: HTTPMethod = .get) async throws -> HTTPClientResponse {
                try await server.client().send(HTTPClientRequest(method, server.url("/file"), headers: headers))
            }
            let whole = try await get([:])
            #expect(whole.bytes == content)
            #expect(whole.headers["ETag"] == "\"tag\"")
            #expect(whole.headers["Accept-Ranges"] == "bytes")
            #expect(whole.headers["Content-Type"] == "video/mp4")
            for (range, expected) in [
                ("bytes=0-0", 0..<1), ("bytes=100-199", 100..<200), ("bytes=99990-", 99990..<100_000),
                ("bytes=-10", 99990..<100_000), ("bytes=99999-999999", 99999..<100_000),
            ] {
                let part = try await get(["Range": range])
                #expect(part.status == .partialContent, "\(range)")
                #expect(part.bytes == Array(content[expected]), "\(range)")
                #expect(
                    part.headers["Content-Range"] == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/100000")
            }
            let outside = try await get(["Range": "bytes=100000-"])
            #expect(outside.status == .rangeNotSatisfiable)
            #expect(outside.headers["Content-Range"] == "bytes */100000")
            for ignored in ["bytes=5-2", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b"] {
                #expect(try await get(["Range": ignored]).byteCount == 100_000)
            }
            #expect(try await get(["If-None-Match": "\"x\", W/\"tag\""]).status == .notModified)
            let conditions: [(HTTPHeaders, HTTPStatus)] = [
                (["If-Match": "\"tag\""], HTTPStatus.ok), (["If-Match": "\"x\", \"tag\""], .ok),
                (["If-Match": "*"], .ok),
                (["If-Match": "\"x\""], .preconditionFailed), (["If-Match": "W/\"tag\""], .preconditionFailed),
                (["If-Match": "\"x\"", "If-None-Match": "\"tag\""], .preconditionFailed),
                (["If-Match": "\"tag\"", "If-None-Match": "\"tag\""], .notModified),
                (["If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"], .preconditionFailed),
                (["If-Unmodified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"], .ok), (["If-Unmodified-Since": "soon"], .ok),
                (["If-Match": "\"tag\"", "If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"], .ok),
            ]
            for (fields, status) in conditions {
                #expect(try await get(fields).status == status, "\(fields)")
            }
            #expect(try await get(["If-Modified-Since": whole.headers["Last-Modified"] ?? ""]).status == .notModified)
            #expect(try await get(["Range": "bytes=0-1", "If-Range": "\"other\""]).byteCount == 100_000)
            #expect(try await get(["Range": "bytes=0-1", "If-Range": "\"tag\""]).byteCount == 2)
            let head = try await get([:], .head)
            #expect(head.headers["Content-Length"] == "100000")
            #expect(head.bytes.isEmpty)
            #expect(try await server.client().send(HTTPClientRequest(.get, server.url("/missing"))).status == .notFound)
        }
    }

    @Test("A handler past its deadline is answered for and cancelled")
    func deadline() async throws {
        let cancelled = Gate()
        try await TestServer.run(routes: { router in
            router.on(.get, "/slow", options: HTTPRouteOptions(deadline: .milliseconds(100))) { _ in
                do { try await Task.sleep(for: .seconds(60)) } catch { cancelled.open() }
                return .text("late")
            }
        }) { server in
            let answer = try await server.client().send(HTTPClientRequest(.get, server.url("/slow")))
            #expect(answer.status == .serviceUnavailable)
            await cancelled.wait()
        }
    }
}
