import Generations
import HTTP

/// Finds where an input's content lies and brings it into a file.
struct InputFetcher: Sendable {
    /// Where an input's content lies.
    enum Place: Hashable, Sendable {
        /// In this server's blob store.
        case blob(BlobKey)
        /// At somebody else's address.
        case url(String)
    }

    let assets: any AssetStore
    let blobs: any BlobStore
    let addresses: AddressResolver
    let network: NetworkPolicy
    let limits: WorkerLimits

    /// Where an input's content lies.
    ///
    /// - Throws: `JobFailure`.
    func place(of input: MediaInput, organisation: OrganisationID) async throws -> Place {
        switch input.source {
        case .url(let url): return try await place(of: url, kind: input.kind, organisation: organisation)
        case .asset(let id):
            guard let asset = try await assets.asset(id, organisation: organisation) else {
                throw JobFailure(.assetNotFound)
            }
            if let blob = asset.blob { return .blob(blob) }
            guard let url = asset.remoteURL else {
                throw JobFailure(input.kind.inaccessible, "The asset has no content.")
            }
            return try await place(of: url, kind: input.kind, organisation: organisation)
        case .script: throw JobFailure(.generationUnknownError, detail: "a script has no place")
        }
    }

    /// Whose an address is.
    func place(of url: String, kind: MediaKind, organisation: OrganisationID) async throws -> Place {
        switch try await addresses(url, organisation) {
        case .elsewhere: return .url(url)
        case .here(let blob): return .blob(blob)
        case .nothing: throw JobFailure(kind.inaccessible, "The address leads to nothing on this server.")
        }
    }

    /// Brings a content into a file that does not exist yet. A file of the blob store gets a second name where that is
    /// possible, so it must only be read.
    ///
    /// - Returns: the answer's header fields, if it was fetched.
    /// - Throws: `JobFailure`; `CancellationError` if the task was cancelled.
    @discardableResult
    func fetch(
        _ place: Place, kind: MediaKind, to path: String, timeLimit: Duration, byteLimit: Int64
    ) async throws -> HTTPHeaders {
        switch place {
        case .blob(let key):
            guard try await blobs.facts(of: key) != nil else {
                throw JobFailure(kind.inaccessible, "The file is not stored any more.", detail: key.rawValue)
            }
            try await blobs.materialize(key, at: path)
            return [:]
        case .url(let url):
            let response: HTTPClientResponse
            do {
                response = try await client(timeLimit: timeLimit).download(
                    HTTPClientRequest(.get, url), to: path, maximumBytes: byteLimit)
            } catch let error as HTTPClientError {
                throw Self.failure(error, kind)
            }
            if let failure = Self.failure(response.status, kind) { throw failure }
            return response.headers
        }
    }

    /// Asks for a content's first bytes only, to see whether it can be had.
    ///
    /// - Throws: as `fetch`.
    func peek(_ place: Place, kind: MediaKind, timeLimit: Duration) async throws -> HTTPHeaders {
        switch place {
        case .blob(let key):
            guard try await blobs.facts(of: key) != nil else {
                throw JobFailure(kind.inaccessible, "The file is not stored any more.", detail: key.rawValue)
            }
            return [:]
        case .url(let url):
            let response: HTTPClientResponse
            do {
                response = try await client(timeLimit: timeLimit).peek(
                    HTTPClientRequest(.get, url, headers: ["Range": "bytes=0-1023"]))
            } catch let error as HTTPClientError {
                throw Self.failure(error, kind)
            }
            if let failure = Self.failure(response.status, kind) { throw failure }
            return response.headers
        }
    }

    /// A small text at an address, such as the boxes of a speaker.
    func text(at url: String, organisation: OrganisationID) async throws -> [UInt8] {
        switch try await place(of: url, kind: .video, organisation: organisation) {
        case .blob(let key):
            guard let reader = try await blobs.reader(for: key), reader.facts.byteCount <= limits.boxesBytes else {
                throw JobFailure(.generationInputFaceSelectionInvalid, "The file of boxes cannot be read.")
            }
            return try await reader.read(offset: 0, maximumCount: Int(reader.facts.byteCount))
        case .url(let url):
            do {
                let response = try await client(timeLimit: .seconds(60)).send(
                    HTTPClientRequest(.get, url), maximumBytes: limits.boxesBytes)
                guard response.status.isSuccess else {
                    throw JobFailure(
                        .generationInputFaceSelectionInvalid,
                        "The address of the boxes answered with status \(response.status).",
                        mayRetry: Self.mayRecover(response.status))
                }
                return response.bytes
            } catch let error as HTTPClientError {
                throw JobFailure(
                    .generationInputFaceSelectionInvalid, "The boxes could not be fetched from their address.",
                    mayRetry: Self.mayRecover(error), detail: error.description)
            }
        }
    }

    private func client(timeLimit: Duration) -> HTTPClient {
        var configuration = HTTPClientConfiguration()
        configuration.network = network
        configuration.maximumRedirects = limits.redirects
        configuration.totalTimeout = timeLimit
        configuration.connectTimeout = min(timeLimit, .seconds(10))
        configuration.maximumBytes = max(limits.fetchBytes, limits.boxesBytes)
        return HTTPClient(configuration)
    }

    private static func failure(_ status: HTTPStatus, _ kind: MediaKind) -> JobFailure? {
        guard !status.isSuccess else { return nil }
        return JobFailure(
            kind.inaccessible, "The address answered with status \(status).", mayRetry: mayRecover(status))
    }

    private static func failure(_ error: HTTPClientError, _ kind: MediaKind) -> JobFailure {
        let message: String
        switch error.code {
        case .tooLarge:
            return JobFailure(.fileSizeExceedsPlanLimit, exceedsLimit: true, detail: error.description)
        case .storageFailed: return JobFailure(.generationInfraStorageError, detail: error.description)
        case .invalidURL: message = "The address is no http or https address."
        case .refusedAddress: message = "The address leads into a network that this server does not call."
        case .refusedPort: message = "The address names a port that this server does not call."
        case .refusedRedirect: message = "The address redirects too often or to where this server does not follow."
        case .timedOut: message = "The address did not answer in time."
        case .tooSlow: message = "The address sent less than 1 KiB a second for half a minute."
        default: message = "The address cannot be reached."
        }
        return JobFailure(
            kind.inaccessible, message, mayRetry: mayRecover(error),
            exceedsLimit: error.code == .timedOut || error.code == .tooSlow,
            detail: error.description)
    }

    private static func mayRecover(_ status: HTTPStatus) -> Bool {
        status == .requestTimeout || status == .tooManyRequests || status.rawValue >= 500
    }

    private static func mayRecover(_ error: HTTPClientError) -> Bool {
        error.code == .timedOut || error.code == .tooSlow || error.code == .unreachable
    }
}
