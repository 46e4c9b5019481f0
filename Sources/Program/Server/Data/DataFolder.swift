public import Blobs
import Foundation
import Generations
public import Persistence
import Text

/// The folder of everything that an installation keeps.
public struct DataFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Opens the folder, and makes it where there is none. The folder and what lies directly in it is closed to the other
    /// users of the machine, also where an earlier version had left it open.
    ///
    /// - Throws: `DataFolderError` where that is not possible.
    public init(_ path: String) throws {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        self.path = absolute
        do {
            try FileManager.default.createDirectory(
                atPath: absolute, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DataFolderError(
                description: "The folder \(absolute) cannot be made. Choose another with --data.", detail: "\(error)")
        }
        try Self.closeToOthers(absolute)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: absolute)) ?? [] {
            try Self.closeToOthers("\(absolute)/\(name)")
        }
    }

    private static func closeToOthers(_ path: String) throws {
        var status = stat()
        // What has gone meanwhile, and what is a link to somewhere else, needs nothing.
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK, status.st_mode & 0o077 != 0 else { return }
        guard chmod(path, status.st_mode & 0o700) == 0 || errno == ENOENT else {
            throw DataFolderError(
                description: "\(path) can be read by other users of this machine, and its owner is another one. Run "
                    + "`chmod -R go= \(path)` as its owner.",
                detail: String(cString: strerror(errno)))
        }
    }

    /// Folders of running attempts.
    public var workFolder: String { path + "/work" }

    /// Networks compiled for this machine.
    public var cacheFolder: String { path + "/cache" }

    /// Makes the folder of sounds that are being spoken, without what an earlier process left there.
    public func makeSpeechFolder() throws -> String {
        let folder = path + "/speech"
        try? FileManager.default.removeItem(atPath: folder)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DataFolderError(description: "The folder \(folder) cannot be made.", detail: "\(error)")
        }
        return folder
    }

    private var databasePath: String { path + "/lipsmith.db" }

    /// Opens the database, and makes one in a new installation.
    ///
    /// - Parameters:
    ///   - beginsAnew: Whether media without their database are an installation to begin anew; they are put aside by the
    ///     next sweep then.
    ///   - onDamagedRow: Told of rows that cannot be read and are left out of lists; called from any thread.
    /// - Throws: `DataFolderError` where the folder has media or a secret without the database that they belong to: with
    ///   an empty one, every file would count as nobody's.
    public func openStore(
        beginsAnew: Bool = false, onDamagedRow: (@Sendable (String) -> Void)? = nil
    ) throws -> SQLStore {
        if !beginsAnew, !SQLiteDatabase.exists(at: databasePath), let trace = trace {
            throw DataFolderError(
                description: "\(path) has \(trace), and its database lipsmith.db is missing or empty. Restore "
                    + "lipsmith.db with its -wal file from a backup, or begin anew with "
                    + "`lipsmith serve --new-installation`, which puts the media aside.",
                detail: databasePath)
        }
        return try SQLStore(path: databasePath, onDamagedRow: onDamagedRow)
    }

    /// What shows that the folder had a database, in words; nil in a new one.
    private var trace: String? {
        if FileManager.default.fileExists(atPath: path + "/link-secret") { return "a link secret" }
        let files = FileManager.default.enumerator(atPath: path + "/blobs/files")
        while let name = files?.nextObject() as? String {
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: path + "/blobs/files/" + name, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                return "media"
            }
        }
        return nil
    }

    /// Opens the media.
    ///
    /// - Parameter quarantineTime: How long files that nobody refers to are kept aside before they are deleted.
    public func openBlobs(quarantineTime: Duration) throws -> FolderBlobStore {
        try FolderBlobStore(root: path + "/blobs", quarantineTime: quarantineTime)
    }

    /// Opens the files that arrive in pieces.
    public func openUploads() throws -> FolderPartialUploads { try FolderPartialUploads(root: path + "/uploads") }

    /// The secret that links are signed with; made once.
    public func linkSecret() throws -> [UInt8] {
        let file = path + "/link-secret"
        if let text = try? String(contentsOfFile: file, encoding: .utf8),
            let secret = Hexadecimal.decode(text.filter { !$0.isWhitespace }), secret.count >= 32
        {
            return secret
        }
        let secret = RandomBytes.make(32)
        try write(secret, to: file)
        return secret
    }

    /// Keeps the secret of an installation that moves here, unless there is one.
    func keepLinkSecret(_ text: String) throws {
        guard let secret = Hexadecimal.decode(text), !FileManager.default.fileExists(atPath: path + "/link-secret")
        else {
            return
        }
        try write(secret, to: path + "/link-secret")
    }

    private func write(_ secret: [UInt8], to file: String) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DataFolderError(
                description: "The file \(file) cannot be written, or is damaged.",
                detail: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        let text = Array((Hexadecimal.encode(secret) + "\n").utf8)
        guard Foundation.write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            unlink(file)
            throw DataFolderError(
                description: "The file \(file) cannot be written.", detail: String(cString: strerror(errno)))
        }
    }
}

/// Why a data folder cannot be used.
public struct DataFolderError: Error, Sendable, CustomStringConvertible {
    /// One sentence.
    public let description: String
    /// Particulars of the system.
    public let detail: String
}
