import Foundation
import Server

/// `lipsmith migrate`: carries an installation to another place.
enum MigrateCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        guard let from = try arguments.takeValue("--from"), let to = try arguments.takeValue("--to") else {
            throw UsageError(message: "Name both places: --from lipsmith-data --to postgres://…,s3://…")
        }
        try arguments.finish()
        let source = try place(from, "--from")
        let target = try place(to, "--to", scratch: source.dataFolder)
        let outcome = try AsyncCommand.run {
            let move = try await InstallationMove(from: source, to: target)
            return try await move.run { step in
                switch step {
                case .rows(let table, let count): Terminal.error("\(table): \(count) rows")
                case .files(let count, let bytes) where count % 100 == 0:
                    Terminal.error("\(count) files, \(bytes) bytes")
                case .files: break
                case .verifying: Terminal.error("comparing")
                }
            }
        }
        for table in outcome.differing {
            Terminal.error("\(table) differs: somebody has worked on one of the places. Run this again.")
        }
        for key in outcome.missing { Terminal.error("\(key) is missing or damaged in the old place") }
        guard outcome.isWhole else { return .failure }
        Terminal.out(
            "Carried and compared: \(outcome.rowCount) rows, \(outcome.fileCount) files of "
                + "\(outcome.byteCount) bytes. The old place is as it was.")
        return .success
    }

    /// A place: words with commas between, each a folder, an address of a database or one of a bucket.
    ///
    /// - Parameter scratch: The folder that is named where the place has none; nothing is kept in it.
    private static func place(_ text: String, _ option: String, scratch: String? = nil) throws -> ServerConfiguration {
        var flags: [String: String] = [:]
        // An address of a database may have commas in it.
        var words: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            let begins = words.isEmpty || part.hasPrefix("postgres") || part.hasPrefix("s3://") || part.contains("/")
            if begins { words.append(part) } else { words[words.count - 1] += "," + part }
        }
        for word in words {
            let isDatabase = word.hasPrefix("postgres://") || word.hasPrefix("postgresql://")
            flags[isDatabase ? "database-url" : word.hasPrefix("s3://") ? "blobs-url" : "data"] = word
        }
        let isMistyped =
            flags["data"].map { $0.hasPrefix("postgres") || $0.hasPrefix("s3:") || $0.contains("@") } ?? false
        guard !isMistyped, flags.count == words.count, flags["data"] != nil || flags.count == 2 else {
            throw UsageError(
                message:
                    "\(option) names a folder, or a database and a bucket with a comma between, or a folder and one of "
                    + "them.")
        }
        if flags["data"] == nil {
            flags["data"] = scratch ?? FileManager.default.temporaryDirectory.path + "/lipsmith-move"
        }
        let environment = ProcessInfo.processInfo.environment.filter {
            !["LIPSMITH_DATABASE_URL", "LIPSMITH_BLOBS_URL", "LIPSMITH_DATA"].contains($0.key)
        }
        do { return try ServerConfiguration(flags: flags, environment: environment) } catch {
            throw UsageError(message: error.description)
        }
    }
}
