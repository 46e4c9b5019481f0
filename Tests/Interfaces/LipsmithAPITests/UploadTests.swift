import Blobs
import Foundation
import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Testing
import Text

/// A file arrives whole or is refused by name, whatever happens to its connections.
@Suite("Lipsmith's own API: uploads")
struct UploadTests {
    @Test("A file in two pieces becomes an asset, and a repeated request gets the same one")
    func wholeWay() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let announced = try await harness.send(
            .post, "/v1/uploads", json: ["name": "My clip.mp4", "byteCount": 11])
        #expect(announced.status == 201)
        #expect(announced["name"]?.text == "My clip.mp4")
        #expect(announced["byteCount"] == 11)
        #expect(announced["offset"] == 0)
        #expect(announced["expiresAt"]?.text?.hasSuffix("Z") == true)
        let id = try #require(announced["id"]?.text)
        #expect(try await harness.piece(id, at: 0, "video ")["offset"] == 6)
        #expect(try await harness.send(.get, "/v1/uploads/\(id)")["offset"] == 6)
        let early = try await harness.send(.post, "/v1/uploads/\(id)/asset")
        #expect(early.status == 409)
        #expect(early.errorCode == "upload-incomplete")
        #expect(early["error"]?["offset"] == 6)
        #expect(try await harness.piece(id, at: 6, "12345")["offset"] == 11)
        let asset = try await harness.send(.post, "/v1/uploads/\(id)/asset")
        #expect(asset.status == 201)
        #expect(asset["name"]?.text == "My clip.mp4")
        #expect(asset["kind"]?.text == "video")
        #expect(asset["format"]?.text == "mp4")
        #expect(asset["byteCount"] == 11)
        #expect(asset["durationSeconds"] == 4)
        #expect(asset["width"] == 640)
        #expect(asset["origin"]?.text == "upload")
        let again = try await harness.send(.post, "/v1/uploads/\(id)/asset")
        #expect(again.status == 201)
        #expect(again.json == asset.json)
        #expect(try await harness.send(.get, "/v1/uploads/\(id)")["offset"] == 11)
        // The asset does not come back by a late repetition.
        let assetID = try #require(asset["id"]?.text)
        #expect(try await harness.send(.delete, "/v1/assets/\(assetID)").status == 204)
        #expect(try await harness.send(.post, "/v1/uploads/\(id)/asset").errorCode == "asset-not-found")
    }

    @Test("Requests for the asset at the same time make one")
    func simultaneousAssets() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let id = try await harness.announce(byteCount: 5)
        _ = try await harness.piece(id, at: 0, "image")
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<5 { group.addTask { try await harness.send(.post, "/v1/uploads/\(id)/asset") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.map(\.status) == [201, 201, 201, 201, 201])
        #expect(Set(answers.compactMap { $0["id"]?.text }).count == 1)
        #expect(try await harness.send(.get, "/v1/assets")["items"]?.array?.count == 1)
    }

    @Test(
        "What is announced badly is refused by its field",
        arguments: [
            ([:], 400, "request-invalid", "name"), (["name": "a"], 400, "request-invalid", "byteCount"),
            (["name": 1, "byteCount": 1], 400, "request-invalid", "name"),
            (["name": "a", "byteCount": 0], 400, "request-invalid", "byteCount"),
            (["name": "a", "byteCount": -1], 400, "request-invalid", "byteCount"),
            (["name": "a", "byteCount": 1.5], 400, "request-invalid", "byteCount"),
            (["name": "a", "byteCount": 1e300], 400, "request-invalid", "byteCount"),
            (["name": "a", "byteCount": nil], 400, "request-invalid", "byteCount"),
            (["name": "a", "byteCount": 1001], 413, "file-too-large", "byteCount"),
        ] as [(JSONValue, Int, String, String)])
    func badAnnouncements(body: JSONValue, status: Int, code: String, field: String) async throws {
        let harness = try await MediaHarness(media: CannedChecker(), uploadByteLimit: 1000)
        let answer = try await harness.send(.post, "/v1/uploads", json: body)
        #expect(answer.status == status)
        #expect(answer.errorCode == code)
        #expect(answer.errorField == field)
    }

    @Test("Of files that are announced at once, as many are taken as there is room for")
    func announcedAtOnce() async throws {
        let harness = try await MediaHarness(media: CannedChecker(), quotaByteCount: 1000)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    try await harness.send(.post, "/v1/uploads", json: ["name": "a", "byteCount": 300]).status
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 201 } == 3)
        #expect(statuses.count { $0 == 429 } == 9)
    }

    @Test(
        "The offset is one whole number", arguments: ["", "x", "-1", "+0", "0x0", "1.0", " 0", "99999999999999999999"])
    func badOffsets(offset: String) async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let id = try await harness.announce(byteCount: 5)
        let answer = try await harness.send(
            .patch, "/v1/uploads/\(id)", headers: ["Upload-Offset": offset], body: Array("video".utf8))
        #expect(answer.status == 400)
        #expect(answer.errorCode == "request-invalid")
        #expect(answer.errorField == "Upload-Offset")
        #expect(try await harness.send(.get, "/v1/uploads/\(id)")["offset"] == 0)
    }

    @Test("No offset, two, and a wrong one, which hears the right one")
    func wrongOffsets() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let id = try await harness.announce(byteCount: 10)
        let path = "/v1/uploads/\(id)"
        #expect(try await harness.send(.patch, path, body: [1]).errorField == "Upload-Offset")
        var twice: HTTPHeaders = [:]
        twice.add("Upload-Offset", "0")
        twice.add("Upload-Offset", "0")
        #expect(try await harness.send(.patch, path, headers: twice, body: [1]).status == 400)
        _ = try await harness.piece(id, at: 0, "vide")
        for offset in [0, 3, 5] {
            let answer = try await harness.piece(id, at: offset, "o")
            #expect(answer.status == 409)
            #expect(answer.errorCode == "upload-offset-wrong")
            #expect(answer["error"]?["offset"] == 4)
            #expect(answer["error"]?["requestId"]?.text == "test")
        }
    }

    @Test("More bytes than were announced are refused, told beforehand or not")
    func tooManyBytes() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let id = try await harness.announce(byteCount: 5)
        let told = try await harness.piece(id, at: 0, "video!")
        #expect(told.status == 400)
        #expect(told.errorCode == "upload-beyond-size")
        let answer = try await harness.stream(id, at: 0, [Array("vid".utf8), Array("eo!".utf8)])
        #expect(answer.errorCode == "upload-beyond-size")
        // What came before the piece went too far is kept.
        #expect(try await harness.send(.get, "/v1/uploads/\(id)")["offset"] == 3)
        #expect(try await harness.piece(id, at: 3, "eo")["offset"] == 5)
    }

    @Test("Of a piece that breaks off, what has arrived is kept")
    func breakOff() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let id = try await harness.announce(byteCount: 10)
        _ = try await harness.stream(id, at: 0, [Array("vid".utf8), Array("eo ".utf8)], breaksOff: true)
        #expect(try await harness.send(.get, "/v1/uploads/\(id)")["offset"] == 6)
        #expect(try await harness.piece(id, at: 6, "rest")["offset"] == 10)
        #expect(try await harness.send(.post, "/v1/uploads/\(id)/asset")["kind"]?.text == "video")
    }

    @Test("Of two pieces for one place at once, one is kept whole, and the other hears where to go on")
    func race() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        for _ in 0..<10 {
            let id = try await harness.announce(byteCount: 6)
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for text in ["videoA", "videoB", "videoC"] {
                    group.addTask { try await harness.piece(id, at: 0, text) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.map(\.status).sorted() == [200, 409, 409])
            for answer in answers where answer.status == 409 { #expect(answer["error"]?["offset"] == 6) }
        }
    }

    @Test("A stalled connection does not hold the place: whoever comes back sends the rest")
    func stalled() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let id = try await harness.announce(byteCount: 6)
        let gate = AsyncStream<Void>.makeStream()
        let body = HTTPBody.stalling(Array("vid".utf8), then: Array("eo!".utf8), until: gate.stream)
        let first = Task { try await harness.patch(id, at: 0, body) }
        while try await harness.send(.get, "/v1/uploads/\(id)")["offset"] != 3 { await Task.yield() }
        #expect(try await harness.piece(id, at: 3, "eo.").status == 200)
        gate.continuation.finish()
        let late = try await first.value
        #expect(late.status == 409)
        #expect(late["error"]?["offset"] == 6)
    }

    @Test("A file that is no medium is refused; it stays until it is deleted, and its bytes do not become an asset")
    func notMedia() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let id = try await harness.announce("page.html", byteCount: 6)
        _ = try await harness.piece(id, at: 0, "<html>")
        for _ in 0..<2 {
            let answer = try await harness.send(.post, "/v1/uploads/\(id)/asset")
            #expect(answer.status == 422)
            #expect(answer.errorCode == "file-unusable")
        }
        #expect(try await harness.send(.get, "/v1/uploads/\(id)")["offset"] == 6)
        #expect(try await harness.send(.get, "/v1/assets")["items"]?.array?.isEmpty == true)
        #expect(try await harness.send(.delete, "/v1/uploads/\(id)").status == 204)
        #expect(try await harness.send(.get, "/v1/uploads/\(id)").errorCode == "upload-not-found")
        #expect(try await harness.send(.delete, "/v1/uploads/\(id)").status == 404)
    }

    @Test("A file that could not be looked into in time can be tried again")
    func slow() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let answer = try await harness.asset("slow")
        #expect(answer.status == 504)
        #expect(answer.errorCode == "inspection-timed-out")
    }

    @Test("An upload of another organisation, and one that never was, are not found")
    func foreign() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let stranger = try await harness.stranger()
        let id = try await harness.announce(byteCount: 5)
        let names = [id, "5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f", "..", "%2e%2e%2fx", "nobody"]
        for name in names {
            let calls: [(HTTPMethod, String)] = [
                (.get, ""), (.patch, ""), (.post, "/asset"), (.delete, ""),
            ]
            for (method, rest) in calls {
                let answer = try await harness.send(
                    method, "/v1/uploads/\(name)\(rest)", headers: ["Upload-Offset": "0"], key: stranger)
                #expect(answer.status == 404, "\(method) \(name)\(rest)")
                #expect(answer.errorCode == "upload-not-found", "\(method) \(name)\(rest)")
            }
        }
        #expect(try await harness.send(.get, "/v1/uploads/\(id)").status == 200)
        #expect(try await harness.send(.get, "/v1/uploads/\(id)", key: "").status == 401)
    }

    @Test(
        "Names are shown without what could harm, and lead nowhere",
        arguments: [
            ("../../../etc/passwd", "../../../etc/passwd"), ("a\u{0}b", "ab"), ("x\r\ny", "xy"), ("", "file"),
            ("\u{202E}4pm.exe", "4pm.exe"), ("con", "con"), (String(repeating: "n", count: 400), nil),
        ] as [(String, String?)])
    func hostileNames(name: String, shown: String?) async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let expected = shown ?? String(repeating: "n", count: 255)
        let answer = try await harness.asset("video", name: name)
        #expect(answer.status == 201)
        #expect(answer["name"]?.text == expected)
        let url = try #require(answer["url"]?.text)
        #expect(!url.contains("passwd"))
        let files = FileManager.default.enumerator(atPath: harness.folder)?.compactMap { $0 as? String } ?? []
        #expect(files.allSatisfy { !$0.contains("passwd") })
    }

    @Test("What is announced counts against the quota until it is given up or kept")
    func quota() async throws {
        let harness = try await MediaHarness(media: CannedChecker(), quotaByteCount: 10)
        let id = try await harness.announce(byteCount: 6)
        let body: JSONValue = ["name": "a", "byteCount": 5]
        let refused = try await harness.send(.post, "/v1/uploads", json: body)
        #expect(refused.status == 429)
        #expect(refused.errorCode == "storage-quota-reached")
        #expect(try await harness.send(.delete, "/v1/uploads/\(id)").status == 204)
        #expect(try await harness.asset("video").status == 201)
        #expect(try await harness.send(.post, "/v1/uploads", json: ["name": "a", "byteCount": 6]).status == 429)
        #expect(try await harness.send(.post, "/v1/uploads", json: body).status == 201)
    }

    @Test("An organisation has 200 unfinished uploads at most")
    func limit() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        for _ in 0..<200 { _ = try await harness.announce(byteCount: 1) }
        let answer = try await harness.send(.post, "/v1/uploads", json: ["name": "a", "byteCount": 1])
        #expect(answer.status == 429)
        #expect(answer.errorCode == "upload-limit-reached")
    }
}

extension InterfaceHarness where Interface == LipsmithAPI {
    /// Sends a piece in chunks, without telling its size.
    fileprivate func stream(
        _ id: String, at offset: Int, _ chunks: [[UInt8]], breaksOff: Bool = false
    ) async throws -> Answer {
        try await patch(id, at: offset, .chunks(chunks, breaksOff: breaksOff))
    }

    fileprivate func patch(_ id: String, at offset: Int, _ body: HTTPBody) async throws -> Answer {
        try await send(.patch, "/v1/uploads/\(id)", headers: ["Upload-Offset": "\(offset)"], body: body)
    }
}

extension HTTPBody {
    /// The chunks one after the other, then the end, or the end of the connection.
    fileprivate static func chunks(_ chunks: [[UInt8]], breaksOff: Bool) -> HTTPBody {
        let stream = AsyncStream<[UInt8]> { continuation in
            for chunk in chunks { continuation.yield(chunk) }
            continuation.finish()
        }
        return HTTPBody(reading: stream) { if breaksOff { throw HTTPConnectionClosed() } }
    }

    /// One chunk, and another one when `gate` has ended.
    fileprivate static func stalling(
        _ first: [UInt8], then second: [UInt8], until gate: AsyncStream<Void>
    ) -> HTTPBody {
        let stream = AsyncStream<[UInt8]> { continuation in
            continuation.yield(first)
            Task {
                for await _ in gate {}
                continuation.yield(second)
                continuation.finish()
            }
        }
        return HTTPBody(reading: stream) {}
    }

    private init(reading stream: AsyncStream<[UInt8]>, atEnd: @escaping @Sendable () throws -> Void) {
        self.init {
            for await chunk in stream { return chunk }
            try atEnd()
            return nil
        }
    }
}
