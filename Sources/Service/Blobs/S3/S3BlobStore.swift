public import Generations
import Time

/// A blob store in a bucket of S3, or of a service that speaks its protocol.
///
/// A name has a complete file or none: files are stored by single requests, or in parts that become an object at once. The
/// age of a file is told by the service's clock alone.
public final class S3BlobStore: BlobStore {
    let configuration: S3Configuration
    let client: S3Client
    let keys: S3Keys
    /// Where files of this machine are read and written.
    let disk = DiskQueue(label: "lipsmith.blobs.s3")

    /// Below this many bytes, sending a content again is not dearer than asking whether it is there.
    private static let comparedByteCount: Int64 = 256 << 10

    init(_ configuration: S3Configuration, _ client: S3Client) {
        self.configuration = configuration
        self.client = client
        keys = S3Keys(prefix: configuration.address.prefix)
    }

    /// A writer for a new file.
    public func makeWriter() async throws -> any BlobWriter { S3BlobWriter(store: self) }

    /// A reader of a file; `nil` when there is none. One up to 1 MiB can be read even if it is removed meanwhile.
    public func reader(for key: BlobKey) async throws -> (any BlobReader)? {
        let place = try place(of: key)
        return try await translating("read \(key)") {
            guard let first = try await client.get(place, offset: 0, count: S3BlobReader.firstByteCount) else {
                return nil
            }
            // An empty file has no range.
            var object = first.object
            if object == nil { object = try await client.head(place) }
            guard let object else { return nil }
            return S3BlobReader(client, facts(key, object), object, first: first.bytes)
        }
    }

    /// An address that is good for a while, or the store itself, as configured; `nil` when there is no such file.
    public func location(of key: BlobKey, for presentation: BlobPresentation) async throws -> BlobLocation? {
        guard configuration.downloads == .redirect else { return .reader }
        guard try await facts(of: key) != nil else { return nil }
        var query = [
            ("response-content-type", presentation.contentType),
            ("response-cache-control", "private, max-age=\(configuration.linkValidity.components.seconds)"),
        ]
        if let name = presentation.downloadName {
            query.append(("response-content-disposition", "attachment; filename=\"\(name)\""))
        }
        let place = try place(of: key)
        return try await translating("address \(key)") {
            .address(try await client.link(to: place, validity: configuration.linkValidity, query: query))
        }
    }

    /// The properties of a file; `nil` when there is none.
    public func facts(of key: BlobKey) async throws -> BlobFacts? {
        let place = try place(of: key)
        return try await translating("look at \(key)") { try await client.head(place).map { facts(key, $0) } }
    }

    /// Removes a file; one that does not exist is no error.
    public func remove(_ key: BlobKey) async throws {
        let place = try place(of: key)
        try await translating("remove \(key)") { try await client.delete(place) }
    }

    /// Removes a file that is older than `age`; `true` when there is none afterwards.
    public func remove(_ key: BlobKey, ifOlderThan age: Duration) async throws -> Bool {
        let place = try place(of: key)
        return try await translating("remove \(key)") {
            guard let object = try await client.head(place) else { return true }
            guard object.ageSeconds >= age.components.seconds else { return false }
            try await client.delete(place)
            return true
        }
    }

    /// Nobody knows an end of S3.
    public func freeByteCount() async throws -> Int64? { nil }

    // MARK: For writers, the sweep and the copies

    /// The object's key of a file.
    func place(of key: BlobKey) throws -> String {
        guard key.isWellFormed else { throw StoreError(code: .refused, detail: "a blob's name is not a path") }
        return keys.files + key.rawValue
    }

    /// Makes a content that is stored already young again, so that no sweep takes it; nil where it is not there, or is so
    /// small that storing it again costs no more. A conditional request would save as much, but leave its age.
    func refresh(_ key: BlobKey, byteCount: Int64) async throws -> BlobFacts? {
        guard byteCount >= Self.comparedByteCount, let object = try await client.head(try place(of: key)),
            object.byteCount == byteCount
        else { return nil }
        try await client.copy(object, to: object.key)
        return try await stored(key, byteCount: byteCount)
    }

    /// The facts of a file that has been stored a moment ago.
    func stored(_ key: BlobKey, byteCount: Int64) async throws -> BlobFacts {
        guard let object = try await client.head(try place(of: key)), object.byteCount == byteCount else {
            throw StoreError(code: .unavailable, detail: "\(key) is not there, or not what was sent")
        }
        return facts(key, object)
    }

    /// Runs requests; what they throw becomes the store's error.
    func translating<Value>(_ action: String, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch { throw StoreError.of(error, action) }
    }

    private func facts(_ key: BlobKey, _ object: S3Object) -> BlobFacts {
        BlobFacts(key: key, byteCount: object.byteCount, storedAt: object.storedAt)
    }
}
