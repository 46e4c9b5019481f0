import Blobs
import Foundation
import Gateway
import Generations
import HTTP
import Persistence
import StoreConformance
import SyncAPI
import Synchronization
import Testing

/// The interface over a real store and a real folder of files, with an inspector that knows its media by their names.
final class Harness: Sendable {
    let folder: String
    let store: SQLiteStore
    let blobs: FolderBlobStore
    let router: HTTPRouter
    let api: SyncAPI
    let secret: String
    let organisation: OrganisationID
    let signal = ChangeSignal()

    init(
        _ change: (inout SyncSettings) -> Void = { _ in }, activeLimit: Int? = nil, requestsPerMinute: Int = 0,
        storeOptions: SQLiteStore.Options = SQLiteStore.Options(), voices: (any VoiceProvider)? = nil
    ) async throws {
        folder = NSTemporaryDirectory() + "lipsmith-sync-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try SQLiteStore(path: folder + "/test.db", options: storeOptions)
        blobs = try FolderBlobStore(root: folder + "/blobs")
        let owner = Organisation(name: "test", createdAt: SystemClock().now)
        try await store.createOrganisation(owner)
        organisation = owner.id
        let (key, secret) = APIKey.issue(name: "test", organisation: owner.id, now: SystemClock().now)
        try await store.createKey(key)
        self.secret = secret
        var settings = SyncSettings()
        settings.rules.features = voices == nil ? [] : [.speech, .dubbing]
        settings.speechFolder = voices == nil ? nil : folder
        change(&settings)
        let inspector = NamedMedia(blobs: blobs)
        api = SyncAPI(
            store: store, blobs: blobs, inspector: inspector, signal: signal, settings: settings,
            links: DownloadLinks(signer: DownloadTokenSigner(secret: RandomBytes.make(32))),
            address: PublicAddress(configured: nil, fallback: "http://127.0.0.1:8080"),
            authenticator: Authenticator(store: store), limiter: RateLimiter(requestsPerMinute: requestsPerMinute),
            intake: GenerationIntake(store: store, inspector: inspector, signal: signal, activeLimit: activeLimit),
            voices: voices, sampler: inspector)
        var router = HTTPRouter()
        api.register(on: &router)
        self.router = router
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Sends a request as the server would, errors rendered.
    func send(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = [], key: String? = nil
    ) async throws -> Answer {
        var headers = headers
        if let key = key ?? secret as String?, !key.isEmpty { headers["x-api-key"] = key }
        headers["Host"] = "lips.test:8080"
        let request = try HTTPRequest(method, target, headers: headers, body: HTTPBody(body), id: "test")
        do {
            return Answer(try await router.respond(to: request))
        } catch let error as HTTPError {
            return Answer(error.response ?? SyncAPI.render(error, requestID: "test"))
        }
    }

    func send(
        _ method: HTTPMethod, _ target: String, json: JSONValue, headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        var headers = headers
        headers["Content-Type"] = "application/json"
        return try await send(method, target, headers: headers, body: json.utf8)
    }

    func get(_ target: String) async throws -> Answer { try await send(.get, target) }

    /// A create request of the usual kind, with members added or replaced.
    func create(_ members: [String: JSONValue] = [:], headers: HTTPHeaders = [:]) async throws -> Answer {
        var body: [String: JSONValue] = ["model": "lipsync-2", "input": Self.usualInput]
        body.merge(members) { $1 }
        return try await send(.post, "/v2/generate", json: .object(body), headers: headers)
    }

    static let usualInput: JSONValue = [
        ["type": "video", "url": "http://media.test/v4.mp4"], ["type": "audio", "url": "http://media.test/a8.wav"],
    ]

    /// Sends a form.
    func form(_ parts: [FormPart], to target: String = "/v2/generate", headers: HTTPHeaders = [:]) async throws
        -> Answer
    {
        var body: [UInt8] = []
        for part in parts {
            body += "--edge\r\nContent-Disposition: form-data; name=\"\(part.name)\"".utf8
            if let file = part.fileName {
                body += "; filename=\"\(file)\"\r\nContent-Type: application/octet-stream".utf8
            }
            body += "\r\n\r\n".utf8
            body += part.content
            body += "\r\n".utf8
        }
        body += "--edge--\r\n".utf8
        var headers = headers
        headers["Content-Type"] = "multipart/form-data; boundary=edge"
        return try await send(.post, target, headers: headers, body: body)
    }

    /// Does a worker's part: ends the job that has been due for the longest time.
    @discardableResult
    func finishOne(_ outcome: ((ClaimedJob) async throws -> AttemptOutcome)? = nil) async throws -> GenerationID {
        let now = SystemClock().now
        let policy = JobPolicy()
        let job = try #require(try await store.claimJob(worker: "test", now: now, policy: policy))
        let key = BlobKey.output(job.generation.id, fence: job.lease.fence, name: "video.mp4")
        let result: AttemptOutcome
        if let outcome {
            result = try await outcome(job)
        } else {
            let writer = try await blobs.makeWriter()
            try await writer.write(Array("the video of \(job.generation.id)".utf8))
            let facts = try await writer.finish(as: key)
            result = .completed(
                OutputFacts(
                    blob: key, durationSeconds: 8.64, width: 640, height: 480, byteCount: facts.byteCount,
                    frameCount: 216))
        }
        let report = AttemptReport(id: job.generation.id, fence: job.lease.fence, outcome: result)
        #expect(try await store.finishJob(report, now: now, policy: policy) == .finish)
        signal.announce(.generation(job.generation.id))
        return job.generation.id
    }
}

struct FormPart {
    var name: String
    var fileName: String?
    var content: [UInt8]

    init(_ name: String, _ text: String, fileName: String? = nil) {
        self.name = name
        self.fileName = fileName
        content = Array(text.utf8)
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
    subscript(key: String) -> JSONValue? { json[key] }
    var code: String? { self["errorCode"]?.text }
}

/// Media are what their names say: `v4.mp4` is a video of 4 s, `a8.wav` a sound of 8.64 s, whatever has `unreachable`
/// in it cannot be had. Stored files are what their content says: `video`, `audio` or `image`.
struct NamedMedia: MediaInspector, MediaSampler {
    let blobs: any BlobStore

    func bring(
        _ input: MediaInput, to path: String, byteLimit: Int64, organisation: OrganisationID
    ) async throws -> MediaFacts {
        guard case .url(let url) = input.source else {
            try "asset".write(toFile: path, atomically: true, encoding: .utf8)
            return Self.facts(.audio)
        }
        if url.contains("unreachable") { throw Self.inaccessible(.audio, "url") }
        if url.contains("large") { throw GenerationError(.voiceSampleSourceTooLarge) }
        try url.write(toFile: path, atomically: true, encoding: .utf8)
        var facts = Self.facts(url.hasSuffix(".png") ? .image : .audio)
        if url.contains("short") { facts.durationSeconds = 0.4 }
        if url.contains("silent") { facts.hasSound = false }
        return facts
    }

    func checkAccess(to input: MediaInput, field: String, organisation: OrganisationID) async throws {
        guard case .url(let url) = input.source, url.contains("unreachable") else { return }
        throw Self.inaccessible(input.kind, field)
    }

    func facts(of input: MediaInput, field: String, organisation: OrganisationID) async throws -> MediaFacts {
        guard case .url(let url) = input.source else { return Self.facts(input.kind) }
        if url.contains("unreachable") { throw Self.inaccessible(input.kind, field) }
        return Self.facts(input.kind)
    }

    func facts(of blob: BlobKey, as kind: MediaKind, field: String) async throws -> MediaFacts {
        let reader = try #require(try await blobs.reader(for: blob))
        let content = String(decoding: try await reader.read(offset: 0, maximumCount: 16), as: UTF8.self)
        guard content.hasPrefix(kind.rawValue) else {
            let code: ErrorCode = kind == .audio ? .generationInputAudioInvalid : .generationInputVideoInvalid
            throw GenerationError(code, field: field)
        }
        return Self.facts(kind)
    }

    private static func facts(_ kind: MediaKind) -> MediaFacts {
        switch kind {
        case .video:
            MediaFacts(
                kind: .video, format: "mp4", byteCount: 1000, durationSeconds: 4, width: 640, height: 480,
                framesPerSecond: 25, hasSound: true)
        case .image: MediaFacts(kind: .image, format: "png", byteCount: 1000, width: 640, height: 480)
        default: MediaFacts(kind: .audio, format: "wav", byteCount: 1000, durationSeconds: 8.64, hasSound: true)
        }
    }

    private static func inaccessible(_ kind: MediaKind, _ field: String) -> GenerationError {
        switch kind {
        case .audio: GenerationError(.generationInputAudioInaccessible, field: field)
        case .image: GenerationError(.generationInputImageInaccessible, field: field)
        default: GenerationError(.generationInputVideoInaccessible, field: field)
        }
    }
}
