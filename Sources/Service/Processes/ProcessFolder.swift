import Foundation

/// A folder of one process for unfinished files, removed at its end. Folders of processes that were killed are removed
/// by the next process that makes one beside them.
package final class ProcessFolder: Sendable {
    package let path: String
    private let lock: Int32

    /// An unnamed folder older than this, in seconds, was left behind: a living process names its own at once.
    private static let namingSeconds = 60

    /// Makes the folder, readable by its owner only, and removes those of dead processes beside it.
    ///
    /// - Parameters:
    ///   - parent: The folder that holds the folders of all processes; made if it is missing.
    ///   - name: A name that no other process uses.
    /// - Throws: `ProcessFolderError` when a system call fails.
    package init(in parent: String, named name: String) throws(ProcessFolderError) {
        path = "\(parent)/\(name)"
        // The folder is named only when it is locked, so that no other process takes it for that of a dead one.
        let unnamed = "\(parent)/.\(name)"
        for folder in [parent, unnamed] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw ProcessFolderError(action: "mkdir \(folder)", number: errno)
        }
        // The kernel frees a lock when its process ends, however that happens.
        lock = open("\(unnamed)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0, rename(unnamed, path) == 0 else {
            throw ProcessFolderError(action: "lock \(path)", number: errno)
        }
        for other in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where other != name {
            Self.removeIfDead("\(parent)/\(other)", isUnnamed: other.hasPrefix("."))
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        close(lock)
    }

    private static func removeIfDead(_ folder: String, isUnnamed: Bool) {
        if isUnnamed {
            var status = stat()
            guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
                time(nil) - status.st_mtim.tv_sec > namingSeconds
            else { return }
        }
        let lock = open("\(folder)/lock", O_RDWR | O_CLOEXEC)
        // Without a lock file it is another program's folder, or that of a process killed before it made the file.
        guard lock >= 0 else {
            if isUnnamed { rmdir(folder) }
            return
        }
        if flock(lock, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: folder) }
        close(lock)
    }
}

/// The error for a process's folder that could not be made.
package struct ProcessFolderError: Error, CustomStringConvertible {
    /// The step that failed.
    package let action: String
    /// The system's error number.
    package let number: Int32

    /// The step and the system's message.
    package var description: String { "\(action): \(String(cString: strerror(number)))" }
}
