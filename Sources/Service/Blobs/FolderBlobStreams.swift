import Generations

/// The writer of one file. Calls must not overlap.
actor FolderBlobWriter: BlobWriter {
    private let store: FolderBlobStore
    private let path: String
    private var file: OpenFile?
    private let digest = LockedDigest()

    init(store: FolderBlobStore, path: String, file: OpenFile) {
        self.store = store
        self.path = path
        self.file = file
    }

    deinit {
        // Neither finished nor discarded: its connection has ended.
        if file != nil { try? FileSystem.remove(path) }
    }

    func write(_ bytes: [UInt8]) async throws {
        guard let file else { throw FileSystem.failure("write after the end", 0) }
        try await store.runOnDisk { [digest] in
            digest.update(bytes)
            try file.write(bytes)
        }
    }

    func finish(as key: BlobKey?) async throws -> BlobFacts {
        guard let file else { throw FileSystem.failure("finish after the end", 0) }
        let (path, digest, store) = (path, digest, store)
        let facts = try await store.runOnDisk {
            try file.sync()
            return try store.publish(path, as: key ?? .content(digest: digest.finish()))
        }
        self.file = nil
        return facts
    }

    func discard() async {
        guard file != nil else { return }
        file = nil
        let path = path
        _ = try? await store.runOnDisk { try FileSystem.remove(path) }
    }
}

/// The reader of a stored file; it can be read even if it is removed meanwhile.
struct FolderBlobReader: BlobReader {
    let facts: BlobFacts
    let file: OpenFile
    let disk: DiskQueue

    func read(offset: Int64, maximumCount: Int) async throws -> [UInt8] {
        try await disk.run { try file.read(offset: offset, maximumCount: maximumCount) }
    }
}
