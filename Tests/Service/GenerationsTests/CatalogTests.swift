import Generations
import StoreConformance
import Testing
import Text

struct CatalogTests {
    /// Every code has words of its own, which can be shown and sent anywhere, and a stable name that is read back.
    @Test func failures() {
        for code in FailureCode.allCases {
            #expect(code.message.hasSuffix("."), "\(code)")
            #expect(code.suggestion.hasSuffix("."), "\(code)")
            #expect(code.message.utf8.allSatisfy { $0 < 0x80 }, "\(code)")
            #expect(code.suggestion.utf8.allSatisfy { $0 < 0x80 }, "\(code)")
            #expect(code.rawValue.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(code)")
        }
        #expect(FailureCode.videoUnusable.rawValue == "video-unusable")
        #expect(FailureCode.storageFailed.isRetryable)
        #expect(!FailureCode.videoUnusable.isRetryable)
    }

    /// An error takes what it is not given from its code, and keeps private detail to itself.
    @Test func errors() {
        let error = GenerationError(
            .videoInaccessible, field: .inputAddress(0), detail: "10.0.0.1 refused")
        #expect(error.message == FailureCode.videoInaccessible.message)
        #expect(!error.description.contains("10.0.0.1"))
    }

    /// Every current name is there; options that a model does not honour are dropped, not refused.
    @Test func models() throws {
        let catalog = ModelCatalog.standard
        for name in ["sync-3", "lipsync-2-pro", "lipsync-2", "react-1", "lipsync-1.9.0-beta"] {
            #expect(catalog.model(named: name)?.capabilities.contains(.video) == true)
        }
        #expect(catalog.model(named: "nope-9") == nil)
        let named = catalog.adding(["one": .photo, "lipsync-2": .warp])
        #expect(named.model(named: "one") == .photo)
        #expect(named.model(named: "lipsync-2") == .standard)
        #expect(named.models == catalog.models)
        #expect(catalog.models.filter { $0.capabilities.contains([.video, .image]) }.map(\.name) == ["sync-3"])
        let options = GenerationOptions(temperature: 0.1, speaker: .automatic, modelMode: .head, emotion: .happy)
        let react = try #require(catalog.model(named: "react-1")).effective(options)
        #expect(react == GenerationOptions(temperature: 0.1, modelMode: .head, emotion: .happy))
        let plain = try #require(catalog.model(named: "lipsync-2")).effective(options)
        #expect(plain == GenerationOptions(temperature: 0.1, speaker: .automatic))
    }

    /// A stored request keeps its seed, and one without a seed is written as it always was.
    @Test func storedSeed() throws {
        var request = Samples.request()
        #expect(request.json["options"] == ["syncMode": "loop", "temperature": 0.4])
        request.lipSync?.options.seed = 9_007_199_254_740_991
        #expect(request.json["options"]?["seed"] == 9_007_199_254_740_991)
        let read = try GenerationRequest(json: JSONValue(parsing: request.json.utf8))
        #expect(read == request)
        #expect(read.lipSync?.options.seed == 9_007_199_254_740_991)
    }

    /// The contract's table of lengths and the one price that is quoted.
    @Test func cost() {
        for (mode, long, short) in [
            (SyncMode.bounce, 8.64, 6.0), (.loop, 8.64, 6), (.cutOff, 4, 6), (.silence, 8.64, 10), (.remap, 8.64, 6),
        ] {
            #expect(mode.outputSeconds(video: 4, voice: 8.64) == long)
            #expect(mode.outputSeconds(video: 10, voice: 6) == short)
            #expect(mode.outputSeconds(video: 10, voice: 10.01) == 10)
        }
        #expect(CostEstimate(outputSeconds: 8.64, framesPerSecond: 25, ratePerFrame: 0).frameCount == 216)
        #expect(CostEstimate(outputSeconds: 3, framesPerSecond: 30, ratePerFrame: 1.0 / 300).cost == 0.3)
        #expect(PriceList().rate(of: "lipsync-2") == 0)
    }

    /// Equal requests have equal digests, whatever order their members were in; files count by content.
    @Test func idempotencyPayload() throws {
        let key = try IdempotencyKey(headerValues: ["k"])
        func claim(_ text: String, _ files: [String: [UInt8]] = [:]) throws -> [UInt8] {
            try IdempotencyClaim(key: key, fields: JSONValue(parsing: text), fileDigests: files).payloadDigest
        }
        let first = try claim(#"{"a":1,"b":[1.50]}"#)
        #expect(try claim(#" { "b" : [1.5], "a" : 1.0 } "#) == first)
        #expect(try claim(#"{"a":2,"b":[1.5]}"#) != first)
        #expect(try claim(#"{"a":1,"b":[1.5]}"#, ["video": [1]]) != first)
    }
}
