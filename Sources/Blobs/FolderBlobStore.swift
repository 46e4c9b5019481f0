import Generations
import Glibc

/// Files in one folder of this machine: the embedded default.
///
/// A file is written under a temporary name, synced, moved to its name, and its folder synced; so a name has a whole
/// file or none, also after a loss of power.
public final class FolderBlobStore: BlobStore {
    private let root: String
    private let disk: DiskQueue

    /// Opens the folder, makes it where there is none, and removes what a killed process left half written.
    public init(root: String) throws {
        self.root = root
        disk = DiskQueue(label: "lipsmith.blobs")
        for folder in [root, "\(root)/files", "\(root)/incoming"] { try FileSystem.makeFolder(folder) }
        for name in try FileSystem.names(in: "\(root)/incoming") {
            // A file of another living process is young.
            let path = "\(root)/incoming/\(name)"
            if let status = try FileSystem.status(of: path), status.ageSeconds > 86_400 { try FileSystem.remove(path) }
        }
    }

    /// Begins a new file.
    public func makeWriter() async throws -> any BlobWriter {
        let path = incomingPath()
        return try await disk.run { FolderBlobWriter(store: self, path: path, file: try OpenFile(creating: path)) }
    }

    /// Opens a file; nil where there is none.
    public func reader(for key: BlobKey) async throws -> (any BlobReader)? {
        let path = try path(of: key)
        return try await disk.run { [disk] in
            guard let file = try OpenFile(reading: path) else { return nil }
            let status = try file.status()
            let facts = BlobFacts(key: key, byteCount: status.byteCount, storedAt: status.changedAt)
            return FolderBlobReader(facts: facts, file: file, disk: disk)
        }
    }

    /// The file's path; nil where there is none.
    public func location(of key: BlobKey) async throws -> BlobLocation? {
        let path = try path(of: key)
        return try await disk.run { try FileSystem.status(of: path) == nil ? nil : .file(path: path) }
    }

    /// A file's facts; nil where there is none.
    public func facts(of key: BlobKey) async throws -> BlobFacts? {
        let path = try path(of: key)
        return try await disk.run {
            try FileSystem.status(of: path).map {
                BlobFacts(key: key, byteCount: $0.byteCount, storedAt: $0.changedAt)
            }
        }
    }

    /// Moves a finished file of this machine under `key`, or copies it where it lies on another disk.
    public func adopt(path source: String, as key: BlobKey) async throws -> BlobFacts {
        let incoming = incomingPath()
        return try await disk.run {
            if try !FileSystem.move(source, to: incoming) {
                try FileSystem.copy(source, to: incoming)
                try FileSystem.remove(source)
            }
            guard let file = try OpenFile(reading: incoming) else {
                throw FileSystem.failure("adopt \(source)", ENOENT)
            }
            try file.sync()
            return try self.publish(incoming, as: key)
        }
    }

    /// Puts a file's content at a path of this machine: a second name of the same file where that is possible.
    public func materialize(_ key: BlobKey, at destination: String) async throws {
        let path = try path(of: key)
        try await disk.run {
            if try !FileSystem.link(path, to: destination) { try FileSystem.copy(path, to: destination) }
        }
    }

    /// Removes a file.
    public func remove(_ key: BlobKey) async throws {
        let path = try path(of: key)
        try await disk.run { try FileSystem.remove(path) }
    }

    /// Removes old files that nobody knows, a folder at a time.
    public func sweep(
        olderThan age: Duration, isReferenced: @Sendable ([BlobKey]) async throws -> Set<BlobKey>
    ) async throws -> Int {
        let seconds = age.components.seconds
        var folders = [""]
        var removedCount = 0
        while let folder = folders.popLast() {
            let (inner, old) = try await disk.run { [root] in
                try Self.look(into: folder, root: root, olderThan: seconds)
            }
            folders += inner
            for start in stride(from: 0, to: old.count, by: 500) {
                let part = Array(old[start..<min(start + 500, old.count)])
                let known = try await isReferenced(part)
                for key in part where !known.contains(key) {
                    let path = try path(of: key)
                    let isRemoved = try await disk.run {
                        // The same content may have been stored anew since, and is about to be referred to.
                        guard let status = try FileSystem.status(of: path), status.ageSeconds >= seconds else {
                            return false
                        }
                        try FileSystem.remove(path)
                        return true
                    }
                    if isRemoved { removedCount += 1 }
                }
            }
        }
        return removedCount
    }

    private static func look(
        into folder: String, root: String, olderThan seconds: Int64
    ) throws -> (folders: [String], old: [BlobKey]) {
        var folders: [String] = []
        var old: [BlobKey] = []
        for name in try FileSystem.names(in: "\(root)/files/\(folder)") {
            let relative = folder.isEmpty ? name : "\(folder)/\(name)"
            guard let status = try FileSystem.status(of: "\(root)/files/\(relative)") else { continue }
            if status.isFolder {
                folders.append(relative)
            } else if status.ageSeconds >= seconds {
                old.append(BlobKey(rawValue: relative))
            }
        }
        return (folders, old)
    }

    /// Gives a synced file its name. A content that is there already stays, since it is the same.
    func publish(_ incoming: String, as key: BlobKey) throws -> BlobFacts {
        let path = try path(of: key)
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        try FileSystem.makeFolders(to: folder, below: root)
        guard try FileSystem.move(incoming, to: path) else { throw FileSystem.failure("rename \(key)", EXDEV) }
        try FileSystem.syncFolder(folder)
        guard let status = try FileSystem.status(of: path) else { throw FileSystem.failure("stat \(key)", ENOENT) }
        return BlobFacts(key: key, byteCount: status.byteCount, storedAt: status.changedAt)
    }

    func runOnDisk<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await disk.run(body)
    }

    private func incomingPath() -> String { "\(root)/incoming/\(RandomBytes.uuid())" }

    private func path(of key: BlobKey) throws -> String {
        guard key.isWellFormed else { throw FileSystem.failure("a blob's name is not a path", EINVAL) }
        return "\(root)/files/\(key)"
    }
}
