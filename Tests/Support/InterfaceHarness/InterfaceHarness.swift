public import Access
public import Blobs
import Foundation
public import Generations
public import HTTP
public import Persistence
import StoreConformance
import Testing
public import Text
public import Time
public import WebInterface

/// An interface over a real store and a real folder of files, without a server.
///
/// Each suite adds an initialiser and the requests of its interface in an extension.
public final class InterfaceHarness<Interface: Sendable>: Sendable {
    /// What an interface needs to be put together.
    public struct Parts {
        /// The interface's own links.
        public var links: [FileLink]
        /// The form of its errors.
        public var errors: any ErrorRenderer
        /// Looks into media.
        public var inspector: (any BlobStore) -> any MediaInspector
        /// Who speaks; nil where nobody does.
        public var voices: (any VoiceProvider)?
        /// Fetches the sounds that voices are made of; nil where nobody does.
        public var sampler: ((any BlobStore) -> any MediaSampler)?
        /// How many unfinished generations an organisation may have; nil for any number.
        public var activeLimit: Int?
        /// The most bytes that an organisation may keep; nil for any number.
        public var quotaByteCount: Int64?
        /// How many requests a key may send; 0 for any number.
        public var requestsPerMinute = 0
        /// What the interface takes for the time.
        public var clock: any WallClock = SystemClock()
        /// Of the store.
        public var storeOptions = SQLiteDatabase.Options()

        /// Names the parts that have no default.
        public init(
            links: [FileLink], errors: any ErrorRenderer, inspector: @escaping (any BlobStore) -> any MediaInspector
        ) {
            self.links = links
            self.errors = errors
            self.inspector = inspector
        }
    }

    /// Where everything is kept.
    public let folder: String
    /// The store.
    public let store: SQLStore
    /// The files.
    public let blobs: FolderBlobStore
    /// The interface's endpoints.
    public let router: HTTPRouter
    /// The interface itself.
    public let interface: Interface
    /// The secret of the organisation's key.
    public let secret: String
    /// Who sends requests.
    public let organisation: OrganisationID
    /// Tells of changes in the store.
    public let signal = ChangeSignal()
    /// What is known of running renders.
    public let live = LiveRenders()
    /// Finds out who sends a request.
    public let authenticator: Authenticator
    private let errors: any ErrorRenderer
    /// The one whose folder is used; it must not go before.
    private let other: InterfaceHarness?

    /// Puts an interface together.
    ///
    /// - Parameters:
    ///   - other: Whose store and files are used, as a server does that is started again.
    ///   - make: Makes the interface; gets the folder, too.
    ///   - register: Adds its endpoints.
    public init(
        _ parts: Parts, sharing other: InterfaceHarness? = nil, make: (InterfaceServices, String) -> Interface,
        register: (Interface, inout HTTPRouter) -> Void
    ) async throws {
        self.other = other
        errors = parts.errors
        folder = NSTemporaryDirectory() + "lipsmith-interface-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if let other {
            (store, blobs, organisation, secret) = (other.store, other.blobs, other.organisation, other.secret)
        } else {
            store = try SQLStore(path: folder + "/test.db", options: parts.storeOptions)
            blobs = try FolderBlobStore(root: folder + "/blobs")
            (organisation, secret) = try await Self.newOrganisation("test", in: store)
        }
        let inspector = parts.inspector(blobs)
        authenticator = Authenticator(store: store)
        let storage = StorageGate(store: store, blobs: blobs, quotaByteCount: parts.quotaByteCount)
        let services = InterfaceServices(
            store: store, blobs: blobs, inspector: inspector,
            intake: GenerationIntake(
                store: store, inspector: inspector, signal: signal, activeLimit: parts.activeLimit, storage: storage),
            signal: signal, live: live,
            files: LinkedFiles(
                signer: DownloadTokenSigner(secret: RandomBytes.make(32)), kinds: parts.links, store: store,
                blobs: blobs), voices: parts.voices, sampler: parts.sampler?(blobs),
            speechFolder: parts.voices == nil ? nil : folder,
            address: PublicAddress(configured: nil, fallback: "http://127.0.0.1:8080"),
            authenticator: authenticator,
            limiter: RateLimiter(requestsPerMinute: parts.requestsPerMinute), clock: parts.clock)
        interface = make(services, folder)
        var router = HTTPRouter()
        register(interface, &router)
        self.router = router
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Makes an organisation with a key, and tells the key's secret.
    private static func newOrganisation(
        _ name: String, in store: SQLStore
    ) async throws -> (OrganisationID, secret: String) {
        let owner = Organisation(name: name, createdAt: SystemClock().now)
        try await store.createOrganisation(owner)
        let (key, secret) = APIKey.issue(name: name, organisation: owner.id, now: SystemClock().now)
        try await store.createKey(key)
        return (owner.id, secret)
    }

    /// The key of another organisation.
    public func stranger() async throws -> String { try await Self.newOrganisation("stranger", in: store).secret }

    /// Signs a browser in, and tells its cookie.
    ///
    /// - Parameter now: When; its session lasts 30 days from then on.
    public func signIn(_ role: Role = .member, now: Timestamp = SystemClock().now) async throws -> String {
        let (token, _) = SignInToken.issue(organisation: organisation, role: role, now: now)
        try await store.createSignInToken(token)
        let sessionSecret = Secret.make()
        let opened = try await store.redeemSignInToken(digest: token.digest, now: now) {
            Session(opening: $0, digest: Secret.digest(of: sessionSecret), client: "test", now: now)
        }
        _ = try #require(opened)
        return "lipsmith_session=\(sessionSecret)"
    }

    /// A key of the same organisation that opens the installation's own pages.
    public func operatorKey() async throws -> String {
        let (key, secret) = APIKey.issue(
            name: "operator", organisation: organisation, role: .operator, now: SystemClock().now)
        try await store.createKey(key)
        return secret
    }

    // MARK: Requests

    /// Sends a request as the server would, errors rendered.
    ///
    /// - Parameter key: Another key than the harness's own; empty for none.
    public func send(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = [], key: String? = nil
    ) async throws -> Answer {
        try await send(method, target, headers: headers, body: HTTPBody(body), key: key)
    }

    /// Sends a request whose body arrives in its own way.
    public func send(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: HTTPBody, key: String? = nil
    ) async throws -> Answer {
        Answer(try await respond(method, target, headers: headers, body: body, key: key))
    }

    /// Opens a stream, and gives what is written to it piece by piece. It ends when nobody reads any more.
    ///
    /// - Parameter key: As in `send`.
    public func stream(
        _ target: String, headers: HTTPHeaders = [:], key: String? = nil
    ) async throws -> (Answer, pieces: AsyncStream<String>) {
        let response = try await respond(.get, target, headers: headers, body: HTTPBody([]), key: key)
        let (pieces, continuation) = AsyncStream.makeStream(of: String.self)
        let task = Task {
            let writer = HTTPBodyWriter { continuation.yield(String(decoding: $0, as: UTF8.self)) }
            try? await response.write(to: writer)
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return (Answer(response), pieces)
    }

    private func respond(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders, body: HTTPBody, key: String?
    ) async throws -> HTTPResponse {
        var headers = headers
        let key = key ?? secret
        if !key.isEmpty { headers["x-api-key"] = key }
        headers["Host"] = "lips.test:8080"
        let request = try HTTPRequest(method, target, headers: headers, body: body, id: "test")
        do { return try await router.respond(to: request) } catch let error as HTTPError {
            return error.response ?? errors.response(to: error, requestID: "test")
        }
    }

    /// Sends JSON.
    public func send(
        _ method: HTTPMethod, _ target: String, json: JSONValue, headers: HTTPHeaders = [:], key: String? = nil
    ) async throws -> Answer {
        var headers = headers
        headers["Content-Type"] = "application/json"
        return try await send(method, target, headers: headers, body: json.utf8, key: key)
    }

    /// Sends a form.
    public func send(form parts: [FormPart], to target: String, headers: HTTPHeaders = [:]) async throws -> Answer {
        var headers = headers
        headers["Content-Type"] = "multipart/form-data; boundary=edge"
        let body = parts.flatMap(\.bytes) + Array("--edge--\r\n".utf8)
        return try await send(.post, target, headers: headers, body: body)
    }

    // MARK: Work

    /// Takes the job that has been due for the longest time, as a worker does.
    public func claim() async throws -> ClaimedJob {
        try #require(try await store.claimJob(worker: "test", now: SystemClock().now, policy: JobPolicy()))
    }

    /// Stores a file that a job has made.
    public func keep(_ text: String, of job: ClaimedJob, name: String) async throws -> BlobFacts {
        let writer = try await blobs.makeWriter()
        try await writer.write(Array(text.utf8))
        return try await writer.finish(as: .output(job.generation.id, fence: job.lease.fence, name: name))
    }

    /// Ends a job.
    public func finish(_ report: AttemptReport) async throws {
        #expect(try await store.finishJob(report, now: SystemClock().now, policy: JobPolicy()) == .finish)
        signal.announceChange(of: report.id, organisation: organisation)
    }
}

/// A field or file of a form.
public struct FormPart: Sendable {
    /// Its name.
    public var name: String
    /// The name of its file; nil for a field.
    public var fileName: String?
    /// Its media type; nil for none.
    public var type: String?
    /// What it holds.
    public var content: [UInt8]

    /// Makes a part; a file's type is `application/octet-stream`.
    public init(_ name: String, _ text: String, fileName: String? = nil) {
        self.name = name
        self.fileName = fileName
        type = fileName == nil ? nil : "application/octet-stream"
        content = Array(text.utf8)
    }

    var bytes: [UInt8] {
        var head = "--edge\r\nContent-Disposition: form-data; name=\"\(name)\""
        if let fileName { head += "; filename=\"\(fileName)\"" }
        if let type { head += "\r\nContent-Type: \(type)" }
        return Array((head + "\r\n\r\n").utf8) + content + Array("\r\n".utf8)
    }
}

/// What came back.
public struct Answer: Sendable {
    /// The status.
    public let status: Int
    /// The header fields.
    public let headers: HTTPHeaders
    /// The body.
    public let bytes: [UInt8]

    init(_ response: HTTPResponse) {
        status = response.status.rawValue
        headers = response.headers
        bytes = response.bytes
    }

    /// The body as JSON; `null` where it is none.
    public var json: JSONValue { (try? JSONValue(parsing: bytes)) ?? .null }
    /// The body as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The items of a list; empty for another body.
    public var list: [JSONValue] { json.array ?? [] }
    /// A member of an object.
    public subscript(key: String) -> JSONValue? { json[key] }
}
