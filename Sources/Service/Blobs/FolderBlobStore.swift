public import Generations
import Glibc
import Processes

/// A blob store in a folder of this machine, the default.
///
/// A file is written under a temporary name, synced, moved to its name, and its folder synced, so that a name has a
/// complete file or none, even after a loss of power.
public final class FolderBlobStore: BlobStore {
    let root: String
    let quarantineTime: Duration
    private let disk: DiskQueue
    /// The queue for work on whole files, so that uploads and downloads do not wait for it.
    private let bulk: DiskQueue
    private let incoming: ProcessFolder

    /// Opens the folder, creating it if it is missing, and removes unfinished files of processes that were killed.
    ///
    /// - Parameter quarantineTime: How long files that are not referred to are kept in quarantine before they are
    ///   deleted.
    public init(root: String, quarantineTime: Duration = .seconds(7 * 86_400)) throws {
        self.root = root
        self.quarantineTime = quarantineTime
        disk = DiskQueue(label: "lipsmith.blobs")
        bulk = DiskQueue(label: "lipsmith.blobs.bulk", threadCount: 2)
        for folder in [root, "\(root)/files", "\(root)/quarantine"] {
            try FileSystem.makeFolder(folder)
            // The folder may be a link to a larger disk.
            if let status = try FileSystem.status(of: folder, followsLinks: true) {
                FileSystem.closeToOthers(folder, status)
            }
        }
        // Earlier versions wrote unfinished files outside of a process's folder.
        for name in try FileSystem.names(in: "\(root)/incoming") {
            let path = "\(root)/incoming/\(name)"
            if let status = try FileSystem.status(of: path), status.isFile, status.ageSeconds > 86_400 {
                try FileSystem.remove(path)
            }
        }
        do { incoming = try ProcessFolder(in: "\(root)/incoming", named: RandomBytes.uuid()) } catch {
            throw FileSystem.failure(error.action, error.number)
        }
    }

    /// A writer for a new file.
    public func makeWriter() async throws -> any BlobWriter {
        let path = incomingPath()
        return try await disk.run { FolderBlobWriter(store: self, path: path, file: try OpenFile(creating: path)) }
    }

    /// A reader of a file; `nil` when there is none.
    public func reader(for key: BlobKey) async throws -> (any BlobReader)? {
        let path = try path(of: key)
        return try await disk.run { [disk] in
            guard let file = try OpenFile(reading: path) else { return nil }
            let status = try file.status()
            let facts = BlobFacts(key: key, byteCount: status.byteCount, storedAt: status.changedAt)
            return FolderBlobReader(facts: facts, file: file, disk: disk)
        }
    }

    /// The path of a file; `nil` when there is none.
    public func location(of key: BlobKey, for presentation: BlobPresentation) async throws -> BlobLocation? {
        let path = try path(of: key)
        return try await disk.run { try FileSystem.status(of: path) == nil ? nil : .file(path: path) }
    }

    /// The properties of a file; `nil` when there is none.
    public func facts(of key: BlobKey) async throws -> BlobFacts? {
        let path = try path(of: key)
        return try await disk.run {
            try FileSystem.status(of: path).map {
                BlobFacts(key: key, byteCount: $0.byteCount, storedAt: $0.changedAt)
            }
        }
    }

    /// Moves a finished file of this machine into the store under `key`, to which the digest of its content is added, or under
    /// that digest alone; copies it when it is on another disk.
    public func adopt(path source: String, as key: BlobKey?) async throws -> BlobFacts {
        let incoming = incomingPath()
        return try await bulk.run {
            if try !FileSystem.move(source, to: incoming) {
                try FileSystem.copy(source, to: incoming)
                try FileSystem.remove(source)
            }
            guard let file = try OpenFile(reading: incoming) else {
                throw FileSystem.failure("adopt \(source)", ENOENT)
            }
            try file.sync()
            let digest = try file.digest()
            let facts = try self.publish(incoming, as: key?.carrying(digest: digest) ?? .content(digest: digest))
            // Two names of one file stay two when one is moved to the other.
            try FileSystem.remove(incoming)
            return facts
        }
    }

    /// Makes a file's content available at a path of this machine, by a hard link where possible, otherwise by copying.
    public func materialize(_ key: BlobKey, at destination: String) async throws {
        let path = try path(of: key)
        try await disk.run {
            if try !FileSystem.link(path, to: destination) { try FileSystem.copy(path, to: destination) }
        }
    }

    /// Removes a file that is older than `age`; `true` when there is none afterwards.
    public func remove(_ key: BlobKey, ifOlderThan age: Duration) async throws -> Bool {
        let path = try path(of: key)
        let minimumSeconds = age.components.seconds
        return try await disk.run {
            guard let status = try FileSystem.status(of: path) else { return true }
            // When a clock was set back, files have times in the future.
            guard status.ageSeconds >= minimumSeconds else { return false }
            try FileSystem.removeWithFolder(path)
            return true
        }
    }

    /// Removes a file; one that does not exist is no error.
    public func remove(_ key: BlobKey) async throws {
        let path = try path(of: key)
        try await disk.run { try FileSystem.removeWithFolder(path) }
    }

    /// Gives a synced file its name. It replaces a file of equal content, so that the file's age starts anew.
    func publish(_ incoming: String, as key: BlobKey) throws -> BlobFacts {
        let path = try path(of: key)
        try FileSystem.place(incoming, at: path, below: root)
        guard let status = try FileSystem.status(of: path) else { throw FileSystem.failure("stat \(key)", ENOENT) }
        return BlobFacts(key: key, byteCount: status.byteCount, storedAt: status.changedAt)
    }

    /// Runs work on whole files on the queue for them.
    func runOnBulkDisk<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await bulk.run(body)
    }

    func runOnDisk<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await disk.run(body)
    }

    private func incomingPath() -> String { "\(incoming.path)/\(RandomBytes.uuid())" }

    /// The free bytes of the folder's disk.
    public func freeByteCount() async throws -> Int64? {
        try await disk.run { [root] in try FileSystem.freeByteCount(at: root) }
    }

    func path(of key: BlobKey) throws -> String {
        guard key.isWellFormed else { throw FileSystem.failure("a blob's name is not a path", EINVAL) }
        return "\(root)/files/\(key)"
    }
}
