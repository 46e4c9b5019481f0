public import Generations
public import HTTP
import Synchronization

/// Takes the files of requests into the blob store while they arrive. A stored file goes within minutes where nothing
/// refers to it.
public struct UploadReceiver: Sendable {
    /// A form whose files are stored.
    public struct Form: Sendable {
        /// Its fields in order.
        public let fields: [HTTPQuery.Pair]
        /// Its files in order.
        public let files: [(part: MultipartPart, blob: BlobFacts)]
    }

    private let blobs: any BlobStore
    private let store: any GenerationStore

    public init(blobs: any BlobStore, store: any GenerationStore) {
        self.blobs = blobs
        self.store = store
    }

    /// Stores a body as it comes, named by its content.
    ///
    /// - Parameter checkSize: Refuses a size in bytes by an error of its own; called with the bytes so far, and at the
    ///   end with `true`.
    public func receive(
        _ body: HTTPBody, checkSize: (_ byteCount: Int64, _ isWhole: Bool) throws -> Void = { _, _ in }
    ) async throws -> BlobFacts {
        let writer = try await blobs.makeWriter()
        do {
            var byteCount: Int64 = 0
            for try await chunk in body {
                byteCount += Int64(chunk.count)
                try checkSize(byteCount, false)
                try await writer.write(chunk)
            }
            try checkSize(byteCount, true)
            return try await writer.finish(as: nil)
        } catch {
            await writer.discard()
            throw error
        }
    }

    /// The answer to who has sent a body: the digest of what has arrived.
    public static func received(_ blob: BlobFacts) -> HTTPResponse {
        HTTPResponse(.ok, headers: ["ETag": "\"\(blob.key.rawValue.suffix(64))\""])
    }

    /// Reads a `multipart/form-data` body and stores its files.
    ///
    /// - Parameter keeps: Whether a file is stored, or read and dropped; may refuse the form by an error of its own.
    public func form(
        of request: HTTPRequest, limits: MultipartLimits, keeps: @escaping @Sendable (MultipartPart) throws -> Bool
    ) async throws -> Form {
        let form = try await MultipartForm.read(
            request.body, contentType: request.headers["Content-Type"] ?? "", limits: limits
        ) { part in
            guard try keeps(part) else { return DroppedFile() }
            return BlobSink(writer: try await blobs.makeWriter(), store: store)
        }
        return Form(
            fields: form.fields,
            files: form.files.compactMap { file in
                (file.sink as? BlobSink)?.facts.map { (file.part, $0) }
            })
    }

    /// Gives back stored files that nobody shall refer to. Equal files are one, so another's stays.
    public func discard(_ files: [BlobKey]) async { try? await store.discard(files) }
}

/// Takes a file of a form into the blob store.
private final class BlobSink: MultipartFileSink {
    private let writer: any BlobWriter
    private let store: any GenerationStore
    private let result = Mutex<BlobFacts?>(nil)

    init(writer: any BlobWriter, store: any GenerationStore) {
        self.writer = writer
        self.store = store
    }

    /// Where the file lies, once it is finished; named by its content.
    var facts: BlobFacts? { result.withLock { $0 } }

    func write(_ bytes: ArraySlice<UInt8>) async throws { try await writer.write(Array(bytes)) }

    func finish() async throws {
        let facts = try await writer.finish(as: nil)
        result.withLock { $0 = facts }
    }

    func discard() async {
        guard let facts else { return await writer.discard() }
        try? await store.discard([facts.key])
    }
}

/// A file of a form that nobody asked for.
private struct DroppedFile: MultipartFileSink {
    func write(_ bytes: ArraySlice<UInt8>) async throws {}
    func finish() async throws {}
    func discard() async {}
}
