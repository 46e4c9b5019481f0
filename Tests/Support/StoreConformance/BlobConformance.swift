public import Generations
import Text

/// A blob store under test, and what a case must be able to do to it.
public struct BlobBench: Sendable {
    /// An empty store with a quarantine time of 1000 seconds.
    public let store: any BlobStore
    /// A folder of this machine for files that do not belong to the store.
    public let folder: String
    /// Makes everything that is stored so far older.
    public let grow: @Sendable (_ seconds: Int) async throws -> Void
    /// Changes a byte of a stored file behind the store's back.
    public let damage: @Sendable (BlobKey) async throws -> Void
    /// How many files the store keeps in all, unfinished ones and those in quarantine among them.
    public let fileCount: @Sendable () async throws -> Int

    public init(
        store: any BlobStore, folder: String, grow: @escaping @Sendable (_ seconds: Int) async throws -> Void,
        damage: @escaping @Sendable (BlobKey) async throws -> Void,
        fileCount: @escaping @Sendable () async throws -> Int
    ) {
        self.store = store
        self.folder = folder
        self.grow = grow
        self.damage = damage
        self.fileCount = fileCount
    }

    /// Stores bytes under their digest.
    func write(_ bytes: [UInt8]) async throws -> BlobKey {
        let writer = try await store.makeWriter()
        try await writer.write(bytes)
        return try await writer.finish(as: nil).key
    }

    func isThere(_ key: BlobKey) async throws -> Bool { try await store.facts(of: key) != nil }

    /// Waits until the store keeps this many files: what is given up may go a moment later.
    func expectFiles(_ count: Int, line: Int = #line) async throws {
        for _ in 0..<3000 {
            if try await fileCount() == count { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        try expectEqual(try await fileCount(), count, line: line)
    }
}

/// What every driver of the blob store must do, as cases that need nothing but a fresh, empty store.
public struct BlobConformance: Sendable, CustomStringConvertible {
    /// The case's name.
    public let description: String
    /// Runs it; throws where the store is wrong.
    public let run: @Sendable (BlobBench) async throws -> Void

    init(_ description: String, _ run: @escaping @Sendable (BlobBench) async throws -> Void) {
        self.description = description
        self.run = run
    }

    /// Every case.
    public static let cases: [BlobConformance] = blobFileCases + blobSweepCases
}

func expectStoreError(_ code: StoreError.Code? = nil, line: Int = #line, _ body: () async throws -> some Any)
    async throws
{
    do {
        let value = try await body()
        throw ConformanceFailure(description: "line \(line): \(value) instead of a StoreError")
    } catch let error as StoreError {
        if let code { try expectEqual(error.code, code, line: line) }
    }
}
