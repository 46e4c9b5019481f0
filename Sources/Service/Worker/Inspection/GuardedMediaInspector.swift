import ChildProtocol
public import Generations
import HTTP
import LipSync
import Processes
import Queues
import Text
public import Time

/// Looks at media for the interfaces: addresses are called by the guarded client, and files are opened only in a confined
/// child. A few at once; further calls wait for their turn, and nothing is fetched for those that wait. More are fetched than
/// looked into: a client's slow server keeps nobody else waiting.
public final class GuardedMediaInspector: MediaInspector {
    private let inspection: FileInspection
    private let cache = FactsCache()

    var fetcher: InputFetcher { inspection.fetcher }

    /// Makes an inspector and its working folder.
    ///
    /// - Parameters:
    ///   - configuration: The executable, the network policy, the limits and the working folder count.
    ///   - addresses: Whose an input's address is; the same as the worker's.
    ///   - simultaneousCount: How many files are looked into at once.
    /// - Throws: `StoreError` if the working folder cannot be made.
    public init(
        assets: any AssetStore, blobs: any BlobStore, configuration: WorkerConfiguration,
        addresses: @escaping AddressResolver = { _, _ in .elsewhere }, simultaneousCount: Int = 4,
        clock: any WallClock = SystemClock(), log: @escaping WorkerLog = { _ in }
    ) throws {
        let count = max(1, simultaneousCount)
        inspection = try FileInspection(
            assets: assets, blobs: blobs, configuration: configuration, addresses: addresses, simultaneousCount: count,
            files: FairSemaphore(places: 8 * count, placesPerOwner: 2 * count), clock: clock, log: log)
    }

    /// Refuses an input that cannot be had: asks an address for its first bytes, and the store for an asset's.
    ///
    /// - Throws: `GenerationError` with `field`: inaccessible, or an asset that does not exist.
    public func checkAccess(to input: MediaInput, field: RequestField, organisation: OrganisationID) async throws {
        if case .script = input.source { return }
        try await naming(field) {
            let place = try await fetcher.place(of: input, organisation: organisation)
            _ = try await fetcher.peek(place, kind: input.kind, timeLimit: fetcher.limits.accessTime)
        }
    }

    /// What a medium is, from its content; an address's facts are remembered for a minute, and longer while the address
    /// says that its content is the same.
    ///
    /// - Throws: `GenerationError` with `field`: inaccessible, invalid, or that the inspection took too long.
    public func facts(of input: MediaInput, field: RequestField, organisation: OrganisationID) async throws
        -> MediaFacts
    {
        try await naming(field) {
            let place = try await fetcher.place(of: input, organisation: organisation)
            guard case .url(let url) = place else { return try await look(at: place, as: input.kind).facts }
            if let facts = await cache.freshFacts(of: url) { return try Self.checked(facts, as: input.kind) }
            if let validator = await cache.validator(of: url) {
                let headers = try await fetcher.peek(place, kind: input.kind, timeLimit: fetcher.limits.accessTime)
                if Self.validator(headers) == validator, let facts = await cache.confirm(url) {
                    return try Self.checked(facts, as: input.kind)
                }
            }
            let (facts, headers) = try await look(at: place, as: input.kind)
            await cache.keep(facts, of: url, validator: Self.validator(headers))
            return facts
        }
    }

    /// What a stored file is, from its content.
    ///
    /// - Throws: `GenerationError` with `field` where it is no medium of `kind`.
    public func facts(of blob: BlobKey, as kind: MediaKind, field: RequestField) async throws -> MediaFacts {
        try await naming(field) {
            let facts = try await look(at: .blob(blob), as: kind, takesThumbnail: kind == .video).facts
            try checkLength(facts, as: kind)
            return facts
        }
    }

    /// What a file is that lies in a folder of its own.
    func facts(ofFile path: String) async throws -> MediaFacts {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        return try await JobFailure.namingChildren(of: .audio) { try await probe(path, in: folder) }
    }

    private func look(
        at place: InputFetcher.Place, as kind: MediaKind, takesThumbnail: Bool = false
    ) async throws -> (facts: MediaFacts, headers: HTTPHeaders) {
        try await inspection.inspect(
            place, as: kind, name: "inspection", owner: WorkOwner.current?.rawValue
        ) { [self] folder in
            let thumbnail = takesThumbnail ? "\(folder)/output/thumbnail.jpg" : nil
            let facts = try Self.checked(
                try await probe("\(folder)/medium", in: folder, thumbnail: thumbnail), as: kind)
            return (facts, thumbnail)
        } use: { [fetcher] found, headers in
            var (facts, thumbnail) = found
            if let path = thumbnail.flatMap(MediaChildren.existing) {
                facts.thumbnail = try await fetcher.blobs.copy(path).key
            }
            return (facts, headers)
        }
    }

    private func probe(_ path: String, in folder: String, thumbnail: String? = nil) async throws -> MediaFacts {
        MediaFacts(
            try await inspection.children.probe(
                path, in: folder, timeLimit: fetcher.limits.probeTime, thumbnail: thumbnail))
    }

    private static func checked(_ facts: MediaFacts, as kind: MediaKind) throws(JobFailure) -> MediaFacts {
        if let refusal = kind.refusal(of: facts) { throw refusal }
        return facts
    }

    /// Refuses a stored file that could never be worked with, whatever its headers claim.
    private func checkLength(_ facts: MediaFacts, as kind: MediaKind) throws(JobFailure) {
        guard kind != .image else { return }
        guard let seconds = facts.durationSeconds else { return }
        guard seconds > 0 else { throw .invalid(kind, "There is nothing in the file.") }
        guard seconds <= fetcher.limits.mediaSeconds else {
            throw JobFailure(.inputTooLong)
        }
    }

    /// Runs `body` and lets its failure name the request's field.
    private func naming<Value>(_ field: RequestField, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as CancellationError {
            throw error
        } catch {
            throw GenerationError(JobFailure(error).error, field: field)
        }
    }

    private static func validator(_ headers: HTTPHeaders) -> String? { headers["ETag"] ?? headers["Last-Modified"] }
}

extension MediaFacts {
    /// The domain's form of what a probe found.
    init(_ summary: MediaSummary) {
        let kind: MediaKind =
            switch summary.kind {
            case .video: .video
            case .image: .image
            case .audio: .audio
            }
        self.init(
            kind: kind, format: summary.format, byteCount: summary.byteCount,
            // Headers may claim anything.
            durationSeconds: summary.durationSeconds.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil },
            width: summary.width, height: summary.height, framesPerSecond: summary.framesPerSecond,
            hasSound: summary.hasSound)
    }
}
