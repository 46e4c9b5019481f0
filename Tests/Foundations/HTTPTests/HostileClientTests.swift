import Foundation
import HTTP
import TestTools
import Testing

@Suite("Server: hostile clients")
struct HostileClientTests {
    @Test(
        "A head whose length is ambiguous, or that is not valid, is refused and the connection closed",
        arguments: [
            "Host: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n",
            "Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n",
            "Host: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n",
            "Host: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n",
            "Host: a\r\nContent-Length: +3\r\n",
            "Host: a\r\nContent-Length: -3\r\n",
            "Host: a\r\nContent-Length: 99999999999999999999999\r\n",
            "Host: a\r\nTransfer-Encoding : chunked\r\n",
            "Host: a\r\nTransfer-Encoding: gzip, chunked\r\n",
            "Host: a\r\nTransfer-Encoding: xchunked\r\n",
            "Host: a\r\nTransfer-Encoding: identity\r\n",
            "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Host: a\r\nBad Name: b\r\n",
            "Host: a\r\nControl: a\u{1}b\r\n",
            "Content-Length: 0\r\n",
        ])
    func ambiguous(fields: String) async throws {
        try await TestServer.run { server in
            // What follows would be read as a second request by a reader that sees the length differently.
            let answer = try await server.exchange(
                "POST /echo HTTP/1.1\r\n\(fields)\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n", timeout: 3)
            #expect(answer.hasPrefix("HTTP/1.1 4") || answer.isEmpty, "\(answer)")
            #expect(!answer.contains("HTTP/1.1 2"), "\(answer)")
            #expect(!answer.contains("hello"), "\(answer)")
        }
    }

    @Test(
        "A head that another reader could see differently gets one answer, 400 in the usual form, and a log line",
        arguments: [
            "GET /hello HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\nY: d\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: a\r\nX: b\0\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nX: \0\0Y: b\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nX: \0Y: b\r\n\r\n",
            "GET /hello HTTP/1.1\0\0Host: a\r\nHost: b\r\n\r\n", "GET /hello\0/x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /hello?a=\0b HTTP/1.1\r\nHost: a\r\n\r\n", "GET\0 /hello HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /hello HTTP/1.1\nHost: a\n\n", "GET /hello HTTP/1.1\r\nHost: a\r\nX: b\nY: c\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n", "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /hello  HTTP/1.1\r\nHost: a\r\n\r\n", "GET /hel lo HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n",
            "GET /hello HTTP/1.1\r\n\r\n", "GET /hello HTTP/1.1\r\nX : b\r\nHost: a\r\n\r\n",
        ])
    func otherReaders(text: String) async throws {
        try await TestServer.run { server in
            let answers = try await server.exchange(text)
            #expect(answers.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(answers)")
            #expect(answers.components(separatedBy: "HTTP/1.1 ").count == 2, "\(answers)")
            #expect(answers.contains("\r\n\r\n{\"error\":{\"code\":\"invalid_") || text.contains("\0"), "\(answers)")
            #expect(answers.contains("Connection: close"))
            #expect(await server.log.first(holding: "\"status\":400") != nil, "\(server.log.all)")
            // In pieces, and as the second request of a connection, it is the same.
            let port = server.port
            let later = try await blocking {
                let socket = try RawSocket(port: port)
                try socket.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = socket.receive(until: "hello")
                for start in stride(from: 0, to: text.utf8.count, by: 7) {
                    guard (try? socket.send(Array(Array(text.utf8)[start..<min(start + 7, text.utf8.count)]))) != nil
                    else { break }
                    usleep(2000)
                }
                return socket.receiveAll()
            }
            #expect(later.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(later)")
        }
    }

    @Test("What libmicrohttpd refuses by itself has a log line too")
    func refusals() async throws {
        try await TestServer.run { server in
            let refused = [
                ("GET /hello\r\n\r\n", 400), ("GET /hello HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400),
                ("GET /hello HTTP/2.0\r\n\r\n", 505),
                ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
            ]
            for (index, (text, status)) in refused.enumerated() {
                let answer = try await server.exchange(text)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(text)")
                #expect(
                    await eventually(within: 10) { server.log.all.count == index + 1 }, "\(text): \(server.log.all)")
                #expect(server.log.all.last?.contains("\"status\":\(status),\"outcome\":\"refused\"") == true)
            }
            #expect(
                server.metrics.render().contains("http_requests_total{route=\"none\",method=\"none\",status=\"400\"} 3")
            )
        }
    }

    @Test(
        "A broken length or chunk, or too many fields, get one answer in the usual form, also beside other requests",
        arguments: [
            ("Content-Length: x", "", 400), ("Content-Length: +3", "", 400), ("Content-Length: 3x", "", 400),
            ("Content-Length: 99999999999999999999999", "", 413), ("Transfer-Encoding: chunked", "zz\r\n", 400),
            ("Transfer-Encoding: chunked", "2\r\nabc\r\n", 400), ("Transfer-Encoding: chunked", "-1\r\n", 400),
            ("Transfer-Encoding: chunked", "2;\(String(repeating: "a", count: 100_000))\r\nab\r\n0\r\n\r\n", 400),
            ("Transfer-Encoding: chunked", "ffffffffffffffffff\r\na", 413),
            ("\(String(repeating: "A: b\r\n", count: 1000))C: d", "", 431),
            ("C: \(String(repeating: "d", count: 200_000))", "", 431),
            ("Cookie: \(String(repeating: "a=b;", count: 3000))", "", 431),
            ("Transfer-Encoding: chunked", "0\r\nC: \(String(repeating: "d", count: 100_000))\r\n\r\n", 431),
        ])
    func brokenLength(field: String, body: String, status: Int) async throws {
        try await TestServer.run({ $0.threadCount = 1 }) { server in
            let port = server.port
            let answers = try await blocking {
                let idle = try RawSocket(port: port)
                let waiting = try RawSocket(port: port)
                try waiting.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\na")
                let broken = try RawSocket(port: port)
                _ = try? broken.send("POST /echo HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
                _ = try? broken.send(body)
                let answer = broken.receiveAll()
                try idle.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                try waiting.send("bc")
                return (answer, idle.receiveAll(), waiting.receiveAll())
            }
            #expect(answers.0.hasPrefix("HTTP/1.1 \(status) "), "\(answers.0)")
            #expect(answers.0.components(separatedBy: "HTTP/1.1 ").count == 2, "\(answers.0)")
            #expect(answers.0.contains("\r\n\r\n{\"error\":{\"code\":"), "\(answers.0)")
            #expect(answers.1.hasSuffix("hello"))
            #expect(answers.2.hasSuffix("abc"))
            #expect(await server.log.first(holding: "\"status\":\(status)") != nil, "\(server.log.all)")
            #expect(await eventually(within: 10) { server.server.runningRequests == 0 })
        }
    }

    @Test("A target of many query fields is parsed, and none is lost")
    func manyQueryFields() async throws {
        try await TestServer.run(routes: { router in
            router.on(.get, "/fields") { request in
                .text("\(request.query.values("a").count) \(request.query["b"] ?? "-") \(request.path)")
            }
        }) { server in
            let fields = String(repeating: "a=1&", count: 999)
            for _ in 0..<2 {
                let answer = try await server.client().send(
                    HTTPClientRequest(.get, server.url("/fields?\(fields)b=last")))
                #expect(String(decoding: answer.bytes, as: UTF8.self) == "999 last /fields")
            }
            #expect(try await server.client().send(HTTPClientRequest(.get, server.url("/fields?"))).status == .ok)
            let more = try await server.client().send(
                HTTPClientRequest(.get, server.url("/fields?\(String(repeating: "a&", count: 5000))")))
            #expect(more.status == .badRequest)
        }
    }

    @Test(
        "Garbage does not crash the server",
        arguments: [
            "\r\n\r\n\r\n", "GET\r\n\r\n", "GET /hello\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0",
            "GET hello HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\na",
        ])
    func garbage(text: String) async throws {
        try await TestServer.run { server in
            let port = server.port
            let answer = try await blocking {
                let socket = try RawSocket(port: port)
                try socket.send(text)
                socket.finishSending()
                return socket.receiveAll(timeout: 3)
            }
            #expect(!answer.contains("HTTP/1.1 200"), "\(answer)")
            #expect(try await server.client().send(HTTPClientRequest(.get, server.url("/hello"))).status == .ok)
        }
    }

    @Test("A head over 32 KiB is 431; one just below is taken")
    func largeHead() async throws {
        try await TestServer.run { server in
            let fits = String(repeating: "a", count: 30_000)
            let taken = try await server.exchange(
                "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: \(fits)\r\n\r\n")
            #expect(taken.hasPrefix("HTTP/1.1 200"))
            for size in [33_000, 60_000, 200_000] {
                let long = String(repeating: "a", count: size)
                let answer = (try? await server.exchange("GET /hello HTTP/1.1\r\nHost: a\r\nX: \(long)\r\n\r\n")) ?? ""
                #expect(answer.hasPrefix("HTTP/1.1 431") || answer.isEmpty, "\(size) \(answer.prefix(40))")
            }
            let many = String(repeating: "a:b\r\n", count: 6000)
            let answer = (try? await server.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\(many)\r\n")) ?? ""
            #expect(!answer.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("Heads that are too large while the server stops take nothing down")
    func largeHeadAtTheEnd() async throws {
        let head = "GET /hello HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 60_000))\r\n\r\n"
        for _ in 0..<20 {
            let test = try TestServer { TestServer.usualRoutes(&$0) }
            let answered = try await test.exchange("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answered.hasPrefix("HTTP/1.1 200"))
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        // Until the server is gone: then nobody can be reached.
                        while (try? await test.exchange(head)) != nil {}
                    }
                }
                try? await Task.sleep(for: .milliseconds(20))
                await test.server.shutdown(limit: .milliseconds(5))
            }
        }
    }

    @Test("Slow heads are closed by the clock, on a new connection and on a kept one; rests end at the idle limit")
    func slowHead() async throws {
        try await TestServer.run({ configuration in
            configuration.headDeadline = .milliseconds(300)
            configuration.idleTimeout = .milliseconds(900)
        }) { server in
            let port = server.port
            let isClosed = try await blocking {
                let new = try RawSocket(port: port)
                let kept = try RawSocket(port: port)
                try kept.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = kept.receive(until: "hello")
                let idle = try RawSocket(port: port)
                try idle.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = idle.receive(until: "hello")
                try kept.send("GET /hello HTTP/1.1\r\n")
                for byte in "GET /hello HTTP" {
                    if (try? new.send(String(byte))) == nil || (try? kept.send("a: b\r\n")) == nil { break }
                    usleep(50_000)
                }
                return (new.isClosed(within: 1), kept.isClosed(within: 1), idle.isClosed(within: 2))
            }
            #expect(isClosed == (true, true, true))
        }
    }

    @Test("A body that drips is closed; one above the rate is not")
    func drippingBody() async throws {
        try await TestServer.run({ configuration in
            configuration.minimumBodyBytesPerSecond = 1000
            configuration.bodyGrace = .milliseconds(300)
        }) { server in
            let port = server.port
            let (isClosed, answer) = try await blocking {
                let slow = try RawSocket(port: port)
                let quick = try RawSocket(port: port)
                let head = "POST /count HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n"
                try slow.send(head)
                try quick.send(head)
                for _ in 0..<25 {
                    _ = try? slow.send("a")
                    try quick.send([UInt8](repeating: 1, count: 200))
                    usleep(40_000)
                }
                return (slow.isClosed(within: 1), quick.receiveAll())
            }
            #expect(isClosed)
            #expect(answer.hasSuffix("5000"))
            #expect(await server.log.first(holding: "\"outcome\":\"aborted\"") != nil)
        }
    }

    @Test("Five hundred dripping connections do not keep a normal client from its answers, and are closed")
    func manyDrips() async throws {
        try await TestServer.run({ $0.headDeadline = .seconds(2) }) { server in
            let port = server.port
            let dripping = Task {
                try await blocking {
                    let sockets = try (0..<500).map { _ in try RawSocket(port: port) }
                    for byte in "GET /hello HTTP/1.1\r\nHost".utf8.prefix(10) {
                        for socket in sockets { _ = try? socket.send([byte]) }
                        usleep(50_000)
                    }
                    return sockets.filter { $0.isClosed(within: 10) }.count
                }
            }
            for _ in 0..<100 {
                let answer = try await server.client().send(HTTPClientRequest(.get, server.url("/hello")))
                #expect(answer.status == .ok)
            }
            #expect(try await dripping.value == 500)
        }
    }

    @Test("Connections of one address are limited")
    func perAddress() async throws {
        try await TestServer.run({ $0.maximumConnectionsPerAddress = 5 }) { server in
            let port = server.port
            let served = try await blocking {
                let sockets = try (0..<8).map { _ in try RawSocket(port: port) }
                return sockets.filter { socket in
                    (try? socket.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")) != nil
                        && socket.receive(until: "hello", timeout: 2).contains("hello")
                }.count
            }
            #expect(served == 5)
        }
    }

    @Test("A client that leaves cancels its handler: while it waits, while it reads, while it writes")
    func leavingClient() async throws {
        let waiting = Gate()
        let reading = Gate()
        let writing = Gate()
        let begun = Lines()
        try await TestServer.run(routes: { router in
            router.on(.get, "/wait") { _ in
                begun.add("GET /wait")
                do { try await Task.sleep(for: .seconds(60)) } catch { waiting.open() }
                return .text("")
            }
            router.on(.post, "/read") { request in
                do { for try await _ in request.body { begun.add("POST /read") } } catch { reading.open() }
                return .text("")
            }
            router.on(.get, "/write") { _ in
                .stream { writer in
                    do {
                        while true {
                            try await writer.write([UInt8](repeating: 1, count: 65536))
                            begun.add("GET /write")
                        }
                    } catch {
                        writing.open()
                        throw error
                    }
                }
            }
        }) { server in
            let port = server.port
            for head in ["GET /wait", "POST /read", "GET /write"] {
                let body = head.hasPrefix("GET") ? "0123456789" : "01"
                let socket = try await blocking {
                    let socket = try RawSocket(port: port)
                    try socket.send("\(head) HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n\(body)")
                    return socket
                }
                #expect(await begun.first(holding: head) != nil)
                withExtendedLifetime(socket) {}
            }
            await waiting.wait()
            await reading.wait()
            await writing.wait()
            #expect(await eventually(within: 10) { server.server.runningRequests == 0 })
        }
    }
}
