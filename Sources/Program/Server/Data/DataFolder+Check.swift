import Blobs
import Generations
import Persistence

extension DataFolder {
    /// One thing that was looked at.
    public struct Finding: Sendable {
        /// What it is.
        public let name: String
        /// Whether it is as it was stored.
        public let isSound: Bool
        /// What was found.
        public let detail: String
        /// What to do.
        public let remedy: String?
    }

    /// How many damaged files are named.
    private static let namedFileCount = 20

    /// Reads the whole database and every stored file, beside a running server or without one.
    public func check() async throws -> [Finding] {
        let store = try openStore()
        let problems = try await store.problems()
        let database = Finding(
            name: "database", isSound: problems.isEmpty,
            detail: problems.isEmpty ? path + "/lipsmith.db" : problems.joined(separator: "; "),
            remedy: problems.isEmpty ? nil : "restore lipsmith.db from a backup")
        let scrub = try await openBlobs(quarantineTime: .seconds(7 * 86_400)).scrub(bytesPerSecond: nil)
        // Files that nothing refers to are swept later; only damage that a record points to is a finding.
        let used = try await store.referencedBlobs(among: scrub.damaged)
        let damaged = scrub.damaged.filter(used.contains)
        let names = damaged.prefix(Self.namedFileCount).map(\.rawValue).joined(separator: ", ")
        return [
            database,
            Finding(
                name: "stored files", isSound: damaged.isEmpty,
                detail: "\(scrub.fileCount) files of \(scrub.byteCount) bytes read"
                    + (damaged.isEmpty ? "" : ", \(damaged.count) damaged: \(names)"),
                remedy: damaged.isEmpty ? nil : "restore the named files below \(path)/blobs/files from a backup"),
        ]
    }
}
