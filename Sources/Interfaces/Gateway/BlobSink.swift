import Generations
import HTTP
import Synchronization

/// Takes a file of a form into the blob store while it arrives.
public final class BlobSink: MultipartFileSink {
    private let writer: any BlobWriter
    private let store: any GenerationStore
    private let result = Mutex<BlobFacts?>(nil)

    /// Begins a file.
    public init(blobs: any BlobStore, store: any GenerationStore) async throws {
        self.store = store
        writer = try await blobs.makeWriter()
    }

    /// Where the file lies, once it is finished; named by its content.
    public var facts: BlobFacts? { result.withLock { $0 } }

    /// Takes the next bytes.
    public func write(_ bytes: ArraySlice<UInt8>) async throws { try await writer.write(Array(bytes)) }

    /// Stores the file durably.
    public func finish() async throws {
        let facts = try await writer.finish(as: nil)
        result.withLock { $0 = facts }
    }

    /// Drops an unfinished file. A finished one may be another's by now, since equal files are one; it goes within minutes
    /// where nothing refers to it.
    public func discard() async {
        guard let facts else { return await writer.discard() }
        try? await store.discard([facts.key])
    }
}
