import Blobs
import Generations
import HTTP
import Persistence
import Synchronization
import TestSupport
import TestTools
import Testing
import Text
import Time
import Worker

/// A store, a blob folder and the settings of a worker, all in a folder of their own.
final class Harness: Sendable {
    let folder: TemporaryFolder
    let store: SQLStore
    let blobs: any BlobStore
    let signal = ChangeSignal()
    let organisation: Organisation
    let log = LogLines()

    convenience init() async throws {
        let folder = try TemporaryFolder()
        try await self.init(
            folder, store: try SQLStore(path: folder.path("store.sqlite")),
            blobs: try FolderBlobStore(root: folder.path("blobs")))
    }

    init(_ folder: TemporaryFolder, store: SQLStore, blobs: any BlobStore) async throws {
        self.folder = folder
        self.store = store
        self.blobs = blobs
        organisation = Organisation(name: "Test", createdAt: SystemClock().now)
        try await store.createOrganisation(organisation)
    }

    /// Quick settings with the stub as child.
    func configuration(executable: String = TestPrograms.stubChild) -> WorkerConfiguration {
        var configuration = WorkerConfiguration(executable: executable, workingFolder: folder.path("work"))
        configuration.renderSlots = 2
        configuration.network = NetworkPolicy(allowing: NetworkRange.list("127.0.0.1/32") ?? [])
        configuration.jobs.retryDelays = [.milliseconds(50)]
        configuration.jobs.renewal = .milliseconds(300)
        configuration.deliveries.delays = Array(repeating: .milliseconds(50), count: 4)
        configuration.limits.fetchPauses = [.milliseconds(50), .milliseconds(50)]
        configuration.pollInterval = .milliseconds(50)
        configuration.progressInterval = .milliseconds(50)
        return configuration
    }

    static let wireForms = WireForms(
        generation: { generation in
            .compact([
                "id": .string(generation.id.rawValue), "status": .string(generation.status.rawValue),
                "errorCode": generation.failure.map { .string($0.code.rawValue) },
            ])
        }, batch: { batch, metrics in ["id": .string(batch.id.rawValue), "total": .integer(Int64(metrics.total))] })

    func service(
        _ configuration: WorkerConfiguration? = nil, addresses: @escaping AddressResolver = { _, _ in .elsewhere },
        voices: (any VoiceProvider)? = nil, uploads: (any PartialUploadStore)? = nil,
        clock: any WallClock = SystemClock(), wireForms: WireForms = wireForms
    ) throws -> WorkerService {
        try WorkerService(
            store: store, blobs: blobs, uploads: uploads, signal: signal, wireForms: wireForms,
            configuration: configuration ?? self.configuration(), addresses: addresses, voices: voices,
            clock: clock, log: { [log] in log.add($0) })
    }

    /// Runs a worker beside `body` and stops it in good order.
    func working<Value: Sendable>(
        _ service: WorkerService, _ body: () async throws -> Value
    ) async throws -> Value {
        let running = Task { await service.run() }
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        running.cancel()
        await running.value
        return try result.get()
    }

    // MARK: What lies on the disk

    /// The files of a generation's outputs, of all attempts.
    func outputNames(of id: GenerationID) -> [String] {
        (try? names(in: folder.path("blobs/files/outputs/\(id.rawValue.prefix(2))/\(id)"))) ?? []
    }

    /// The folders of attempts and inspections of all workers.
    func workNames() -> [String] {
        ((try? names(in: folder.path("work"))) ?? []).flatMap { (try? names(in: folder.path("work/\($0)"))) ?? [] }
    }

    // MARK: Things to work on

    /// Stores a text as an asset.
    func asset(_ text: String, _ kind: MediaKind) async throws -> MediaInput {
        let writer = try await blobs.makeWriter()
        try await writer.write(Array(text.utf8))
        return try await asset(try await writer.finish(as: nil).key, kind)
    }

    /// Makes an asset of a stored file.
    func asset(_ key: BlobKey, _ kind: MediaKind) async throws -> MediaInput {
        let asset = Asset(
            organisation: organisation.id, createdAt: SystemClock().now, name: "a", kind: kind, origin: .upload,
            blob: key)
        try await store.createAsset(asset, project: nil)
        return MediaInput(kind: kind, role: kind == .audio ? .voice : .visual, source: .asset(asset.id))
    }

    /// Accepts a request for a video that behaves as `behaviour` says, see `Behaviour`.
    @discardableResult
    func accept(_ behaviour: String = "", webhookURL: String? = nil) async throws -> GenerationID {
        try await accept(
            inputs: [try await asset("video 1.0 \(behaviour)", .video), try await asset("audio 1.0", .audio)],
            webhookURL: webhookURL)
    }

    @discardableResult
    func accept(inputs: [MediaInput], webhookURL: String? = nil) async throws -> GenerationID {
        try await accept(
            GenerationRequest(
                model: "lipsync-2", order: .lipSync(LipSyncOrder(inputs: inputs)), webhookURL: webhookURL))
    }

    @discardableResult
    func accept(_ request: GenerationRequest, outputAsset: AssetID? = nil) async throws -> GenerationID {
        let generation = Generation(
            organisation: organisation.id, outputAsset: outputAsset, request: request, createdAt: SystemClock().now)
        _ = try await store.create(CreateOrder(generations: [generation]))
        signal.announce(.jobs)
        return generation.id
    }

    // MARK: Looking

    func generation(_ id: GenerationID) async throws -> Generation {
        try #require(try await store.generation(id, organisation: organisation.id))
    }

    /// Waits until a generation stands where it is to stand.
    func wait(for id: GenerationID, _ status: GenerationStatus) async throws -> Generation {
        let hasCome = try await eventually { try await self.generation(id).status == status }
        let generation = try await generation(id)
        #expect(hasCome, "\(generation.status), \(String(describing: generation.failure)): \(log.all)")
        return generation
    }

    /// Accepts, works, and gives the generation once it has ended.
    func ended(
        _ behaviour: String, _ configuration: WorkerConfiguration? = nil
    ) async throws -> Generation {
        let id = try await accept(behaviour)
        return try await working(try service(configuration)) { try await self.waitForEnd(id) }
    }

    func waitForEnd(_ id: GenerationID) async throws -> Generation {
        _ = try await eventually { try await self.generation(id).status.isTerminal }
        return try await generation(id)
    }

    /// The content of a stored file.
    func text(_ key: BlobKey?) async throws -> String {
        let key = try #require(key)
        let reader = try #require(try await blobs.reader(for: key))
        return String(
            decoding: try await reader.read(offset: 0, maximumCount: Int(reader.facts.byteCount)), as: UTF8.self)
    }
}

/// What was logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    /// How many lines tell of an event.
    func count(of event: String) -> Int { all.count { $0.contains("\"event\":\"\(event)\"") } }
}

extension BlobKey {
    /// Whether this is what an attempt stored under a name, whatever its content.
    func isOutput(of id: GenerationID, fence: Int64, _ name: String = "output.mp4") -> Bool {
        guard let digest else { return false }
        return self == BlobKey.output(id, fence: fence, name: name).carrying(digest: digest)
    }
}
