public import Generations
import Glibc
import Queues
public import Time

/// Uploads that arrive in pieces, in a folder of this machine: for each a file of facts and a file of bytes, in a folder of
/// its organisation. The file of bytes is as long as what has arrived, and the time of its last change says when the upload's
/// time is over.
///
/// Nothing is kept in memory, so that a new process goes on where another one ended.
public final class FolderPartialUploads: PartialUploadStore {
    private let root: String
    private let clock: any WallClock
    private let disk: DiskQueue

    /// Opens the folder, creating it if it is missing.
    ///
    /// - Throws: `StoreError`.
    public init(root: String, clock: any WallClock = SystemClock()) throws {
        self.root = root
        self.clock = clock
        disk = DiskQueue(label: "lipsmith.uploads", threadCount: 2)
        try FileSystem.makeFolder(root)
        if let status = try FileSystem.status(of: root, followsLinks: true) { FileSystem.closeToOthers(root, status) }
    }

    /// Begins an upload, without a byte.
    public func create(_ upload: PartialUpload) async throws {
        let files = try PartialUploadFiles(root, upload.id, upload.organisation)
        try await disk.run {
            try FileSystem.makeFolders(to: files.folder, below: self.root)
            try OpenFile(creating: files.bytes).sync()
            // The facts come last: an upload without bytes is one, and bytes without facts are nothing.
            try files.write(PartialUploadFacts(upload))
        }
    }

    /// One upload, with what lies safely on the disk; nil for a foreign one and one whose time is over.
    public func upload(_ id: PartialUploadID, organisation: OrganisationID) async throws -> PartialUpload? {
        guard let files = try? PartialUploadFiles(root, id, organisation) else { return nil }
        let now = clock.now
        return try await disk.run {
            guard let upload = try files.read(isSynced: true), upload.expiresAt > now else { return nil }
            return upload
        }
    }

    /// The uploads of an organisation that are not finished.
    public func openUploads(of organisation: OrganisationID) async throws -> [PartialUpload] {
        guard let organisation = OrganisationID(parsing: organisation.rawValue) else { return [] }
        let now = clock.now
        return try await disk.run { [root] in
            try PartialUploadFiles.open(of: organisation, in: root).compactMap { try $0.read(isSynced: false) }
                .filter { !$0.isFinished && $0.expiresAt > now }
        }
    }

    /// Adds bytes at `offset`, if no others have been added there. Each call is on the disk in the order of the calls.
    public func append(_ bytes: [UInt8], to upload: PartialUpload, at offset: Int64) async throws -> Int64 {
        let files = try PartialUploadFiles(root, upload.id, upload.organisation)
        return try await disk.run { try files.append(bytes, at: offset, byteLimit: upload.byteCount) }
    }

    /// Hands a whole file to the blob store.
    public func handOver(_ upload: PartialUpload, to blobs: any BlobStore) async throws -> BlobKey {
        let files = try PartialUploadFiles(root, upload.id, upload.organisation)
        // A second name is handed over: whatever happens until the blob's name is kept, the bytes are still here.
        let second = "\(files.folder)/\(RandomBytes.uuid()).handed"
        let known: BlobKey? = try await disk.run {
            guard let known = try files.read(isSynced: true) else { throw PartialUploadError.gone }
            if let blob = known.blob { return blob }
            // The store counts its age from here on.
            try FileSystem.touch(files.bytes)
            if try !FileSystem.link(files.bytes, to: second) { try FileSystem.copy(files.bytes, to: second) }
            return nil
        }
        if let known { return known }
        do {
            let blob = try await blobs.adopt(path: second, as: nil).key
            try await disk.run {
                try files.change { $0.blob = blob.rawValue }
                try FileSystem.remove(files.bytes)
            }
            return blob
        } catch {
            _ = try? await disk.run { try FileSystem.remove(second) }
            throw error
        }
    }

    /// Keeps that the asset was made.
    public func finish(_ upload: PartialUpload) async throws {
        let files = try PartialUploadFiles(root, upload.id, upload.organisation)
        try await disk.run { try files.finish() }
    }

    /// Deletes an upload and gives what it was; nil where there was none.
    public func delete(_ id: PartialUploadID, organisation: OrganisationID) async throws -> PartialUpload? {
        guard let upload = try await upload(id, organisation: organisation) else { return nil }
        let files = try PartialUploadFiles(root, id, organisation)
        try await disk.run { try files.remove() }
        return upload
    }

    /// Deletes those whose time is over, and gives the files of which no asset was made.
    public func removeExpired() async throws -> [BlobKey] {
        let now = clock.now
        return try await disk.run { [root] in
            var abandoned: [BlobKey] = []
            for name in try FileSystem.names(in: root) {
                guard let organisation = OrganisationID(parsing: name) else { continue }
                for files in try PartialUploadFiles.all(of: organisation, in: root) {
                    // A file of facts that cannot be read is removed by its age, too.
                    let upload = try files.read(isSynced: false)
                    guard let end = try upload?.expiresAt ?? files.factsExpiry(), end <= now else { continue }
                    if let upload, let blob = upload.blob, !upload.isFinished { abandoned.append(blob) }
                    try files.remove()
                }
                try PartialUploadFiles.removeLeftovers(of: organisation, in: root, now: now)
            }
            return abandoned
        }
    }
}
