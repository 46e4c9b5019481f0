import Blobs
import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Persistence
import Testing
import Text
import Time
import WebInterface

/// Lipsmith's own interface, with an inspector that knows its media by their names.
typealias OwnHarness = InterfaceHarness<LipsmithAPI>

extension InterfaceHarness where Interface == LipsmithAPI {
    convenience init(
        voices: (any VoiceProvider)? = RecordedVoices(), activeLimit: Int? = nil,
        _ change: @escaping (inout LipsmithSettings) -> Void = { _ in }
    ) async throws {
        var parts = Parts(links: LipsmithAPI.links, errors: LipsmithAPI.errors) { NamedMedia(blobs: $0) }
        parts.voices = voices
        parts.sampler = { NamedMedia(blobs: $0) }
        parts.activeLimit = activeLimit
        try await self.init(parts) { services, _ in
            var settings = LipsmithSettings()
            change(&settings)
            return LipsmithAPI(services, settings: settings)
        } register: { api, router in
            api.register(on: &router)
        }
    }

    static var usualOrder: [String: JSONValue] {
        [
            "model": "lipsync-2", "video": ["url": "http://media.test/v4.mp4"],
            "audio": ["url": "http://media.test/a8.wav"],
        ]
    }

    /// An order of the usual kind, with members added, replaced, or left out where they are nil.
    func order(
        _ members: [String: JSONValue?] = [:], to target: String = "/v1/generations", headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        var body = Self.usualOrder
        for (name, value) in members { body[name] = value }
        return try await send(.post, target, json: .object(body), headers: headers)
    }

    func get(_ target: String, key: String? = nil) async throws -> Answer { try await send(.get, target, key: key) }

    /// The generation that an answer is about, as it is stored.
    func stored(_ answer: Answer) async throws -> Generation {
        let id = try #require(answer["id"]?.text.flatMap(GenerationID.init(parsing:)), "\(answer.text)")
        return try #require(try await store.generation(id, organisation: organisation))
    }

    /// Does a worker's part: ends the job that has been due for the longest time.
    @discardableResult
    func finishOne(report: String? = nil, seconds: Double = 8.64) async throws -> GenerationID {
        let job = try await claim()
        let video = try await keep("the video", of: job, name: "video.mp4")
        var facts = OutputFacts(
            blob: video.key, durationSeconds: seconds, width: 640, height: 480, byteCount: video.byteCount,
            frameCount: 216)
        if let report { facts.reportBlob = try await keep(report, of: job, name: "report.json").key }
        try await finish(AttemptReport(id: job.generation.id, fence: job.lease.fence, outcome: .completed(facts)))
        return job.generation.id
    }

    /// A stored medium of an organisation.
    func asset(_ kind: MediaKind, _ content: String, of owner: OrganisationID? = nil) async throws -> AssetID {
        let writer = try await blobs.makeWriter()
        try await writer.write(Array(content.utf8))
        let asset = Asset(
            organisation: owner ?? organisation, createdAt: .init(milliseconds: 0), name: content, kind: kind,
            origin: .upload, blob: try await writer.finish(as: nil).key)
        try await store.createAsset(asset, project: nil)
        return asset.id
    }
}

extension Answer {
    /// The code of a refusal.
    var code: String? { self["error"]?["code"]?.text }
    /// The field that a refusal names.
    var field: String? { self["error"]?["field"]?.text }
}
