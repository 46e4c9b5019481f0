import Foundation

/// A folder that lives as long as its value.
package final class TemporaryFolder: Sendable {
    private let folder: String

    /// Makes an empty folder.
    package init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/lipsmith-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The path of a file in the folder; the folder itself without a name.
    package func path(_ name: String = "") -> String { name.isEmpty ? folder : folder + "/" + name }

    /// The names of all files in the folder, hidden ones too.
    package var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

    /// A folder for media that many tests of one run share; removed when the run ends.
    package static let shared: TemporaryFolder = {
        guard let folder = try? TemporaryFolder() else { fatalError("no temporary folder can be made") }
        sharedPath = folder.path()
        atexit { try? FileManager.default.removeItem(atPath: TemporaryFolder.sharedPath) }
        return folder
    }()

    // Written once before `atexit` is asked, read when everything else has ended.
    nonisolated(unsafe) private static var sharedPath = ""
}
