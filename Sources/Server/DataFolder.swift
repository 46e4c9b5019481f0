import Blobs
import Foundation
import Generations
import Persistence

/// The folder of everything that an installation keeps.
public struct DataFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Opens the folder, and makes it where there is none, readable by its owner only.
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

    /// Opens the database.
    public func openStore() throws -> SQLiteStore { try SQLiteStore(path: path + "/lipsmith.db") }

    /// Opens the media.
    public func openBlobs() throws -> FolderBlobStore { try FolderBlobStore(root: path + "/blobs") }

    /// The secret that links are signed with; made once.
    public func linkSecret() throws -> [UInt8] {
        let file = path + "/link-secret"
        if let text = try? String(contentsOfFile: file, encoding: .utf8),
            let secret = Hexadecimal.decode(text.filter { !$0.isWhitespace }), secret.count >= 32
        {
            return secret
        }
        let secret = RandomBytes.make(32)
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DataFolderError(
                description: "The file \(file) cannot be written, or is damaged.",
                detail: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        let text = Array((Hexadecimal.encode(secret) + "\n").utf8)
        guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            unlink(file)
            throw DataFolderError(
                description: "The file \(file) cannot be written.", detail: String(cString: strerror(errno)))
        }
        return secret
    }
}

/// Why a data folder cannot be used.
public struct DataFolderError: Error, Sendable, CustomStringConvertible {
    /// One sentence.
    public let description: String
    /// Particulars of the system.
    public let detail: String
}
