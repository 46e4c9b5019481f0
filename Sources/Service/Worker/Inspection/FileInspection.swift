import Generations
import HTTP
import LipSync
import Processes
import Queues
import Text
import Time

/// Fetches media, few at once, and gives each to a confined child in a folder of its own: what the inspector and the checker
/// of the interfaces share.
struct FileInspection: Sendable {
    let fetcher: InputFetcher
    let children: MediaChildren
    private let workingFolder: WorkingFolder
    /// Of files in hand, from the first fetched byte on until they were looked into. More than `places`: a client's slow
    /// server keeps nobody else waiting.
    private let files: FairSemaphore
    /// Of files that are looked into.
    private let places: FairSemaphore

    /// Makes the working folder.
    ///
    /// - Parameters:
    ///   - configuration: The executable, the network policy, the limits and the working folder count.
    ///   - addresses: Whose an input's address is; the same as the worker's.
    ///   - simultaneousCount: How many files are looked into at once; one organisation leaves a place for the others.
    ///   - files: As the property. Unless given, some files of an organisation may wait: for work of seconds.
    /// - Throws: `StoreError` if the working folder cannot be made.
    init(
        assets: any AssetStore, blobs: any BlobStore, configuration: WorkerConfiguration,
        addresses: @escaping AddressResolver, simultaneousCount: Int, files: FairSemaphore? = nil,
        clock: any WallClock, log: @escaping WorkerLog
    ) throws {
        let count = max(1, simultaneousCount)
        fetcher = InputFetcher(
            assets: assets, blobs: blobs, addresses: addresses, network: configuration.network,
            limits: configuration.limits)
        children = MediaChildren(configuration) { event, detail in
            log(clock.now.logLine(event, ["detail": .string(detail)]))
        }
        workingFolder = try WorkingFolder(in: configuration.workingFolder)
        places = FairSemaphore(places: count, placesPerOwner: max(1, count - 1))
        self.files =
            files
            ?? FairSemaphore(places: 4 * count, placesPerOwner: count, waitingPerOwner: Self.waitingPerOrganisation)
    }

    /// How many files of one organisation may wait for work of seconds: a page asks for two at a time.
    private static let waitingPerOrganisation = 8

    /// Says what errors of work on a file of a request mean for who has sent it.
    ///
    /// - Parameters:
    ///   - field: The file's place in the request.
    ///   - crowded: The sentence for too many that wait.
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func explaining<Value>(
        _ field: RequestField, crowded: String, _ work: () async throws -> Value
    ) async throws -> Value {
        do { return try await work() } catch let error as CancellationError {
            throw error
        } catch is TooManyWaiting {
            throw GenerationError(.rateLimited, crowded, suggestion: "Wait for the answers to earlier ones first.")
        } catch {
            throw GenerationError(JobFailure(error).error, field: field)
        }
    }

    /// Fetches a medium and looks into it; the folder goes afterwards.
    ///
    /// - Parameters:
    ///   - name: The beginning of the folder's name.
    ///   - look: Runs a child on `medium` in the folder, once there is a place for it.
    ///   - use: Takes what the child found before the folder goes, with the headers of a fetched address.
    /// - Throws: `JobFailure`; `TooManyWaiting`; `CancellationError` if the task was cancelled.
    func inspect<Found: Sendable, Value: Sendable>(
        _ place: InputFetcher.Place, as kind: MediaKind, name: String, owner: String?,
        look: @escaping @Sendable (_ folder: String) async throws -> Found,
        use: @escaping @Sendable (_ found: Found, _ headers: HTTPHeaders) async throws -> Value
    ) async throws -> Value {
        try await files.pass(owner: owner) {
            let folder = try await workingFolder.makeFolder("\(name)-\(RandomBytes.uuid())")
            do {
                let headers = try await fetch(place, kind, to: "\(folder)/medium")
                let found = try await places.pass(owner: owner) {
                    try await JobFailure.namingChildren(of: kind) { try await look(folder) }
                }
                let value = try await use(found, headers)
                await workingFolder.remove(folder)
                return value
            } catch {
                await workingFolder.remove(folder)
                throw error
            }
        }
    }

    private func fetch(_ place: InputFetcher.Place, _ kind: MediaKind, to path: String) async throws -> HTTPHeaders {
        do {
            return try await fetcher.fetch(
                place, kind: kind, to: path, timeLimit: fetcher.limits.inspectionTime,
                byteLimit: fetcher.limits.inspectionBytes)
        } catch let failure as JobFailure where failure.exceedsLimit {
            throw JobFailure(.inspectionTimedOut, detail: failure.error.detail)
        }
    }
}

extension JobFailure {
    /// Runs `look`, whose child may fail, and says what that means for a medium of `kind`.
    static func namingChildren<Value>(of kind: MediaKind, _ look: () async throws -> Value) async throws -> Value {
        do { return try await look() } catch let failure as ChildFailure { throw JobFailure.looking(at: kind, failure) }
    }
}
