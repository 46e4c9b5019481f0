import Blobs
import Foundation
import Gateway
import Generations
import HTTP
import HedraAPI
import Persistence
import StoreConformance
import Testing

/// The interface over a real store and a real folder of files, with an inspector that takes contents for what they say.
final class Harness: Sendable {
    static let defaultModel = "d1dd37a3-e39a-4854-a298-6510289f9cf2"
    static let morphModel = "0435547d-1b30-41ad-bf66-ca476ff0564e"
    static let motionModel = "780d5b45-3b39-46a6-aa6e-30ffc2ac8723"
    static let exampleVoice = "f412c62f-e94f-41c0-bfc6-97f63289941c"

    let folder: String
    let store: SQLiteStore
    let blobs: FolderBlobStore
    let router: HTTPRouter
    let secret: String
    let organisation: OrganisationID
    /// The one whose folder is used; it must not go before.
    private let other: Harness?

    init(
        _ change: (inout HedraSettings) -> Void = { _ in }, activeLimit: Int? = nil, requestsPerMinute: Int = 0,
        speaks: Bool = true, voices: (any VoiceProvider)? = nil, sharing other: Harness? = nil
    ) async throws {
        self.other = other
        folder = NSTemporaryDirectory() + "lipsmith-hedra-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if let other {
            (store, blobs, organisation, secret) = (other.store, other.blobs, other.organisation, other.secret)
        } else {
            store = try SQLiteStore(path: folder + "/test.db")
            blobs = try FolderBlobStore(root: folder + "/blobs")
            let owner = Organisation(name: "test", createdAt: SystemClock().now)
            try await store.createOrganisation(owner)
            organisation = owner.id
            let (key, secret) = APIKey.issue(name: "test", organisation: owner.id, now: SystemClock().now)
            try await store.createKey(key)
            self.secret = secret
        }
        var settings = HedraSettings()
        change(&settings)
        let inspector = SpokenMedia(blobs: blobs)
        let api = HedraAPI(
            store: store, blobs: blobs, inspector: inspector, settings: settings,
            links: DownloadLinks(signer: DownloadTokenSigner(secret: RandomBytes.make(32))),
            address: PublicAddress(configured: nil, fallback: "http://127.0.0.1:8080"),
            authenticator: Authenticator(store: store), limiter: RateLimiter(requestsPerMinute: requestsPerMinute),
            intake: GenerationIntake(
                store: store, inspector: inspector, signal: ChangeSignal(), activeLimit: activeLimit),
            voices: voices ?? (speaks ? TwoVoices() : nil))
        var router = HTTPRouter()
        api.register(on: &router)
        self.router = router
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    // MARK: Requests

    /// Sends a request as the server would, errors rendered.
    func send(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = [], key: String? = nil
    ) async throws -> Answer {
        var headers = headers
        let key = key ?? secret
        if !key.isEmpty { headers["x-api-key"] = key }
        headers["Host"] = "lips.test:8080"
        let request = try HTTPRequest(method, target, headers: headers, body: HTTPBody(body), id: "test")
        do {
            return Answer(try await router.respond(to: request))
        } catch let error as HTTPError {
            return Answer(error.response ?? HedraAPI.render(error))
        }
    }

    func get(_ path: String) async throws -> Answer { try await send(.get, "/web-app/public" + path) }

    func post(_ path: String, _ json: JSONValue) async throws -> Answer {
        try await send(
            .post, "/web-app/public" + path, headers: ["Content-Type": "application/json"], body: json.utf8)
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
        var body = "--edge\r\nContent-Disposition: form-data; name=\"\(part)\"; filename=\"blob\"\r\n"
        if let type { body += "Content-Type: \(type)\r\n" }
        body += "\r\n\(content)\r\n--edge--\r\n"
        return try await send(
            .post, "/web-app/public/assets/\(id)/upload",
            headers: ["Content-Type": "multipart/form-data; boundary=edge"], body: Array(body.utf8))
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
        let now = SystemClock().now
        let policy = JobPolicy()
        let job = try #require(try await store.claimJob(worker: "test", now: now, policy: policy))
        let generation = job.generation
        var report = AttemptReport(
            id: generation.id, fence: job.lease.fence,
            outcome: .rejected(
                failure ?? FailureFacts(code: .internalError, message: "")))
        if failure == nil {
            let blob = try await store(file: "the output of \(generation.id)", generation, job.lease.fence, "output")
            var facts = OutputFacts(
                blob: blob.key, durationSeconds: 4, width: 540, height: 960, byteCount: blob.byteCount, frameCount: 100)
            facts.thumbnailBlob = try await store(file: "small", generation, job.lease.fence, "small.jpg").key
            var assets =
                try generation.request.outputKind.map { kind in
                    Asset(
                        id: try #require(generation.outputAsset), organisation: organisation, createdAt: now,
                        name: "made",
                        kind: kind, origin: .extract, blob: blob.key,
                        thumbnailBlob: facts.thumbnailBlob, durationSeconds: 4, width: 540, height: 960,
                        generation: generation.id)
                }.map { [$0] } ?? []
            if let speech = generation.request.speechAsset {
                facts.speechBlob = try await store(file: "words", generation, job.lease.fence, "speech.wav").key
                assets.append(
                    Asset(
                        id: speech, organisation: organisation, createdAt: now, name: "speech", kind: .audio,
                        origin: .speech, blob: facts.speechBlob, durationSeconds: 2, generation: generation.id))
            }
            report = AttemptReport(
                id: generation.id, fence: job.lease.fence, outcome: .completed(facts), assets: assets,
                voice: voice.map {
                    ClonedVoice(
                        id: $0, organisation: organisation, name: generation.request.title ?? "", sample: nil,
                        createdAt: now, asset: generation.outputAsset)
                })
        }
        #expect(try await store.finishJob(report, now: now, policy: policy) == .finish)
        return generation.id
    }

    private func store(
        file text: String, _ generation: Generation, _ fence: Int64, _ name: String
    ) async throws -> BlobFacts {
        let writer = try await blobs.makeWriter()
        try await writer.write(Array(text.utf8))
        return try await writer.finish(as: .output(generation.id, fence: fence, name: name))
    }

    func generation(_ answer: Answer, part: Int = 0) async throws -> Generation {
        let id = answer["batch_results"]?.array?[part]["id"]?.text ?? answer["id"]?.text
        let name = try #require(id, "\(answer.text)")
        return try #require(try await store.generation(GenerationID(rawValue: name), organisation: organisation))
    }

    /// The key of another organisation.
    func stranger() async throws -> String {
        let owner = Organisation(name: "stranger", createdAt: SystemClock().now)
        try await store.createOrganisation(owner)
        let (key, secret) = APIKey.issue(name: "stranger", organisation: owner.id, now: SystemClock().now)
        try await store.createKey(key)
        return secret
    }

    /// How many generations there are.
    func count() async throws -> Int {
        try await store.generationCount(GenerationFilter(organisation: organisation))
    }
}

struct Answer {
    let status: Int
    let headers: HTTPHeaders
    let bytes: [UInt8]

    init(_ response: HTTPResponse) {
        status = response.status.rawValue
        headers = response.headers
        bytes = response.bytes
    }

    var json: JSONValue { (try? JSONValue(parsing: bytes)) ?? .null }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var list: [JSONValue] { json.array ?? [] }
    subscript(key: String) -> JSONValue? { json[key] }

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

    func checkAccess(to input: MediaInput, field: String, organisation: OrganisationID) async throws {
        Issue.record("an address was called while a client waited")
    }

    func facts(of input: MediaInput, field: String, organisation: OrganisationID) async throws -> MediaFacts {
        Issue.record("an address was called while a client waited")
        throw GenerationError(.internalError)
    }

    func facts(of blob: BlobKey, as kind: MediaKind, field: String) async throws -> MediaFacts {
        let reader = try #require(try await blobs.reader(for: blob))
        let words = String(decoding: try await reader.read(offset: 0, maximumCount: 40), as: UTF8.self).split(
            separator: " ")
        guard words.first.map(String.init) == kind.rawValue else {
            throw GenerationError(
                kind == .audio ? .generationInputAudioInvalid : .generationInputVideoInvalid, field: field)
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
        throw GenerationError(.planFeatureUnavailable)
    }
    func removeVoice(_ id: String) async throws {}
    func checkDub(_ parameters: DubParameters) async throws {}
    func dub(_ parameters: DubParameters, from source: String, into path: String) async throws {}
}
