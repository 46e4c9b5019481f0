import Foundation
import Generations
import HTTP
import HedraV3API
import InterfaceHarness
import Persistence
import Testing
import Text
import Time

/// Hedra's API v3, with an inspector that takes contents for what they say.
typealias Harness = InterfaceHarness<HedraV3API>

extension InterfaceHarness where Interface == HedraV3API {
    /// The key pair of the contract's test vector.
    static var key: SigningKey { SigningKey(seed: Array(0..<32)) }

    convenience init(
        _ change: (inout HedraV3Settings) -> Void = { _ in }, activeLimit: Int? = nil, requestsPerMinute: Int = 0,
        voices: (any VoiceProvider)? = RecordedVoices(clones: false), clock: any WallClock = SystemClock(),
        sharing other: Harness? = nil
    ) async throws {
        var parts = Parts(links: HedraV3API.links, errors: HedraV3API.errors) { NamedMedia(blobs: $0) }
        parts.voices = voices
        parts.activeLimit = activeLimit
        parts.requestsPerMinute = requestsPerMinute
        parts.clock = clock
        try await self.init(parts, sharing: other) { services, _ in
            var settings = HedraV3Settings()
            change(&settings)
            return HedraV3API(services, settings: settings, key: Self.key)
        } register: { api, router in
            api.register(on: &router)
        }
    }

    func get(_ path: String, headers: HTTPHeaders = [:], key: String? = nil) async throws -> Answer {
        try await send(.get, "/v3" + path, headers: headers, key: key)
    }

    func post(
        _ path: String, _ json: JSONValue, headers: HTTPHeaders = [:], key: String? = nil
    ) async throws -> Answer {
        try await send(.post, "/v3" + path, json: json, headers: headers, key: key)
    }

    /// Sends a file, and gives the medium object that names it.
    func file(_ content: String) async throws -> JSONValue {
        let sent = try await send(form: [FormPart("file", content, fileName: "upload")], to: "/v3/files")
        #expect(sent.status == 201, "\(sent.text)")
        return ["source": "url", "url": sent["url"] ?? .null]
    }

    /// The input of an avatar, with members added, replaced or, with `nil`, left out.
    func avatar(_ changes: [String: JSONValue?] = [:]) async throws -> JSONValue {
        var input: [String: JSONValue] = [
            "prompt": "calm", "aspect_ratio": "1:1", "resolution": "540p", "start_image": try await file("image 1"),
            "audio": try await file("audio 1"),
        ]
        for (name, value) in changes { input[name] = value }
        return .object(input)
    }

    /// Orders an avatar, and gives its job's id.
    func order(_ changes: [String: JSONValue?] = [:]) async throws -> String {
        let answer = try await post("/models/hedra-avatar", ["input": try await avatar(changes)])
        #expect(answer.status == 202, "\(answer.text)")
        return answer["job_id"]?.text ?? ""
    }

    /// Does a worker's part: ends the job that has been due for the longest time.
    func finishOne(_ outcome: AttemptOutcome? = nil) async throws {
        let job = try await claim()
        guard let outcome else {
            let facts = try await keep("video", of: job, name: "video.mp4")
            let output = OutputFacts(
                blob: facts.key, durationSeconds: 8.64, width: 540, height: 540, byteCount: facts.byteCount,
                frameCount: 216)
            var asset = Asset(
                id: job.generation.outputAsset ?? AssetID(), organisation: organisation, createdAt: SystemClock().now,
                name: "video", kind: .video, origin: .upload, blob: facts.key)
            asset.generation = job.generation.id
            (asset.width, asset.height, asset.durationSeconds, asset.format) = (540, 540, 8.64, "mp4")
            return try await finish(
                AttemptReport(
                    id: job.generation.id, fence: job.lease.fence, outcome: .completed(output), assets: [asset]))
        }
        try await finish(AttemptReport(id: job.generation.id, fence: job.lease.fence, outcome: outcome))
    }
}

extension Answer {
    /// The name of the error.
    var code: String? { json["error"]?["code"]?.text }
    /// The wrong fields with their reasons, in their order.
    var reasons: [String] {
        (json["error"]?["details"]?.array ?? []).map { "\($0["field"]?.text ?? "") \($0["reason"]?.text ?? "")" }
    }
}
