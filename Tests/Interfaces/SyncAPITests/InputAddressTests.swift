import Blobs
import Foundation
import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Testing
import Text
import Time

/// Older SDKs and the types of webhooks demand a `url` of every medium, so what was sent as an upload or an asset is
/// shown with one.
@Suite("Sync: addresses of inputs")
struct InputAddressTests {
    private func asset(_ harness: Harness, _ kind: MediaKind, remote: String? = nil) async throws -> Asset {
        var asset = Asset(
            organisation: harness.organisation, createdAt: SystemClock().now, name: "x", kind: kind, origin: .upload)
        asset.remoteURL = remote
        if remote == nil {
            let writer = try await harness.blobs.makeWriter()
            try await writer.write(Array("\(kind.rawValue) bytes".utf8))
            asset.blob = try await writer.finish(as: nil).key
        }
        try await harness.store.createAsset(asset, project: nil)
        return asset
    }

    @Test("an input that is an asset has a link that opens it without a key, in every view")
    func links() async throws {
        let harness = try await Harness()
        let video = try await asset(harness, .video)
        let voice = try await asset(harness, .audio)
        let created = try await harness.create([
            "input": [
                ["type": "video", "assetId": .string(video.id.rawValue.uppercased())],
                ["type": "audio", "assetId": .string(voice.id.rawValue), "refId": "a"],
            ]
        ])
        #expect(created.status == 201, "\(created.text)")
        let inputs = try #require(created["input"]?.array)
        for input in inputs {
            let url = try #require(input["url"]?.text)
            let answer = try await harness.send(.get, String(url.dropFirst("http://lips.test:8080".count)), key: "")
            #expect(answer.status == 200)
            #expect(input["assetId"]?.text?.isEmpty == false)
        }
        #expect(inputs[1]["refId"]?.text == "a")
        let id = try #require(created["id"]?.text)
        #expect(try await harness.get("/v2/generate/\(id)")["input"] == created["input"])
        #expect(try await harness.get("/v2/generations").json.array?[0]["input"] == created["input"])
        let generation = try #require(
            try await harness.store.generation(GenerationID(rawValue: id), organisation: harness.organisation))
        // The job looks for the very name under which the asset is stored.
        #expect(generation.request.inputs.map(\.source) == [.asset(video.id), .asset(voice.id)])
        // What a webhook carries.
        #expect(harness.api.view.json(generation)["input"] == created["input"])
    }

    @Test("an asset that lies elsewhere is shown with its own address, and an address that was sent stays")
    func remote() async throws {
        let harness = try await Harness()
        let video = try await asset(harness, .video, remote: "http://media.test/v4.mp4")
        let voice = try await asset(harness, .audio)
        let created = try await harness.create([
            "input": [
                ["type": "video", "assetId": .string(video.id.rawValue), "url": nil],
                ["type": "audio", "assetId": .string(voice.id.rawValue), "url": "http://media.test/a8.wav"],
            ]
        ])
        let inputs = try #require(created["input"]?.array, "\(created.text)")
        #expect(inputs[0]["url"]?.text == "http://media.test/v4.mp4")
        #expect(inputs[1]["url"]?.text == "http://media.test/a8.wav")
    }

    @Test("an input that is ignored gives no link: it may name what belongs to others")
    func ignored() async throws {
        let harness = try await Harness { $0.rules.features = [.dubbing] }
        let stranger = Organisation(name: "stranger", createdAt: SystemClock().now)
        try await harness.store.createOrganisation(stranger)
        let foreign = Asset(
            organisation: stranger.id, createdAt: SystemClock().now, name: "x", kind: .audio, origin: .upload,
            blob: BlobKey(rawValue: "foreign"))
        try await harness.store.createAsset(foreign, project: nil)
        let created = try await harness.create([
            "input": [
                ["type": "video", "url": "http://media.test/v4.mp4"],
                ["type": "audio", "assetId": .string(foreign.id.rawValue)],
            ], "dubParams": ["targetLang": "de"],
        ])
        #expect(created.status == 201, "\(created.text)")
        #expect(created["input"]?.array?[1] == ["type": "audio", "assetId": .string(foreign.id.rawValue)])
    }

    @Test("the lines of a batch are shown in the same way")
    func batch() async throws {
        let harness = try await Harness()
        let voice = try await asset(harness, .audio)
        let rows = (0..<20).map { index -> JSONValue in
            [
                "request_id": .string("r\(index)"), "endpoint": "/v2/generate",
                "payload": [
                    "model": "lipsync-2",
                    "input": [
                        ["type": "video", "url": "http://media.test/v4.mp4"],
                        ["type": "audio", "assetId": .string(voice.id.rawValue)],
                    ],
                ],
            ]
        }
        let answer = try await harness.send(.post, "/v2/batch", json: ["rows": .array(rows)])
        #expect(answer.status == 201, "\(answer.text)")
        let shown = try #require(try await harness.get("/v2/generations").json.array)
        #expect(shown.count == 20)
        #expect(shown.allSatisfy { $0["input"]?.array?[1]["url"]?.text?.contains("/v2/assets/") == true })
    }
}
