import Foundation
import Generations
import HTTP
import InterfaceHarness
import Persistence
import SyncAPI
import Testing
import Text
import WebInterface

/// Sync's interface, with an inspector that knows its media by their names.
typealias Harness = InterfaceHarness<SyncAPI>

extension InterfaceHarness where Interface == SyncAPI {
    convenience init(
        _ change: (inout SyncSettings) -> Void = { _ in }, activeLimit: Int? = nil, requestsPerMinute: Int = 0,
        storeOptions: SQLiteDatabase.Options = SQLiteDatabase.Options(), voices: (any VoiceProvider)? = nil
    ) async throws {
        var parts = Parts(links: SyncAPI.links, errors: SyncAPI.errors) { NamedMedia(blobs: $0) }
        parts.voices = voices
        parts.sampler = { NamedMedia(blobs: $0) }
        parts.activeLimit = activeLimit
        parts.requestsPerMinute = requestsPerMinute
        parts.storeOptions = storeOptions
        try await self.init(parts) { services, _ in
            var settings = SyncSettings()
            settings.rules.features = voices == nil ? [] : [.speech, .dubbing]
            change(&settings)
            return SyncAPI(services, settings: settings)
        } register: { api, router in
            api.register(on: &router)
        }
    }

    var api: SyncAPI { interface }

    func get(_ target: String) async throws -> Answer { try await send(.get, target) }

    /// A create request of the usual kind, with members added or replaced.
    func create(_ members: [String: JSONValue] = [:], headers: HTTPHeaders = [:]) async throws -> Answer {
        var body: [String: JSONValue] = ["model": "lipsync-2", "input": Self.usualInput]
        body.merge(members) { $1 }
        return try await send(.post, "/v2/generate", json: .object(body), headers: headers)
    }

    static var usualInput: JSONValue {
        [
            ["type": "video", "url": "http://media.test/v4.mp4"],
            ["type": "audio", "url": "http://media.test/a8.wav"],
        ]
    }

    /// Sends a form.
    func form(
        _ parts: [FormPart], to target: String = "/v2/generate", headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        try await send(form: parts, to: target, headers: headers)
    }

    /// Does a worker's part: ends the job that has been due for the longest time.
    @discardableResult
    func finishOne(_ outcome: ((ClaimedJob) async throws -> AttemptOutcome)? = nil) async throws -> GenerationID {
        let job = try await claim()
        let result: AttemptOutcome
        if let outcome {
            result = try await outcome(job)
        } else {
            let facts = try await keep("the video of \(job.generation.id)", of: job, name: "video.mp4")
            result = .completed(
                OutputFacts(
                    blob: facts.key, durationSeconds: 8.64, width: 640, height: 480, byteCount: facts.byteCount,
                    frameCount: 216))
        }
        try await finish(AttemptReport(id: job.generation.id, fence: job.lease.fence, outcome: result))
        return job.generation.id
    }
}

extension Answer {
    var code: String? { self["errorCode"]?.text }
}
