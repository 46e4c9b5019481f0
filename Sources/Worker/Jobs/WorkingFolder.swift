import Dispatch
import Foundation
import Generations

/// This process's own folder for unfinished work. It goes with the process: the next one removes what a killed one left.
final class WorkingFolder: Sendable {
    /// Its path.
    let path: String
    private let lock: Int32

    /// Makes the folder and removes those of dead processes beside it.
    ///
    /// - Throws: `StoreError` where the disk does not let it.
    init(in parent: String) throws {
        let name = RandomBytes.uuid()
        path = "\(parent)/\(name)"
        // It gets its name only when it is locked: nobody can take it for a dead one's in between.
        let unnamed = "\(parent)/.\(name)"
        for folder in [parent, unnamed] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw Self.failure("mkdir \(folder)")
        }
        // The kernel frees a lock when its process ends, however that happens.
        lock = open("\(unnamed)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0, rename(unnamed, path) == 0 else {
            throw Self.failure("lock \(path)")
        }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
            Self.removeIfDead("\(parent)/\(name)", own: path)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        close(lock)
    }

    /// Makes a folder inside, empty but for a folder `output`; `remove` takes it away again.
    func makeFolder(_ name: String) async throws -> String {
        let folder = "\(path)/\(name)"
        try await BlockingWork.run {
            try? FileManager.default.removeItem(atPath: folder)
            for made in [folder, "\(folder)/output"] where mkdir(made, 0o700) != 0 {
                throw Self.failure("mkdir \(made)")
            }
        }
        return folder
    }

    /// Removes a folder with everything in it.
    func remove(_ folder: String) async {
        _ = try? await BlockingWork.run { try FileManager.default.removeItem(atPath: folder) }
    }

    private static func removeIfDead(_ folder: String, own: String) {
        guard folder != own, !folder.contains("/.") else { return }
        let lock = open("\(folder)/lock", O_RDWR | O_CLOEXEC)
        // Without a lock it is no folder of ours.
        guard lock >= 0 else { return }
        if flock(lock, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: folder) }
        close(lock)
    }

    private static func failure(_ action: String) -> StoreError {
        StoreError(code: errno == ENOSPC ? .full : .unavailable, driverCode: Int(errno), detail: action)
    }
}

/// Threads for calls that wait for a disk, so that the shared ones never do.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "lipsmith.worker.disk", attributes: .concurrent)

    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
