import Foundation
import HTTP
import Synchronization
import Testing

@Suite("Forms")
struct FormTests {
    static let body = Array(
        ("preamble\r\n--xyz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nlipsync-2\r\n--xyz  \r\n"
            + "content-disposition: form-data; name=\"video\"; filename=\"a \\\"b\\\".mp4\"\r\nContent-Type: video/mp4\r\n\r\n"
            + "line\r\n--xy not the end\r\n\r\n--xyz\r\nContent-Disposition: form-data; name=empty; filename*=UTF-8''%C3%A4.wav\r\n\r\n\r\n--xyz--\r\nepilogue")
            .utf8)

    /// Events with neighbouring pieces of content joined.
    static func events(_ body: [UInt8], cut: Int, limits: MultipartLimits = MultipartLimits()) throws
        -> [MultipartParser.Event]
    {
        var parser = try MultipartParser(boundary: "xyz", limits: limits)
        var events: [MultipartParser.Event] = []
        for start in stride(from: 0, to: body.count, by: cut) {
            for event in try parser.consume(Array(body[start..<min(start + cut, body.count)])) {
                if case .content(let more) = event, case .content(let known)? = events.last {
                    events[events.count - 1] = .content((Array(known) + more)[...])
                } else {
                    events.append(event)
                }
            }
        }
        try parser.finish()
        return events
    }

    @Test("The same events come out however the body is cut", arguments: [1, 2, 3, 5, 7, 16, 64, 10_000])
    func cuts(cut: Int) throws {
        let expected: [MultipartParser.Event] = [
            .began(MultipartPart(name: "model", fileName: nil, contentType: nil)),
            .content(Array("lipsync-2".utf8)[...]), .ended,
            .began(MultipartPart(name: "video", fileName: "a \"b\".mp4", contentType: "video/mp4")),
            .content(Array("line\r\n--xy not the end\r\n".utf8)[...]), .ended,
            .began(MultipartPart(name: "empty", fileName: "ä.wav", contentType: nil)), .ended,
        ]
        #expect(try Self.events(Self.body, cut: cut) == expected)
    }

    @Test("Bad bodies are 400, large ones 413")
    func refusals() throws {
        func status(_ text: String, _ limits: MultipartLimits = MultipartLimits()) -> HTTPStatus? {
            do {
                _ = try Self.events(Array(text.utf8), cut: 4, limits: limits)
                return nil
            } catch { return (error as? HTTPError)?.status }
        }
        let part = "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n"
        #expect(status(part + "--xyz--") == nil)
        #expect(status(part) == .badRequest)
        #expect(status(part + "--xyz") == .badRequest)
        #expect(status(part + "--xyzz\r\n\r\n--xyz--") == .badRequest)
        #expect(status("--xyz\r\nContent-Disposition: form-data\r\n\r\nv\r\n--xyz--") == .badRequest)
        #expect(status("--xyz\r\nbroken line\r\n\r\nv\r\n--xyz--") == .badRequest)
        #expect(status("--xyz\r\nA: \(String(repeating: "a", count: 9000))\r\n\r\n") == .badRequest)
        #expect(status("--xyz\r\n\(String(repeating: "a", count: 9000))") == .badRequest)
        #expect(status(String(repeating: "a", count: 9000)) == .badRequest)
        #expect(status(String(repeating: part, count: 33) + "--xyz--") == .contentTooLarge)
        #expect(status(part + "--xyz--", MultipartLimits(maximumFieldBytes: 4)) == .contentTooLarge)
        #expect(status(part + "--xyz--", MultipartLimits(maximumTotalBytes: 20)) == .contentTooLarge)
        for boundary in ["", String(repeating: "a", count: 71), "a\u{1}", "a "] {
            #expect(throws: HTTPError.self) { try MultipartParser(boundary: boundary) }
        }
        #expect(throws: HTTPError.self) { try MultipartParser(contentType: "multipart/mixed; boundary=a") }
    }

    @Test("Ten thousand mutated bodies: every one is read or refused, never more than was sent")
    func mutations() {
        var random = SplitMix(state: 20_260_101)
        for _ in 0..<10_000 {
            var body = Self.body
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: body[index] = [13, 10, 45, 34, 59, 0, 255].randomElement(using: &random) ?? 0
                case 1: body.remove(at: index)
                case 2:
                    body.insert(
                        contentsOf: Array("\r\n--xyz".utf8).prefix(Int.random(in: 1...7, using: &random)), at: index)
                default: body.removeSubrange(index..<min(index + Int.random(in: 1...40, using: &random), body.count))
                }
            }
            do {
                let events = try Self.events(body, cut: Int.random(in: 1...60, using: &random))
                let size = events.reduce(0) { sum, event in
                    if case .content(let bytes) = event { sum + bytes.count } else { sum }
                }
                #expect(size <= body.count)
            } catch {
                #expect([400, 413].contains((error as? HTTPError)?.status.rawValue))
            }
        }
    }

    @Test("A form over the wire: fields in memory, files on disk; a refused form leaves nothing behind")
    func wire() async throws {
        let folder = try TemporaryFolder()
        let number = Mutex(0)
        try await TestServer.run(routes: { router in
            router.on(.post, "/form", options: HTTPRouteOptions(maximumBodyBytes: 100_000_000)) { request in
                let form = try await MultipartForm.read(
                    request.body, contentType: request.headers["Content-Type"] ?? "",
                    limits: MultipartLimits(maximumFileBytes: 3_000_000)
                ) { _ in
                    let name = number.withLock { number in
                        number += 1
                        return String(number)
                    }
                    return try FileSink(path: folder.file(name))
                }
                return .text(
                    "\(form["a"] ?? "") \(form.values("b")) \(form.files.map { "\($0.part.name):\($0.byteCount)" })")
            }
            router.on(.post, "/plain") { .text("\(try await $0.readForm().pairs)") }
        }) { server in
            func send(fileBytes: Int, closing: String = "--\r\n") async throws -> HTTPClientResponse {
                var body = Array(
                    "--q\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nä\r\n--q\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n1\r\n--q\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n2\r\n"
                        .utf8)
                for name in ["x", "y"] {
                    body += Array(
                        "--q\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"f\"\r\n\r\n".utf8)
                    body += [UInt8](repeating: 13, count: name == "x" ? 2_000_000 : fileBytes) + [13, 10]
                }
                body += Array("--q\(closing)".utf8)
                return try await server.client().send(
                    HTTPClientRequest(
                        .post, server.url("/form"), headers: ["Content-Type": "multipart/form-data; boundary=\"q\""],
                        body: .bytes(body)))
            }
            let large = try await send(fileBytes: 4_000_000)
            #expect(large.status == .contentTooLarge)
            #expect(folder.files.isEmpty)
            #expect(try await send(fileBytes: 10, closing: "").status == .badRequest)
            #expect(folder.files.isEmpty)
            let good = try await send(fileBytes: 1_000_000)
            #expect(String(decoding: good.bytes, as: UTF8.self) == "ä [\"1\", \"2\"] [\"x:2000000\", \"y:1000000\"]")
            #expect(folder.files.count == 2)
            let plain = try await server.client().send(
                HTTPClientRequest(
                    .post, server.url("/plain"),
                    headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
                    body: .bytes(Array("a=1&a=%C3%A4+b&c".utf8))))
            #expect(
                String(decoding: plain.bytes, as: UTF8.self)
                    == #"[(name: "a", value: "1"), (name: "a", value: "ä b"), (name: "c", value: "")]"#)
            let other = try await server.client().send(
                HTTPClientRequest(.post, server.url("/plain"), body: .bytes([1])))
            #expect(other.status == .unsupportedMediaType)
        }
    }
}

/// A seeded generator, so that a failing run can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
