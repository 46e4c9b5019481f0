import Foundation
import Generations
import Time

/// What is kept of an upload beside its bytes.
struct PartialUploadFacts: Codable {
    var name: String
    var byteCount: Int64
    var asset: String
    var blob: String?

    init(_ upload: PartialUpload) {
        name = upload.name
        byteCount = upload.byteCount
        asset = upload.asset.rawValue
        blob = upload.blob?.rawValue
    }
}

/// The two files of one upload. The name of the facts says whether the upload is finished, so that a list of the open ones
/// reads no others. All calls wait for the disk.
struct PartialUploadFiles: Sendable {
    private let id: PartialUploadID
    private let organisation: OrganisationID
    let folder: String

    /// The bytes that have arrived.
    var bytes: String { "\(folder)/\(id).part" }
    private var openFacts: String { "\(folder)/\(id).json" }
    private var finishedFacts: String { "\(folder)/\(id).finished" }
    private static let factsEndings = [".json", ".finished"]

    /// Names the files of an upload.
    ///
    /// - Throws: `PartialUploadError.gone` for names that are no UUIDs: nothing else may become a part of a path.
    init(_ root: String, _ id: PartialUploadID, _ organisation: OrganisationID) throws(PartialUploadError) {
        guard let id = PartialUploadID(parsing: id.rawValue),
            let organisation = OrganisationID(parsing: organisation.rawValue)
        else { throw .gone }
        self.id = id
        self.organisation = organisation
        folder = "\(root)/\(organisation)"
    }

    /// Those of an organisation.
    static func all(of organisation: OrganisationID, in root: String) throws -> [PartialUploadFiles] {
        try named(factsEndings, of: organisation, in: root)
    }

    /// Those of an organisation that are not finished.
    static func open(of organisation: OrganisationID, in root: String) throws -> [PartialUploadFiles] {
        try named([".json"], of: organisation, in: root)
    }

    private static func named(
        _ endings: [String], of organisation: OrganisationID, in root: String
    ) throws -> [PartialUploadFiles] {
        try FileSystem.names(in: "\(root)/\(organisation)").compactMap { name in
            guard let ending = endings.first(where: name.hasSuffix),
                let id = PartialUploadID(parsing: name.dropLast(ending.count))
            else { return nil }
            return try? PartialUploadFiles(root, id, organisation)
        }
    }

    private static func isFacts(_ name: String) -> Bool { factsEndings.contains(where: name.hasSuffix) }

    /// Removes what a process that was killed has left between two steps, once it is as old as an upload may get, and the
    /// folder when it is empty.
    static func removeLeftovers(of organisation: OrganisationID, in root: String, now: Timestamp) throws {
        let folder = "\(root)/\(organisation)"
        let names = try FileSystem.names(in: folder)
        let known = Set(names.filter { $0.hasSuffix(".json") }.map { "\($0.dropLast(5)).part" })
        for name in names where !isFacts(name) && !known.contains(name) {
            let path = "\(folder)/\(name)"
            guard let status = try FileSystem.status(of: path), status.isFile,
                status.changedAt.advanced(by: PartialUpload.validity) <= now
            else { continue }
            try FileSystem.remove(path)
        }
        // A folder that was made a moment ago is about to get its first file.
        if names.isEmpty, let status = try FileSystem.status(of: folder),
            status.changedAt.advanced(by: PartialUpload.validity) <= now
        {
            try FileSystem.removeIfEmpty(folder: folder)
        }
    }

    /// When the file of facts has been there for as long as an upload may be.
    func factsExpiry() throws -> Timestamp? {
        let status = try FileSystem.status(of: openFacts) ?? FileSystem.status(of: finishedFacts)
        return status.map { $0.changedAt.advanced(by: PartialUpload.validity) }
    }

    /// The upload; nil where there is none that can be read.
    ///
    /// - Parameter isSynced: Whether the bytes that are counted survive a loss of power.
    func read(isSynced: Bool) throws -> PartialUpload? {
        // Open ones become finished, never the other way round.
        let open = try Self.readFacts(openFacts)
        guard let (known, factsChangedAt) = try open ?? Self.readFacts(finishedFacts) else { return nil }
        var (offset, changedAt) = (known.byteCount, factsChangedAt)
        if known.blob == nil {
            guard let file = try OpenFile(reading: bytes) else { return nil }
            let status = try file.status()
            if isSynced { try file.sync() }
            (offset, changedAt) = (min(status.byteCount, known.byteCount), status.changedAt)
        }
        return PartialUpload(
            id: id, organisation: organisation, name: known.name, byteCount: known.byteCount,
            asset: AssetID(rawValue: known.asset), offset: offset,
            expiresAt: changedAt.advanced(by: PartialUpload.validity),
            blob: known.blob.map(BlobKey.init(rawValue:)), isFinished: open == nil)
    }

    /// The facts in a file, and the time of its last change.
    private static func readFacts(_ path: String) throws -> (PartialUploadFacts, changedAt: Timestamp)? {
        guard let file = try OpenFile(reading: path) else { return nil }
        let text = try file.read(offset: 0, maximumCount: 1 << 16)
        guard let facts = try? JSONDecoder().decode(PartialUploadFacts.self, from: Data(text)) else { return nil }
        return (facts, try file.status().changedAt)
    }

    /// Writes the facts, complete or not at all.
    func write(_ known: PartialUploadFacts) throws {
        let unfinished = "\(folder)/\(RandomBytes.uuid()).new"
        do {
            let file = try OpenFile(creating: unfinished)
            try file.write(Array(try JSONEncoder().encode(known)))
            try file.sync()
            _ = try FileSystem.move(unfinished, to: openFacts)
        } catch {
            try? FileSystem.remove(unfinished)
            throw error
        }
        try FileSystem.syncFolder(folder)
    }

    /// Changes the facts of an open upload; nothing where they are gone.
    func change(_ body: (inout PartialUploadFacts) -> Void) throws {
        guard var known = try Self.readFacts(openFacts)?.0 else { return }
        body(&known)
        try write(known)
    }

    /// Marks the upload as finished; nothing where it is already, or gone.
    func finish() throws {
        guard try FileSystem.status(of: openFacts) != nil else { return }
        _ = try FileSystem.move(openFacts, to: finishedFacts)
        try FileSystem.syncFolder(folder)
    }

    /// Adds bytes at the end, if it is at `offset`.
    ///
    /// - Returns: The new end.
    func append(_ added: [UInt8], at offset: Int64, byteLimit: Int64) throws -> Int64 {
        guard let file = try OpenFile(appendingTo: bytes) else { throw PartialUploadError.gone }
        // Whoever else adds bytes, in this process or another one, waits here.
        try file.lock()
        let end = try file.status().byteCount
        guard end == offset else { throw PartialUploadError.offsetWrong(current: end) }
        guard Int64(added.count) <= byteLimit - end else { throw PartialUploadError.tooManyBytes(current: end) }
        do { try file.write(added) } catch {
            // A part of a block is of no use, and its end would not be told to anybody.
            try? file.truncate(to: end)
            throw error
        }
        return end + Int64(added.count)
    }

    /// Removes both files.
    func remove() throws {
        try FileSystem.remove(openFacts)
        try FileSystem.remove(finishedFacts)
        try FileSystem.remove(bytes)
    }
}
