import Foundation
import LipSync
import Server

/// `lipsmith doctor --data`: whether what a server keeps is what was stored.
enum DataFolderCheck {
    /// Reads the whole database and every stored file.
    static func run(_ folder: String) throws -> [Diagnosis.Item] {
        guard FileManager.default.fileExists(atPath: folder + "/lipsmith.db") else {
            throw UsageError(message: "There is no installation in \(folder); name it with --data.")
        }
        let findings = try AsyncCommand.run { try await DataFolder(folder).check() }
        return findings.map { finding in
            Diagnosis.Item(
                name: finding.name, isWorking: finding.isSound, detail: finding.detail, remedy: finding.remedy)
        }
    }
}
