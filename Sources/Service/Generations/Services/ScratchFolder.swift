import Foundation
import Queues

/// A temporary folder for the files of one request.
public enum ScratchFolder {
    /// Makes a folder, gives its path to `body` and removes it afterwards, with what is in it.
    public static func with<Value>(in parent: String, _ body: (String) async throws -> Value) async throws -> Value {
        let folder = "\(parent)/\(RandomBytes.uuid())"
        try await BlockingWork.run {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        do {
            let value = try await body(folder)
            await remove(folder)
            return value
        } catch {
            await remove(folder)
            throw error
        }
    }

    private static func remove(_ folder: String) async {
        await BlockingWork.run { try? FileManager.default.removeItem(atPath: folder) }
    }
}
