public import Time

/// Names an upload that arrives in pieces.
public typealias PartialUploadID = Identifier<PartialUpload>

/// A file that arrives in pieces.
public struct PartialUpload: Hashable, Sendable {
    /// One that gets no byte for this long is deleted.
    public static let validity = Duration.seconds(86_400)
    /// The most bytes of one piece.
    public static let pieceBytes: Int64 = 8 << 20
    /// How many one organisation may have at once.
    public static let mostPerOrganisation = 200

    public let id: PartialUploadID
    public let organisation: OrganisationID
    /// What people call it.
    public let name: String
    /// How many bytes were announced.
    public let byteCount: Int64
    /// The asset that it becomes. The name is chosen at the beginning, so that a repeated request makes no second one.
    public let asset: AssetID
    /// How many bytes lie safely on the disk, from the first one on.
    public var offset: Int64
    /// When it is deleted unless more bytes arrive.
    public var expiresAt: Timestamp
    /// Where the file lies once all of it was handed to the blob store; nil before.
    public var blob: BlobKey?
    /// Whether the asset was made.
    public var isFinished: Bool

    /// Makes an upload of which no byte has arrived.
    public init(
        id: PartialUploadID = PartialUploadID(), organisation: OrganisationID, name: String, byteCount: Int64,
        asset: AssetID = AssetID(), offset: Int64 = 0, expiresAt: Timestamp, blob: BlobKey? = nil,
        isFinished: Bool = false
    ) {
        self.id = id
        self.organisation = organisation
        self.name = name
        self.byteCount = byteCount
        self.asset = asset
        self.offset = offset
        self.expiresAt = expiresAt
        self.blob = blob
        self.isFinished = isFinished
    }

    /// Whether every byte is there.
    public var isWhole: Bool { offset == byteCount }
}

/// Why bytes were not added to an upload. None of them was.
public enum PartialUploadError: Error, Hashable, Sendable {
    /// They do not follow the last byte that is there; with the number of bytes that are.
    case offsetWrong(current: Int64)
    /// They reach beyond the announced size; with the number of bytes that are there.
    case tooManyBytes(current: Int64)
    /// There is no such upload any more.
    case gone
}

/// Files that arrive in pieces. What has arrived survives the end of the process. An upload of another organisation, and one
/// whose time is over, is none.
public protocol PartialUploadStore: Sendable {
    /// Begins an upload, without a byte.
    func create(_ upload: PartialUpload) async throws
    /// One upload, with what lies safely on the disk.
    func upload(_ id: PartialUploadID, organisation: OrganisationID) async throws -> PartialUpload?
    /// The uploads of an organisation that are not finished, in no order.
    func openUploads(of organisation: OrganisationID) async throws -> [PartialUpload]
    /// Adds bytes at `offset`. Of two callers with one offset, one adds its bytes and the other gets an error. They are
    /// safely on the disk when `upload` has counted them.
    ///
    /// - Returns: The number of bytes that are there now.
    /// - Throws: `PartialUploadError`, `StoreError`.
    func append(_ bytes: [UInt8], to upload: PartialUpload, at offset: Int64) async throws -> Int64
    /// Hands a whole file to the blob store, and keeps its name there; a second call gives the same name.
    ///
    /// - Throws: `PartialUploadError.gone`, `StoreError`.
    func handOver(_ upload: PartialUpload, to blobs: any BlobStore) async throws -> BlobKey
    /// Keeps that the asset was made. The upload is still there until its time is over, so that a repeated request can be
    /// answered.
    func finish(_ upload: PartialUpload) async throws
    /// Deletes an upload and gives what it was; nil where there was none.
    func delete(_ id: PartialUploadID, organisation: OrganisationID) async throws -> PartialUpload?
    /// Deletes those whose time is over, and gives the files of which no asset was made.
    func removeExpired() async throws -> [BlobKey]
}
