import Blobs
import Foundation
public import Generations
import Persistence
import Provenance
import Text
import Time

/// Carries a whole installation to another place: from a data folder to a database and a bucket, or back. Its servers and
/// nodes are stopped meanwhile. It may be ended and begun again; what is there already is not carried twice.
public struct InstallationMove: Sendable {
    /// How far it is.
    public enum Step: Sendable {
        case rows(table: String, count: Int)
        case files(count: Int, byteCount: Int64)
        case verifying
    }

    /// What was carried and compared.
    public struct Outcome: Sendable {
        /// How many rows were compared.
        public let rowCount: Int
        /// Tables in which the other place differs.
        public let differing: [String]
        /// Files that the other place has now.
        public let fileCount: Int
        /// Their bytes.
        public let byteCount: Int64
        /// Files that are referred to and were nowhere in the old place, and files whose copy is not what it was.
        public let missing: [BlobKey]

        /// Whether the other place has everything.
        public var isWhole: Bool { missing.isEmpty && differing.isEmpty }
    }

    private let source: InstallationData
    private let target: InstallationData

    /// Opens both places.
    ///
    /// - Throws: `MoveError` where somebody uses one of them, or the other one has another installation's data; what
    ///   opening them throws.
    public init(from source: ServerConfiguration, to target: ServerConfiguration) async throws {
        guard source.databaseURL != nil || FileManager.default.fileExists(atPath: source.dataFolder + "/lipsmith.db")
        else {
            throw MoveError("move_source_missing", "There is no installation in \(source.dataFolder).")
        }
        let old = try await InstallationData.openStore(source, isPatient: true)
        let new = try await InstallationData.openStore(target, isPatient: true)
        try await Self.checkThatNobodyIsThere(old, new)
        guard try await !StoreCopy(from: old, to: new).targetIsForeign() else {
            throw MoveError(
                "move_target_foreign", "The place of --to has another installation's data: name an empty one.")
        }
        // The name and the link secret go first: a bucket and a folder are known by them.
        try await Self.carryNames(from: source, old, to: target, new)
        self.source = try await InstallationData.open(source, isPatient: true) { _, _ in }
        self.target = try await InstallationData.open(target, isPatient: true) { _, _ in }
    }

    private static func checkThatNobodyIsThere(_ old: SQLStore, _ new: SQLStore) async throws {
        for (store, name) in [(old, "--from"), (new, "--to")] {
            let nodes = try await store.nodes(now: store.steadyTime)
            guard nodes.isEmpty else {
                throw MoveError(
                    "move_in_use",
                    "\(nodes.count) processes use \(name) (\(Set(nodes.map(\.host)).sorted().joined(separator: ", "))): "
                        + "stop them; `lipsmith nodes` names them. One that was killed is forgotten after half a minute."
                )
            }
        }
    }

    private static func carryNames(
        from source: ServerConfiguration, _ old: SQLStore, to target: ServerConfiguration, _ new: SQLStore
    ) async throws {
        let name = try await old.keptText("installation", orKeep: RandomBytes.uuid())
        guard try await new.keptText("installation", orKeep: name) == name else {
            throw MoveError(
                "move_target_foreign", "The place of --to was begun by another installation: name an empty one.")
        }
        let secret =
            source.databaseURL == nil
            ? Hexadecimal.encode(try DataFolder(source.dataFolder).linkSecret())
            : try await old.keptText("link-secret", orKeep: Hexadecimal.encode(RandomBytes.make(32)))
        if target.databaseURL == nil {
            try DataFolder(target.dataFolder).keepLinkSecret(secret)
        } else {
            _ = try await new.keptText("link-secret", orKeep: secret)
        }
        try await carryIdentity(from: source, old, to: target, new)
    }

    /// Carries what the installation signs with, if it has signed anything.
    private static func carryIdentity(
        from source: ServerConfiguration, _ old: SQLStore, to target: ServerConfiguration, _ new: SQLStore
    ) async throws {
        let path = "\(source.dataFolder)/\(IdentityFile.name)"
        let now = SystemClock().now
        let text =
            source.databaseURL == nil
            ? (FileManager.default.fileExists(atPath: path)
                ? try IdentityFile.text(in: source.dataFolder, now: now) : nil)
            : try await old.keptText(IdentityFile.name, orKeep: try SigningIdentity.makeInstallationText(now: now))
        guard let text else { return }
        if target.databaseURL == nil {
            try IdentityFile.keep(text, in: target.dataFolder)
        } else {
            _ = try await new.keptText(IdentityFile.name, orKeep: text)
        }
    }

    /// Carries everything and compares it.
    public func run(progress: @Sendable (Step) -> Void) async throws -> Outcome {
        let copy = StoreCopy(from: source.store, to: target.store)
        try await copy.run { progress(.rows(table: $0, count: $1)) }
        var (fileCount, byteCount) = (0, Int64(0))
        var missing: [BlobKey] = []
        try await copy.forEachBlob { key in
            guard let size = try await carry(key) else {
                missing.append(key)
                return
            }
            fileCount += 1
            byteCount += size
            progress(.files(count: fileCount, byteCount: byteCount))
        }
        progress(.verifying)
        let tables = try await copy.verify()
        try await Self.checkThatNobodyIsThere(source.store, target.store)
        return Outcome(
            rowCount: tables.reduce(0) { $0 + $1.rowCount }, differing: tables.filter { !$0.isEqual }.map(\.table),
            fileCount: fileCount, byteCount: byteCount, missing: missing)
    }

    /// Carries one file, unless it is there; gives its bytes, nil where it is nowhere, or what was read is not what its
    /// name says.
    private func carry(_ key: BlobKey) async throws -> Int64? {
        guard let reader = try await source.blobs.reader(for: key) else { return nil }
        let size = reader.facts.byteCount
        if try await target.blobs.facts(of: key)?.byteCount == size { return size }
        let writer = try await target.blobs.makeWriter()
        do {
            let digest = DigestStream()
            var offset: Int64 = 0
            while offset < size {
                let block = try await reader.read(offset: offset, maximumCount: 4 << 20)
                guard !block.isEmpty else { break }
                digest.update(block)
                try await writer.write(block)
                offset += Int64(block.count)
            }
            let found = digest.finish()
            guard offset == size, key.digest == nil || key.digest == found else {
                await writer.discard()
                return nil
            }
            _ = try await writer.finish(as: key)
            return size
        } catch {
            await writer.discard()
            throw error
        }
    }
}

/// Why an installation cannot be moved.
public struct MoveError: Error, Sendable, CustomStringConvertible {
    /// A stable name: `move_source_missing`, `move_in_use` or `move_target_foreign`.
    public let code: String
    /// The name, one sentence and what to do.
    public let description: String

    init(_ code: String, _ sentence: String) {
        self.code = code
        description = "\(code): \(sentence)"
    }
}
