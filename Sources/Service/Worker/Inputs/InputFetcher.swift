import Foundation
import Generations
import HTTP
import Queues

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
    /// Files of the blob store that are kept on this machine; `nil` where none are.
    var cache: BlobCache?

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
        case .script: throw JobFailure(.unknownFailure, detail: "a script has no place")
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
            if let cache {
                try await cache.materialize(key, at: path)
            } else {
                try await blobs.materialize(key, at: path)
            }
            return [:]
        case .url(let url):
            return try await unwrapping {
                try await patience.run(within: timeLimit) { remaining in
                    let response = try await get(url, kind.inaccessible, timeLimit: remaining) { client, request in
                        try await client.download(request, to: path, maximumBytes: byteLimit)
                    }
                    var failure = FetchFailure(response, kind.inaccessible)
                    if failure == nil {
                        let beginning = try await BlockingWork.run { try Self.beginning(of: path) }
                        failure = FetchFailure(page: response, beginning: beginning, kind.inaccessible)
                    }
                    guard let failure else { return response.headers }
                    // The next call makes the file anew.
                    try await BlockingWork.run { try FileManager.default.removeItem(atPath: path) }
                    throw failure
                }
            }
        }
    }

    /// Asks for a content's first bytes only, to see whether it can be had.
    ///
    /// - Returns: The answer's header fields; none where the address is served but has not answered within `timeLimit`, or
    ///   asks for more patience than that: then a job, which has more time, will see.
    /// - Throws: as `fetch`.
    func peek(_ place: Place, kind: MediaKind, timeLimit: Duration) async throws -> HTTPHeaders {
        switch place {
        case .blob(let key):
            guard try await blobs.facts(of: key) != nil else {
                throw JobFailure(kind.inaccessible, "The file is not stored any more.", detail: key.rawValue)
            }
            return [:]
        case .url(let url):
            do {
                return try await patience.run(within: timeLimit) { try await look(at: url, kind, timeLimit: $0) }
            } catch let failure as FetchFailure {
                if failure.isPending { return [:] }
                throw failure.failure
            }
        }
    }

    private func look(at url: String, _ kind: MediaKind, timeLimit: Duration) async throws -> HTTPHeaders {
        let end = ContinuousClock.now + timeLimit
        func response(_ headers: HTTPHeaders) async throws -> HTTPClientResponse {
            let rest = max(.milliseconds(1), end - .now)
            return try await get(url, kind.inaccessible, headers: headers, timeLimit: rest) { try await $0.peek($1) }
        }
        var answer = try await response(["Range": "bytes=0-1023"])
        if Self.mayMindRange(answer.status) { answer = try await response([:]) }
        if let failure = FetchFailure(answer, kind.inaccessible)
            ?? FetchFailure(page: answer, beginning: answer.bytes, kind.inaccessible)
        {
            throw failure
        }
        return answer.headers
    }

    /// Whether a refusal may be of the range and not of the content: by 416, and by whatever servers say that do not know
    /// ranges.
    private static func mayMindRange(_ status: HTTPStatus) -> Bool {
        switch status.rawValue {
        case 400, 403, 405, 406, 412, 416, 501: true
        default: false
        }
    }

    /// A small text at an address, such as the boxes of a speaker.
    func text(at url: String, organisation: OrganisationID) async throws -> [UInt8] {
        let code = FailureCode.speakerInvalid
        switch try await place(of: url, kind: .video, organisation: organisation) {
        case .blob(let key):
            guard let reader = try await blobs.reader(for: key), reader.facts.byteCount <= limits.boxesBytes else {
                throw JobFailure(code, "The file of boxes cannot be read.")
            }
            return try await reader.read(offset: 0, maximumCount: Int(reader.facts.byteCount))
        case .url(let url):
            return try await unwrapping {
                try await patience.run(within: limits.fetchTime) { remaining in
                    let response = try await get(url, code, timeLimit: remaining) { client, request in
                        try await client.send(request, maximumBytes: limits.boxesBytes)
                    }
                    if let failure = FetchFailure(response, code)
                        ?? FetchFailure(page: response, beginning: response.bytes.prefix(512), code)
                    {
                        throw failure
                    }
                    return response.bytes
                }
            }
        }
    }

    private var patience: FetchPatience {
        FetchPatience(pauses: limits.fetchPauses, longestPause: limits.longestFetchPause)
    }

    private func get(
        _ url: String, _ code: FailureCode, headers: HTTPHeaders = [:], timeLimit: Duration,
        _ transfer: (HTTPClient, HTTPClientRequest) async throws -> HTTPClientResponse
    ) async throws -> HTTPClientResponse {
        var configuration = HTTPClientConfiguration()
        configuration.network = network
        configuration.maximumRedirects = limits.redirects
        configuration.totalTimeout = timeLimit
        configuration.connectTimeout = min(timeLimit, configuration.connectTimeout)
        configuration.maximumBytes = max(limits.fetchBytes, limits.boxesBytes)
        do {
            return try await transfer(HTTPClient(configuration), HTTPClientRequest(.get, url, headers: headers))
        } catch let error as HTTPClientError { throw FetchFailure(error, code) }
    }

    private func unwrapping<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let failure as FetchFailure { throw failure.failure }
    }

    private static func beginning(of path: String) throws -> [UInt8] {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        return Array(try file.read(upToCount: 512) ?? Data())
    }
}
