/// What is known about a medium before it is worked with.
public struct MediaFacts: Hashable, Sendable {
    /// Video, image or audio, as its content says.
    public var kind: MediaKind
    /// The container's short name, for example `mp4`.
    public var format: String
    /// Size of the file in bytes.
    public var byteCount: Int64
    /// Length in seconds; nil for a picture.
    public var durationSeconds: Double?
    /// Picture width in pixels, as it is shown.
    public var width: Int?
    /// Picture height in pixels, as it is shown.
    public var height: Int?
    /// Pictures a second; nil without moving pictures.
    public var framesPerSecond: Double?
    /// Whether there is a sound track.
    public var hasSound: Bool
    /// A small picture of a stored video, if one was made.
    public var thumbnail: BlobKey?

    public init(
        kind: MediaKind, format: String, byteCount: Int64, durationSeconds: Double? = nil, width: Int? = nil,
        height: Int? = nil, framesPerSecond: Double? = nil, hasSound: Bool = false, thumbnail: BlobKey? = nil
    ) {
        self.thumbnail = thumbnail
        self.kind = kind
        self.format = format
        self.byteCount = byteCount
        self.durationSeconds = durationSeconds
        self.width = width
        self.height = height
        self.framesPerSecond = framesPerSecond
        self.hasSound = hasSound
    }
}

extension Asset {
    /// Takes over what an inspection found.
    public mutating func take(_ media: MediaFacts) {
        format = media.format
        byteCount = media.byteCount
        durationSeconds = media.durationSeconds
        width = media.width
        height = media.height
        thumbnailBlob = media.thumbnail
    }
}

/// Looks at media on behalf of an interface, before there is a job. Every call ends within its own short limit, and
/// nothing that it reads can harm the caller's process.
public protocol MediaInspector: Sendable {
    /// Refuses an input that cannot be had: an address that cannot be reached, must not be called or answers with an
    /// error, or an asset without content. An address that is only slow is for the job to wait for.
    ///
    /// - Parameter field: The input's place in the request.
    /// - Throws: `GenerationError` with the code for the input's kind, such as `videoInaccessible`.
    func checkAccess(to input: MediaInput, field: RequestField, organisation: OrganisationID) async throws
    /// What a medium is, from its content.
    ///
    /// - Throws: `GenerationError`: inaccessible, invalid, or that the inspection took too long.
    func facts(of input: MediaInput, field: RequestField, organisation: OrganisationID) async throws -> MediaFacts
    /// What a stored file is, from its content. Of a video a small picture is stored as well.
    ///
    /// - Throws: `GenerationError` where it is no medium of `kind`.
    func facts(of blob: BlobKey, as kind: MediaKind, field: RequestField) async throws -> MediaFacts
}

extension MediaInspector {
    /// What a stored file is, whatever it was called; nil for one that is no medium.
    public func facts(of blob: BlobKey, field: RequestField) async throws -> MediaFacts? {
        for kind in [MediaKind.video, .image, .audio] {
            do {
                var facts = try await facts(of: blob, as: kind, field: field)
                facts.kind = kind
                return facts
            } catch let error as GenerationError where error.code == .videoUnusable || error.code == .audioUnusable {
                // It is another kind, or none.
            }
        }
        return nil
    }
}
