import Foundation
import Synchronization

/// The folders of outputs that have not appeared yet, for a program that ends at once.
enum StagedFolders {
    private static let folders = Mutex<Set<String>>([])

    static func add(_ folder: String) { folders.withLock { _ = $0.insert(folder) } }

    /// Removes a folder with everything in it.
    static func remove(_ folder: String) {
        try? FileManager.default.removeItem(atPath: folder)
        folders.withLock { _ = $0.remove(folder) }
    }

    static func removeAll() {
        for folder in folders.withLock({ $0 }) { remove(folder) }
    }
}
