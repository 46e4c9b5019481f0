import Foundation
import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Persistence
import Testing
import Text
import Time

@Suite("Lipsmith's own API: assets and the sample")
struct AssetTests {
    private static func path(_ url: String?) throws -> String {
        let url = try #require(url)
        let prefix = "http://lips.test:8080"
        #expect(url.hasPrefix(prefix))
        return String(url.dropFirst(prefix.count))
    }

    @Test("Assets are listed, the newest first, by kind, name and page")
    func lists() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        var ids: [String] = []
        for (index, text) in ["video 1", "audio 2", "image 3", "video 4"].enumerated() {
            let asset = try await harness.asset(text, name: "Take \(index).bin")
            ids.append(try #require(asset["id"]?.text))
            try await Task.sleep(for: .milliseconds(2))
        }
        func listed(_ query: String) async throws -> [String] {
            let answer = try await harness.send(.get, "/v1/assets\(query)")
            #expect(answer.status == 200)
            return answer["items"]?.array?.compactMap { $0["id"]?.text } ?? []
        }
        #expect(try await listed("") == ids.reversed())
        #expect(try await listed("?kind=video") == [ids[3], ids[0]])
        #expect(try await listed("?kind=audio") == [ids[1]])
        #expect(try await listed("?search=take%202") == [ids[2]])
        #expect(try await listed("?search=nothing") == [])
        let first = try await harness.send(.get, "/v1/assets?limit=3")
        let next = try #require(first["next"]?.text)
        #expect(next == ids[1])
        let second = try await harness.send(.get, "/v1/assets?limit=3&cursor=\(next)")
        #expect(second["items"]?.array?.compactMap { $0["id"]?.text } == [ids[0]])
        #expect(second.json.object?["next"] == .null)
    }

    @Test(
        "A list is asked for in the right words",
        arguments: [
            ("kind=text", "kind"), ("kind=VIDEO", "kind"), ("limit=0", "limit"), ("limit=101", "limit"),
            ("limit=x", "limit"), ("cursor=1", "cursor"), ("cursor=../x", "cursor"),
        ])
    func badLists(query: String, field: String) async throws {
        let answer = try await MediaHarness(media: CannedChecker()).send(.get, "/v1/assets?\(query)")
        #expect(answer.status == 400)
        #expect(answer.errorCode == "request-invalid")
        #expect(answer.errorField == field)
    }

    @Test("Links open without a key, answer ranges, and let no browser run what they lead to")
    func links() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let video = try await harness.asset("video 0123456789")
        let content = try Self.path(video["url"]?.text)
        let whole = try await harness.send(.get, content, key: "")
        #expect(whole.status == 200)
        #expect(whole.headers["Content-Type"] == "video/mp4")
        #expect(whole.headers["X-Content-Type-Options"] == "nosniff")
        #expect(whole.headers["Content-Security-Policy"]?.hasPrefix("sandbox") == true)
        let part = try await harness.send(.get, content, headers: ["Range": "bytes=6-8"], key: "")
        #expect(part.status == 206)
        #expect(part.headers["Content-Range"] == "bytes 6-8/16")
        let thumbnail = try await harness.send(.get, try Self.path(video["thumbnailUrl"]?.text), key: "")
        #expect(thumbnail.status == 200)
        #expect(thumbnail.headers["Content-Type"] == "image/jpeg")
        let image = try await harness.asset("image")
        #expect(image["thumbnailUrl"] == image["url"])
        let audio = try await harness.asset("audio")
        #expect(audio.json.object?["thumbnailUrl"] == .null)
        // What a browser could take for a page has no type by which it does.
        let drawing = try await harness.asset("image svg <script>", name: "x.svg")
        let answer = try await harness.send(.get, try Self.path(drawing["url"]?.text), key: "")
        #expect(answer.headers["Content-Type"] == "application/octet-stream")
        #expect(answer.headers["X-Content-Type-Options"] == "nosniff")
        let closed = try await harness.send(.get, String(content.prefix { $0 != "?" }) + "?token=x", key: "")
        #expect(closed.status == 401)
        #expect(closed.errorCode == "link-closed")
        // The token of one asset opens no other.
        let other = try Self.path(image["url"]?.text).prefix { $0 != "?" } + content.drop { $0 != "?" }
        #expect(try await harness.send(.get, String(other), key: "").status == 401)
        let id = try #require(video["id"]?.text)
        #expect(try await harness.send(.delete, "/v1/assets/\(id)").status == 204)
        #expect(try await harness.send(.get, content, key: "").errorCode == "file-gone")
    }

    @Test("Where an asset came from")
    func origins() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        func origin(_ origin: AssetOrigin, generation: GenerationID? = nil, url: String? = nil) async throws -> Answer {
            let asset = Asset(
                organisation: harness.organisation, createdAt: SystemClock().now, name: "a", kind: .video,
                origin: origin, remoteURL: url, generation: generation)
            try await harness.store.createAsset(asset, project: nil)
            return try await harness.send(.get, "/v1/assets/\(asset.id)")
        }
        let remote = try await origin(.url, url: "https://media.test/v.mp4")
        #expect(remote["origin"]?.text == "url")
        #expect(remote["url"]?.text == "https://media.test/v.mp4")
        #expect(try await origin(.speech)["origin"]?.text == "speech")
        #expect(try await origin(.record)["origin"]?.text == "upload")
        #expect(try await origin(.upload).json.object?["url"] == .null)
    }

    @Test("A foreign asset, and one that never was, are not found")
    func foreign() async throws {
        let harness = try await MediaHarness(media: CannedChecker())
        let stranger = try await harness.stranger()
        let id = try #require(try await harness.asset("video")["id"]?.text)
        for name in [id, "5b0c1fb1-3d2f-4c40-9f0a-1f2f3f4f5f6f", "nobody"] {
            for method in [HTTPMethod.get, .delete] {
                let answer = try await harness.send(method, "/v1/assets/\(name)", key: stranger)
                #expect(answer.status == 404)
                #expect(answer.errorCode == "asset-not-found")
            }
        }
        #expect(try await harness.send(.get, "/v1/assets", key: stranger)["items"]?.array?.isEmpty == true)
        #expect(try await harness.send(.get, "/v1/assets/\(id)").status == 200)
        #expect(try await harness.send(.get, "/v1/assets/\(id)", key: "").errorCode == "credential-missing")
    }

    // MARK: The sample

    @Test("The sample is the same asset each time, one for each organisation")
    func sample() async throws {
        let path = NSTemporaryDirectory() + "lipsmith-sample-\(UUID()).png"
        try "image of an astronaut".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let harness = try await MediaHarness(media: CannedChecker(), samplePath: path)
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<4 { group.addTask { try await harness.send(.post, "/v1/sample") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.map(\.status) == [201, 201, 201, 201])
        let ids = Set(answers.compactMap { $0["id"]?.text })
        #expect(ids.count == 1)
        #expect(answers[0]["kind"]?.text == "image")
        #expect(answers[0]["name"]?.text == "Sample portrait")
        #expect(try await harness.send(.get, "/v1/assets")["items"]?.array?.count == 1)
        let stranger = try await harness.stranger()
        let foreign = try await harness.send(.post, "/v1/sample", key: stranger)
        #expect(foreign.status == 201)
        #expect(!ids.contains(try #require(foreign["id"]?.text)))
        // A deleted one is made again.
        let id = try #require(ids.first)
        #expect(try await harness.send(.delete, "/v1/assets/\(id)").status == 204)
        #expect(try await harness.send(.post, "/v1/sample")["id"]?.text == id)
    }

    @Test("An installation without the sample says so", arguments: [nil, "/nonexistent/sample.png"] as [String?])
    func noSample(path: String?) async throws {
        let answer = try await MediaHarness(media: CannedChecker(), samplePath: path).send(.post, "/v1/sample")
        #expect(answer.status == 404)
        #expect(answer.errorCode == "sample-missing")
    }
}
