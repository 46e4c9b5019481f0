public import Generations
import Glibc

/// The search for files that are not referred to, and for damaged files.
extension FolderBlobStore {
    /// An empty folder is removed when it has not been changed for this many seconds, so that a file that is being
    /// placed in it has its time.
    private static let emptyFolderSeconds: Int64 = 3600
    /// The number of names in one query to the store.
    private static let questionSize = 500

    /// Moves old files that are not referred to into quarantine, folder by folder, restores those that are referred to
    /// again, and deletes those whose quarantine time is over.
    public func sweep(
        olderThan age: Duration, isReferenced: @Sendable ([BlobKey]) async throws -> Set<BlobKey>
    ) async throws -> SweepOutcome {
        var outcome = SweepOutcome()
        let minimumSeconds = age.components.seconds
        try await walk("files") { page in
            try await outcome.putAside(page, olderThan: minimumSeconds, unless: isReferenced) {
                try await setAside($0, olderThan: minimumSeconds)
            }
        }
        try await walk("quarantine") { page in
            try await outcome.settle(page, after: quarantineTime.components.seconds, unless: isReferenced) {
                try await bringBack(page[$0].key)
            } delete: {
                let path = path(of: page[$0].key, in: "quarantine")
                try await runOnDisk { try FileSystem.remove(path) }
            }
        }
        return outcome
    }

    /// Reads every file whose name holds its digest, and compares them.
    public func scrub(bytesPerSecond: Int64?) async throws -> ScrubOutcome {
        var outcome = ScrubOutcome()
        try await walk("files") { keys in
            for (key, _) in keys {
                guard let expected = key.digest,
                    let (byteCount, isSound) = try await check(key, expected, bytesPerSecond: bytesPerSecond)
                else { continue }
                outcome.fileCount += 1
                outcome.byteCount += byteCount
                if !isSound { outcome.damaged.append(key) }
            }
        }
        return outcome
    }

    /// A file's size and whether its content has the expected digest; `nil` when the file is gone. One that cannot be
    /// read counts as damaged.
    private func check(
        _ key: BlobKey, _ expected: [UInt8], bytesPerSecond: Int64?
    ) async throws -> (byteCount: Int64, isSound: Bool)? {
        let path = path(of: key, in: "files")
        let file: OpenFile
        do {
            guard let opened = try await runOnBulkDisk({ try OpenFile(reading: path) }) else { return nil }
            file = opened
        } catch is StoreError { return (0, false) }
        let digest = LockedDigest()
        var offset: Int64 = 0
        while true {
            let start = offset
            let count: Int
            do {
                count = try await runOnBulkDisk {
                    let bytes = try file.read(offset: start, maximumCount: 1 << 20)
                    digest.update(bytes)
                    return bytes.count
                }
            } catch is StoreError { return (offset, false) }
            if count == 0 { return (offset, digest.finish() == expected) }
            offset += Int64(count)
            if let bytesPerSecond {
                try await Task.sleep(for: .seconds(Double(count) / Double(max(bytesPerSecond, 1))))
            }
        }
    }

    private func setAside(_ key: BlobKey, olderThan seconds: Int64) async throws -> Bool {
        let (source, destination) = (path(of: key, in: "files"), path(of: key, in: "quarantine"))
        return try await runOnDisk { [root] in
            // The same content may have been stored again meanwhile, with a reference to follow.
            guard let status = try FileSystem.status(of: source), status.ageSeconds >= seconds else { return false }
            try FileSystem.place(source, at: destination, below: root)
            // The quarantine time counts from now on.
            try FileSystem.touch(destination)
            return true
        }
    }

    private func bringBack(_ key: BlobKey) async throws -> Bool {
        let (source, destination) = (path(of: key, in: "quarantine"), path(of: key, in: "files"))
        return try await runOnDisk { [root] in
            guard try FileSystem.status(of: destination) == nil else {
                // The content has been stored again meanwhile.
                try FileSystem.remove(source)
                return false
            }
            try FileSystem.place(source, at: destination, below: root)
            return true
        }
    }

    private func path(of key: BlobKey, in part: String) -> String { "\(root)/\(part)/\(key)" }

    /// Visits all files of a part of the store in groups. Files and folders that are open to other users are closed to
    /// them, and folders that have been empty for a while are removed, so that no names of deleted files remain.
    private func walk(
        _ part: String, _ body: (_ keys: [(key: BlobKey, ageSeconds: Int64)]) async throws -> Void
    ) async throws {
        var folders = [""]
        while let folder = folders.popLast() {
            let (inner, keys) = try await runOnDisk { [root] in try Self.look(into: folder, of: "\(root)/\(part)") }
            folders += inner
            for start in stride(from: 0, to: keys.count, by: Self.questionSize) {
                try await body(Array(keys[start..<min(start + Self.questionSize, keys.count)]))
            }
        }
    }

    private static func look(
        into folder: String, of part: String
    ) throws -> (folders: [String], keys: [(key: BlobKey, ageSeconds: Int64)]) {
        var folders: [String] = []
        var keys: [(key: BlobKey, ageSeconds: Int64)] = []
        for name in try FileSystem.names(in: "\(part)/\(folder)") {
            let relative = folder.isEmpty ? name : "\(folder)/\(name)"
            let path = "\(part)/\(relative)"
            guard let status = try FileSystem.status(of: path) else { continue }
            FileSystem.closeToOthers(path, status)
            // A folder may be a link to a larger disk; links to files and special files are not the store's.
            if !status.isFile, try FileSystem.status(of: path, followsLinks: true)?.isFolder == true {
                if status.ageSeconds >= emptyFolderSeconds, try FileSystem.names(in: path).isEmpty {
                    // Links and folders of other owners stay.
                    try? FileSystem.removeIfEmpty(folder: path)
                } else {
                    folders.append(relative)
                }
            } else if status.isFile {
                keys.append((BlobKey(rawValue: relative), status.ageSeconds))
            }
        }
        return (folders, keys)
    }
}
