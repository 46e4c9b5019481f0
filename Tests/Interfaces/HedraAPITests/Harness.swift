import Foundation
import Generations
import HTTP
import HedraAPI
import InterfaceHarness
import Persistence
import Testing
import Text
import Time

/// Hedra's interface, with an inspector that takes contents for what they say.
typealias Harness = InterfaceHarness<HedraAPI>

extension InterfaceHarness where Interface == HedraAPI {
    static var defaultModel: String { "d1dd37a3-e39a-4854-a298-6510289f9cf2" }
    static var morphModel: String { "0435547d-1b30-41ad-bf66-ca476ff0564e" }
    static var motionModel: String { "780d5b45-3b39-46a6-aa6e-30ffc2ac8723" }
    static var exampleVoice: String { "f412c62f-e94f-41c0-bfc6-97f63289941c" }

    convenience init(
        _ change: (inout HedraSettings) -> Void = { _ in }, activeLimit: Int? = nil, requestsPerMinute: Int = 0,
        speaks: Bool = true, voices: (any VoiceProvider)? = nil, sharing other: Harness? = nil
    ) async throws {
        var parts = Parts(links: HedraAPI.links, errors: HedraAPI.errors) { SpokenMedia(blobs: $0) }
        parts.voices = voices ?? (speaks ? TwoVoices() : nil)
        parts.activeLimit = activeLimit
        parts.requestsPerMinute = requestsPerMinute
        try await self.init(parts, sharing: other) { services, _ in
            var settings = HedraSettings()
            change(&settings)
            return HedraAPI(services, settings: settings)
        } register: { api, router in
            api.register(on: &router)
        }
    }

    // MARK: Requests

    func get(_ path: String) async throws -> Answer { try await send(.get, "/web-app/public" + path) }

    func post(_ path: String, _ json: JSONValue) async throws -> Answer {
        try await send(.post, "/web-app/public" + path, json: json)
    }

    /// Orders a video of the usual kind, with members added, replaced or, with `nil`, left out.
    func order(_ changes: [String: JSONValue?] = [:], inputs: [String: JSONValue] = [:]) async throws -> Answer {
        var body: [String: JSONValue] = ["type": "video"]
        if changes["start_keyframe_id"] == nil { body["start_keyframe_id"] = .string(try await asset("image")) }
        if changes["audio_id"] == nil { body["audio_id"] = .string(try await asset("audio 4.0")) }
        let usual: [String: JSONValue] = [
            "text_prompt": "A person talks", "aspect_ratio": "9:16", "resolution": "540p",
        ]
        body["generated_video_inputs"] = .object(usual.merging(inputs) { $1 })
        for (name, value) in changes { body[name] = value }
        return try await post("/generations", .object(body))
    }

    /// Sends the one file of a form.
    func upload(
        _ content: String, to id: String, part: String = "file", type: String? = nil
    ) async throws -> Answer {
        var file = FormPart(part, content, fileName: "blob")
        file.type = type
        return try await send(form: [file], to: "/web-app/public/assets/\(id)/upload")
    }

    /// An uploaded asset that is what its content says: `image`, `audio 4.0`, `video 5.0`.
    func asset(_ content: String) async throws -> String {
        let kind = String(content.split(separator: " ")[0])
        let announced = try await post("/assets", ["name": .string(content), "type": .string(kind)])
        let id = try #require(announced["id"]?.text, "\(announced.text)")
        let sent = try await upload(content, to: id)
        #expect(sent.status == 200, "\(sent.text)")
        return id
    }

    // MARK: Work

    /// Does a worker's part: ends the job that has been due for the longest time.
    ///
    /// - Parameter voice: The provider's name of the voice that it made.
    @discardableResult
    func finishOne(failure: FailureFacts? = nil, voice: String? = nil) async throws -> GenerationID {
        let job = try await claim()
        let (generation, fence, now) = (job.generation, job.lease.fence, SystemClock().now)
        guard failure == nil else {
            try await finish(
                AttemptReport(
                    id: generation.id, fence: fence,
                    outcome: .rejected(failure ?? FailureFacts(code: .internalError, message: ""))))
            return generation.id
        }
        let blob = try await keep("the output of \(generation.id)", of: job, name: "output")
        var facts = OutputFacts(
            blob: blob.key, durationSeconds: 4, width: 540, height: 960, byteCount: blob.byteCount, frameCount: 100)
        facts.thumbnailBlob = try await keep("small", of: job, name: "small.jpg").key
        var assets: [Asset] = []
        if let kind = generation.request.outputKind {
            assets.append(
                Asset(
                    id: try #require(generation.outputAsset), organisation: organisation, createdAt: now,
                    name: "made", kind: kind, origin: .extract, blob: blob.key, thumbnailBlob: facts.thumbnailBlob,
                    durationSeconds: 4, width: 540, height: 960, generation: generation.id))
        }
        if let speech = generation.request.speechAsset {
            facts.speechBlob = try await keep("words", of: job, name: "speech.wav").key
            assets.append(
                Asset(
                    id: speech, organisation: organisation, createdAt: now, name: "speech", kind: .audio,
                    origin: .speech, blob: facts.speechBlob, durationSeconds: 2, generation: generation.id))
        }
        try await finish(
            AttemptReport(
                id: generation.id, fence: fence, outcome: .completed(facts), assets: assets,
                voice: voice.map {
                    ClonedVoice(
                        id: $0, organisation: organisation, name: generation.request.title ?? "", sample: nil,
                        createdAt: now, asset: generation.outputAsset)
                }))
        return generation.id
    }

    func generation(_ answer: Answer, part: Int = 0) async throws -> Generation {
        let id = answer["batch_results"]?.array?[part]["id"]?.text ?? answer["id"]?.text
        let name = try #require(id, "\(answer.text)")
        return try #require(try await store.generation(GenerationID(rawValue: name), organisation: organisation))
    }

    /// How many generations there are.
    func count() async throws -> Int {
        try await store.generationCount(GenerationFilter(organisation: organisation))
    }
}

extension Answer {
    /// The types and places of what is wrong: `missing body.video.audio_id`.
    var problems: [String] {
        (self["detail"]?.array ?? []).map { entry in
            let place = (entry["loc"]?.array ?? []).map { $0.text ?? $0.int.map(String.init) ?? "?" }
            return "\(entry["type"]?.text ?? "") \(place.joined(separator: "."))"
        }
    }

    /// Whether it has both forms of a refusal, agreeing with each other.
    func isRefusal(_ status: Int, _ failureClass: String? = nil) -> Bool {
        guard self.status == status, self["code"]?.int == status, self["messages"]?.array?.isEmpty == false else {
            return false
        }
        let detail = self["detail"]
        let isFitting = status == 422 ? detail?.array != nil : detail?.text == self["messages"]?.array?[0].text
        return isFitting && (failureClass == nil || self["error"]?["type"]?.text == failureClass)
    }
}

/// Stored files are what their text says: `image`, `audio` or `video`, then their length in seconds.
struct SpokenMedia: MediaInspector {
    let blobs: any BlobStore

    func checkAccess(to input: MediaInput, field: RequestField, organisation: OrganisationID) async throws {
        Issue.record("an address was called while a client waited")
    }

    func facts(of input: MediaInput, field: RequestField, organisation: OrganisationID) async throws -> MediaFacts {
        Issue.record("an address was called while a client waited")
        throw GenerationError(.internalError)
    }

    func facts(of blob: BlobKey, as kind: MediaKind, field: RequestField) async throws -> MediaFacts {
        let reader = try #require(try await blobs.reader(for: blob))
        let words = String(decoding: try await reader.read(offset: 0, maximumCount: 40), as: UTF8.self).split(
            separator: " ")
        guard words.first.map(String.init) == kind.rawValue else {
            throw GenerationError(
                kind == .audio ? .audioUnusable : .videoUnusable, field: field)
        }
        let seconds = words.count > 1 ? Double(words[1]) : nil
        switch kind {
        case .image: return MediaFacts(kind: .image, format: "png", byteCount: 5, width: 640, height: 480)
        case .video:
            return MediaFacts(
                kind: .video, format: "mp4", byteCount: 5, durationSeconds: seconds, width: 640, height: 480,
                framesPerSecond: 25)
        default: return MediaFacts(kind: .audio, format: "wav", byteCount: 5, durationSeconds: seconds, hasSound: true)
        }
    }
}

/// An English and a German voice.
struct TwoVoices: VoiceProvider {
    static let all = [
        Voice(id: "flite-slt", name: "slt", provider: "flite", language: "en-US", gender: "female"),
        Voice(id: "espeak-de", name: "German", provider: "espeak-ng", language: "de", gender: "male"),
    ]

    var capabilities: VoiceCapabilities { get async { VoiceCapabilities() } }
    func voices() async throws -> [Voice] { Self.all }
    func voice(_ id: String) async throws -> Voice {
        guard let voice = Self.all.first(where: { $0.id == id }) else { throw GenerationError(.voiceNotFound) }
        return voice
    }
    func speak(_ request: SpeechRequest, into path: String) async throws -> SpokenSound {
        SpokenSound(durationSeconds: 1)
    }
    func clone(_ sample: String, name: String, mark: String?) async throws -> Voice {
        throw GenerationError(.notOffered)
    }
    func removeVoice(_ id: String) async throws {}
    func checkDub(_ parameters: DubParameters) async throws {}
    func dub(_ parameters: DubParameters, from source: String, into path: String) async throws {}
}
