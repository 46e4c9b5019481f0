import Generations
import Glibc
import Time

/// The properties of a file or folder.
struct FileStatus: Sendable {
    let byteCount: Int64
    let changedAt: Timestamp
    let isFolder: Bool
    let isFile: Bool
    /// Whether the mode gives any right to other users of the machine.
    let isOpenToOthers: Bool

    var ageSeconds: Int64 { SystemClock().now.seconds - changedAt.seconds }

    init(_ status: stat) {
        byteCount = Int64(status.st_size)
        changedAt = Timestamp(
            milliseconds: Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000)
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        isFile = status.st_mode & S_IFMT == S_IFREG
        isOpenToOthers = status.st_mode & 0o077 != 0
    }
}

/// File system calls that throw a `StoreError`.
enum FileSystem {
    /// The store's error for a system error number.
    static func failure(_ action: String, _ number: Int32 = errno) -> StoreError {
        let code: StoreError.Code =
            switch number {
            case ENOSPC, EDQUOT: .full
            case EINVAL, 0: .refused
            default: .unavailable
            }
        return StoreError(
            code: code, driverCode: Int(number), detail: "\(action): \(String(cString: strerror(number)))")
    }

    static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("mkdir \(path)") }
    }

    /// Makes the missing folders down to a file's path, each synced in the folder above it.
    static func makeFolders(to path: String, below root: String) throws {
        guard path.hasPrefix(root), access(path, F_OK) != 0 else { return }
        var present = root
        for part in path.dropFirst(root.count).split(separator: "/") {
            let above = present
            present += "/\(part)"
            if mkdir(present, 0o700) == 0 {
                try syncFolder(above)
            } else if errno != EEXIST {
                throw failure("mkdir \(present)")
            }
        }
    }

    static func names(in folder: String) throws -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw failure("opendir \(folder)")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The properties of a path; `nil` when it does not exist.
    ///
    /// - Parameter followsLinks: Whether those of a link are those of its target.
    static func status(of path: String, followsLinks: Bool = false) throws -> FileStatus? {
        var status = stat()
        guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("stat \(path)")
        }
        return FileStatus(status)
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("unlink \(path)") }
    }

    /// Removes a file, and its folder when it was the last one in it.
    static func removeWithFolder(_ path: String) throws {
        try remove(path)
        try removeIfEmpty(folder: folder(of: path))
    }

    /// Moves a file; `false` when the two paths are on different disks.
    static func move(_ source: String, to destination: String) throws -> Bool {
        if rename(source, destination) == 0 { return true }
        if errno == EXDEV { return false }
        throw failure("rename \(source)")
    }

    /// Makes a hard link; `false` when the file system does not allow it.
    static func link(_ source: String, to destination: String) throws -> Bool {
        if Glibc.link(source, destination) == 0 { return true }
        if errno == EXDEV || errno == EPERM || errno == EMLINK { return false }
        throw failure("link \(source)")
    }

    static func copy(_ source: String, to destination: String) throws {
        guard let input = try OpenFile(reading: source) else { throw failure("copy \(source)", ENOENT) }
        let output = try OpenFile(creating: destination)
        try input.forEachBlock { try output.write($0) }
    }

    /// Moves a file to its name below `root`, durably; the folders on the way are made.
    static func place(_ source: String, at destination: String, below root: String) throws {
        let folder = folder(of: destination)
        try makeFolders(to: folder, below: root)
        func moveOnce() throws {
            guard try move(source, to: destination) else { throw failure("rename \(destination)", EXDEV) }
        }
        do { try moveOnce() } catch let error as StoreError where error.driverCode == Int(ENOENT) {
            // A sweep has removed the folder while it was empty.
            try makeFolders(to: folder, below: root)
            try moveOnce()
        }
        try syncFolder(folder)
    }

    private static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    /// Removes a folder if it is empty.
    static func removeIfEmpty(folder path: String) throws {
        guard rmdir(path) == 0 || errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST else {
            throw failure("rmdir \(path)")
        }
    }

    /// Removes the rights of other users from a file or folder. One of another owner, such as a file that an operator
    /// has put there, is not changed; the folder above it is closed to others.
    static func closeToOthers(_ path: String, _ status: FileStatus) {
        guard status.isOpenToOthers, status.isFile || status.isFolder else { return }
        chmod(path, status.isFolder ? 0o700 : 0o600)
    }

    /// Sets a file's modification time to now.
    static func touch(_ path: String) throws {
        guard utimensat(AT_FDCWD, path, nil, AT_SYMLINK_NOFOLLOW) == 0 || errno == ENOENT else {
            throw failure("utimensat \(path)")
        }
    }

    /// The free bytes on the disk of a path, without the reserve for root.
    static func freeByteCount(at path: String) throws -> Int64 {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw failure("statvfs \(path)") }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    static func syncFolder(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync \(path)") }
    }
}

/// An open file, closed when it is released.
final class OpenFile: Sendable {
    private let descriptor: Int32

    /// Creates a file that must not exist.
    init(creating path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileSystem.failure("create \(path)") }
    }

    /// Opens a regular file; `nil` when there is none. Links are not followed.
    init?(reading path: String) throws {
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileSystem.failure("open \(path)")
        }
    }

    /// Opens a regular file whose end is written to; `nil` when there is none. Links are not followed.
    init?(appendingTo path: String) throws {
        descriptor = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileSystem.failure("open \(path)")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Waits until no other opening of the file has it locked, and locks it until this one is closed.
    func lock() throws {
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileSystem.failure("flock") }
        }
    }

    /// Cuts the file to a size in bytes.
    func truncate(to byteCount: Int64) throws {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw FileSystem.failure("ftruncate") }
    }

    func status() throws -> FileStatus {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileSystem.failure("fstat") }
        return FileStatus(status)
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw FileSystem.failure("write") }
                done += count
            }
        }
    }

    func read(offset: Int64, maximumCount: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: maximumCount) { buffer, filled in
            while filled < maximumCount {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(filled))
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw FileSystem.failure("read") }
                if count == 0 { return }
                filled += count
            }
        }
    }

    /// The SHA-256 digest of the content.
    func digest() throws -> [UInt8] {
        let digest = DigestStream()
        try forEachBlock { digest.update($0) }
        return digest.finish()
    }

    /// Calls `body` with the whole content in blocks of 1 MiB.
    func forEachBlock(_ body: ([UInt8]) throws -> Void) throws {
        var offset: Int64 = 0
        while true {
            let bytes = try read(offset: offset, maximumCount: 1 << 20)
            if bytes.isEmpty { return }
            try body(bytes)
            offset += Int64(bytes.count)
        }
    }

    func sync() throws {
        guard fsync(descriptor) == 0 else { throw FileSystem.failure("fsync") }
    }
}
