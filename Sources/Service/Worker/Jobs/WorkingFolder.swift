import Foundation
import Generations
import Processes
import Queues

/// This process's own folder for unfinished work, with a folder for each attempt in it.
final class WorkingFolder: Sendable {
    private let folder: ProcessFolder

    var path: String { folder.path }

    /// Makes the folder and removes those of dead processes beside it.
    ///
    /// - Throws: `StoreError` where the disk does not let it.
    init(in parent: String) throws {
        do { folder = try ProcessFolder(in: parent, named: RandomBytes.uuid()) } catch {
            throw Self.failure(error.action, error.number)
        }
    }

    /// Makes a folder inside, empty but for a folder `output`; `remove` takes it away again.
    func makeFolder(_ name: String) async throws -> String {
        let folder = "\(path)/\(name)"
        try await BlockingWork.run {
            try? FileManager.default.removeItem(atPath: folder)
            for made in [folder, "\(folder)/output"] where mkdir(made, 0o700) != 0 {
                throw Self.failure("mkdir \(made)", errno)
            }
        }
        return folder
    }

    /// Removes a folder with everything in it.
    func remove(_ folder: String) async {
        _ = try? await BlockingWork.run { try FileManager.default.removeItem(atPath: folder) }
    }

    private static func failure(_ action: String, _ number: Int32) -> StoreError {
        StoreError(code: number == ENOSPC ? .full : .unavailable, driverCode: Int(number), detail: action)
    }
}
