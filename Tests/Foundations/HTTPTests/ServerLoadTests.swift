import Foundation
import HTTP
import TestTools
import Testing

@Suite("Server: memory, threads, shutdown", .serialized)
struct ServerLoadTests {
    @Test("A large upload flows through and memory stays flat")
    func upload() async throws {
        try await TestServer.run { server in
            let port = server.port
            let before = residentBytes()
            let answer = try await blocking {
                let socket = try RawSocket(port: port)
                try socket.send(
                    "POST /count HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 134217728\r\n\r\n")
                let piece = [UInt8](repeating: 5, count: 1 << 20)
                for _ in 0..<128 { try socket.send(piece) }
                return socket.receiveAll()
            }
            #expect(answer.hasSuffix("\r\n134217728"))
            // Other suites run at the same time and take some memory too.
            #expect(residentBytes() - before < 48 << 20)
        }
    }

    @Test("A reader that stops holds the sender back")
    func backPressure() async throws {
        let gate = Gate()
        try await TestServer.run(routes: { router in
            router.on(.post, "/gate", options: HTTPRouteOptions(maximumBodyBytes: 1 << 30)) { request in
                await gate.wait()
                var count = 0
                for try await chunk in request.body { count += chunk.count }
                return .text(String(count))
            }
        }) { server in
            let port = server.port
            let (offered, answer) = try await blocking {
                let socket = try RawSocket(port: port)
                try socket.send(
                    "POST /gate HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 67108864\r\n\r\n")
                let piece = [UInt8](repeating: 5, count: 1 << 20)
                var offered = 0
                var quiet = 0
                while quiet < 20, offered < 64 << 20 {
                    let count = socket.offer(Array(piece.prefix((64 << 20) - offered)))
                    quiet = count == 0 ? quiet + 1 : 0
                    offered += count
                    if count == 0 { usleep(10_000) }
                }
                gate.open()
                try socket.send([UInt8](repeating: 5, count: (64 << 20) - offered))
                return (offered, socket.receiveAll())
            }
            #expect(offered < 32 << 20, "only the kernel's buffers and ours take bytes: \(offered)")
            #expect(answer.hasSuffix("\r\n67108864"))
        }
    }

    @Test("A client that does not read holds the producer back")
    func responseBackPressure() async throws {
        let written = Lines()
        try await TestServer.run(routes: { router in
            router.on(.get, "/much") { _ in
                .stream { writer in
                    for _ in 0..<1024 {
                        try await writer.write([UInt8](repeating: 1, count: 65536))
                        written.add("")
                    }
                }
            }
        }) { server in
            let port = server.port
            let (early, total) = try await blocking {
                let socket = try RawSocket(port: port)
                try socket.send("GET /much HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                // Until the producer has begun and writes no more.
                var early = 0
                for _ in 0..<500 {
                    usleep(20_000)
                    let count = written.all.count
                    if count > 0, count == early { break }
                    early = count
                }
                var total = 0
                while let bytes = socket.receive() { total += bytes.count }
                return (early, total)
            }
            #expect(early > 0)
            #expect(early < 512)
            #expect(total > 64 << 20)
        }
    }

    @Test("A stream that holds its request is let go with it")
    func streamIsLetGo() async throws {
        final class Canary: Sendable {
            let gone: Lines
            init(_ gone: Lines) { self.gone = gone }
            deinit { gone.add("") }
            func keep() {}
        }
        let gone = Lines()
        try await TestServer.run(routes: { router in
            router.on(.get, "/held") { request in
                let canary = Canary(gone)
                return .stream { writer in
                    try await writer.write(request.id)
                    canary.keep()
                }
            }
        }) { server in
            for _ in 0..<3 {
                let answer = try await server.client().send(HTTPClientRequest(.get, server.url("/held")))
                #expect(answer.bytes.starts(with: Array("req-".utf8)))
            }
            #expect(await eventually(within: 10) { gone.all.count == 3 })
        }
    }

    @Test("Two hundred long polls cost no thread")
    func longPoll() async throws {
        let gate = Gate()
        try await TestServer.run(routes: { router in
            router.on(.get, "/poll") { _ in
                await gate.wait()
                return .text("now")
            }
        }) { server in
            let port = server.port
            let before = threadCount()
            let answers = Task {
                try await blocking {
                    let sockets = try (0..<200).map { _ in
                        let socket = try RawSocket(port: port)
                        try socket.send("GET /poll HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        return socket
                    }
                    return sockets.map { $0.receiveAll() }
                }
            }
            #expect(await eventually(within: 10) { gate.waiterCount == 200 })
            #expect(server.server.runningRequests == 200)
            #expect(threadCount() - before < 20)
            gate.open()
            let texts = try await answers.value
            #expect(texts.allSatisfy { $0.hasSuffix("\r\n\r\nnow") })
        }
    }

    @Test("Shutdown finishes what runs, refuses what is new, and closes idle connections")
    func gracefulShutdown() async throws {
        let gate = Gate()
        let test = try TestServer { router in
            router.on(.get, "/wait") { _ in
                await gate.wait()
                return .text("finished")
            }
            TestServer.usualRoutes(&router)
        }
        let port = test.port
        let running = Task { try await test.exchange("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n") }
        let idle = Task {
            try await blocking {
                let socket = try RawSocket(port: port)
                try socket.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = socket.receive(until: "hello")
                return socket.isClosed(within: 10)
            }
        }
        #expect(await eventually(within: 10) { gate.waiterCount == 1 && test.log.all.count == 1 })
        let shutdown = Task { await test.server.shutdown(limit: .seconds(10)) }
        #expect(try await idle.value)
        let isRefused = try await blocking { (try? RawSocket(port: port)) == nil }
        #expect(isRefused)
        gate.open()
        let answer = try await running.value
        #expect(answer.contains("Connection: close"))
        #expect(answer.hasSuffix("finished"))
        await shutdown.value
        await test.server.shutdown()
    }

    @Test("Shutdown cancels and cuts what does not finish in time: waiting, reading, streaming")
    func shutdownLimit() async throws {
        let cancelled = Lines()
        let test = try TestServer { router in
            router.on(.get, "/wait") { _ in
                do { try await Task.sleep(for: .seconds(60)) } catch { cancelled.add("wait") }
                return .text("late")
            }
            router.on(.post, "/read") { request in
                do { for try await _ in request.body {} } catch { cancelled.add("read") }
                return .text("late")
            }
            router.on(.get, "/stream") { _ in
                .stream { writer in
                    do {
                        try await writer.write("begin")
                        try await Task.sleep(for: .seconds(60))
                    } catch { cancelled.add("stream") }
                }
            }
        }
        let clients = [
            "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n", "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na",
            "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n",
        ]
        .map { text in Task { try await test.exchange(text) } }
        #expect(await eventually(within: 10) { test.server.runningRequests == 3 })
        await test.server.shutdown(limit: .milliseconds(100))
        for client in clients { #expect(try await !client.value.contains("late")) }
        #expect(await eventually(within: 10) { Set(cancelled.all) == ["wait", "read", "stream"] })
    }

    @Test("Many servers start and stop under load: answers are whole or none, and no server is left")
    func startStop() async throws {
        for _ in 0..<20 {
            let test = try TestServer(routes: { TestServer.usualRoutes(&$0) })
            let first = try await test.client().send(HTTPClientRequest(.get, test.url("/hello")))
            #expect(first.bytes == Array("hello".utf8))
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<5 {
                            let answer = try? await test.client().send(HTTPClientRequest(.get, test.url("/hello")))
                            guard let answer else { continue }
                            #expect(answer.status == .ok)
                            #expect(answer.bytes == Array("hello".utf8))
                        }
                    }
                }
                group.addTask { await test.server.shutdown(limit: .milliseconds(5)) }
            }
            #expect(test.server.runningRequests == 0)
            let isRefused = try await blocking { (try? RawSocket(port: test.port)) == nil }
            #expect(isRefused)
        }
    }
}
