import Foundation
import Generations
import HTTP
import HedraAPI
import InterfaceHarness
import Persistence
import Testing
import Text
import Time

/// Goal: names that clients choose give nobody another's results, and lose nobody's.
@Suite("Names of assets belong to one owner and one maker")
struct OwnershipTests {
    @Test("A promised asset cannot be reserved again, by nobody and in no way")
    func reserved() async throws {
        let harness = try await Harness()
        let promised = try #require(try await harness.order()["asset_id"])
        let key = try await harness.stranger()
        func strange(_ path: String, _ body: JSONValue) async throws -> Answer {
            try await harness.send(
                .post, "/web-app/public" + path, headers: ["Content-Type": "application/json"], body: body.utf8,
                key: key)
        }
        let speech: JSONValue = [
            "type": "text_to_speech", "voice_id": .string(Harness.exampleVoice), "text": "Hello",
            "reserved_asset_id": promised,
        ]
        #expect(try await strange("/generations", speech).isRefusal(409, "ALREADY_EXISTS"))
        #expect(try await harness.post("/generations", speech).isRefusal(409, "ALREADY_EXISTS"))
        let image: JSONValue = ["name": "x", "type": "image", "reserved_asset_id": promised]
        #expect(try await strange("/assets", image).isRefusal(409, "ALREADY_EXISTS"))
        #expect(try await harness.post("/assets", image).isRefusal(409, "ALREADY_EXISTS"))
        try await harness.finishOne()
        #expect(try await strange("/generations", speech).isRefusal(409, "ALREADY_EXISTS"))
    }

    @Test("Of requests that reserve one asset at the same moment one is accepted, and the others are told")
    func simultaneous() async throws {
        let harness = try await Harness()
        for path in ["/generations", "/assets"] {
            let id = AssetID().rawValue
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let body: JSONValue =
                            path == "/assets"
                            ? ["name": "x", "type": "image", "reserved_asset_id": .string(id)]
                            : [
                                "type": "text_to_speech", "voice_id": .string(Harness.exampleVoice),
                                "text": .string("Number \(number)"), "reserved_asset_id": .string(id),
                            ]
                        return try await harness.post(path, body).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200] + Array(repeating: 409, count: 7))
        }
    }

    @Test("A finished job whose asset was deleted shows no link that leads to nothing")
    func deleted() async throws {
        let harness = try await Harness()
        let answer = try await harness.order()
        try await harness.finishOne()
        let path = "/generations/\(answer["id"]?.text ?? "")/status"
        #expect(try await harness.get(path)["url"]?.text != nil)
        let asset = AssetID(rawValue: answer["asset_id"]?.text ?? "")
        _ = try await harness.store.deleteAsset(asset, organisation: harness.organisation)
        let status = try await harness.get(path)
        #expect(status["status"]?.text == "complete")
        #expect(status["url"] == nil)
    }

    @Test("A retry is answered as before when its parts are gone, and when it is written in another way")
    func retries() async throws {
        let harness = try await Harness()
        let image = try await harness.asset("image")
        let id = GenerationID().rawValue
        let changes: [String: JSONValue?] = ["generation_id": .string(id), "start_keyframe_id": .string(image)]
        let sound: [String: JSONValue?] = ["audio_id": .string(try await harness.asset("audio 4.0"))]
        let first = try await harness.order(changes.merging(sound) { $1 })
        #expect(first["id"]?.text == id)
        for (change, inputs) in [
            (["generation_id": .string(id.uppercased())], [:]),
            (["generation_id": nil, "generation_ids": [.string(id)]], [:]),
            (["batch_size": "1"], [:]), (["video_id": .null], ["seed": .null]),
            (["audio_start_ms": nil], ["seed": .null]),
        ] as [([String: JSONValue?], [String: JSONValue])] {
            let again = try await harness.order(changes.merging(sound) { $1 }.merging(change) { $1 }, inputs: inputs)
            #expect(again.status == 200, "\(change): \(again.text)")
            #expect(again["id"]?.text == id, "\(change): \(again.text)")
        }
        #expect(
            try await harness.order(changes.merging(sound) { $1 }, inputs: ["text_prompt": "Else"]).isRefusal(409))
        _ = try await harness.store.deleteAsset(AssetID(rawValue: image), organisation: harness.organisation)
        #expect(try await harness.order(changes.merging(sound) { $1 })["id"]?.text == id)
        #expect(try await harness.count() == 1)
    }

    @Test("The session of a browser opens nothing here")
    func cookies() async throws {
        let harness = try await Harness()
        let cookie = try await harness.signIn(.operator)
        let headers: HTTPHeaders = ["Cookie": cookie, "Origin": "http://lips.test:8080"]
        #expect(
            try await harness.send(.get, "/web-app/public/assets?type=video", headers: headers, key: "").status == 401)
        #expect(try await harness.send(.get, "/web-app/public/assets?type=video", headers: headers).status == 200)
    }

    @Test("A name of one letter and endless marks is cut by its scalars")
    func names() async throws {
        let harness = try await Harness()
        let name = "a" + String(repeating: "\u{301}", count: 5000)
        let answer = try await harness.post("/assets", ["name": .string(name), "type": "image"])
        #expect(answer["name"]?.text?.unicodeScalars.count == 255)
        let speech = try await harness.post(
            "/generations",
            ["type": "text_to_speech", "voice_id": .string(Harness.exampleVoice), "text": .string(name + "b")])
        #expect(speech.isRefusal(400, "INVALID_ARGUMENT"))
    }

    @Test("A length that no medium can have, stored by an older version, is shown and priced without harm")
    func impossibleLength() async throws {
        let harness = try await Harness { $0.credits = 100 }
        for seconds in [pow(2.0, 61), -5, .infinity] {
            let id = AssetID()
            try await harness.store.createAsset(
                Asset(
                    id: id, organisation: harness.organisation, createdAt: SystemClock().now, name: "huge",
                    kind: .audio, origin: .upload, blob: BlobKey(rawValue: "content/\(id)"), durationSeconds: seconds),
                project: nil)
            let listed = try await harness.get("/assets?type=audio&ids=\(id)").list
            #expect(listed.first?["asset"]?["duration_ms"]?.int != nil)
            #expect(try await harness.order(["audio_id": .string(id.rawValue)]).status != 200)
        }
        #expect(try await harness.get("/assets?type=audio").status == 200)
    }

    @Test("Only links to what was made may be kept for ever")
    func caching() async throws {
        let harness = try await Harness()
        let image = try await harness.asset("image")
        let url = try await harness.get("/assets?type=image&ids=\(image)").list[0]["asset"]?["url"]?.text ?? ""
        func caching(_ url: String) async throws -> String? {
            let path = String(url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" })
            return try await harness.send(.get, path, key: "").headers["Cache-Control"]
        }
        #expect(try await caching(url) == "private, no-cache")
        let made = try await harness.order()
        try await harness.finishOne()
        let status = try await harness.get("/generations/\(made["id"]?.text ?? "")/status")
        #expect(try await caching(status["url"]?.text ?? "")?.contains("immutable") == true)
    }
}
