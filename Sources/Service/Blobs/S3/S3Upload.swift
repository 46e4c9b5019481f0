/// A part of an upload that has arrived.
struct S3Part: Sendable {
    let number: Int
    let tag: String
    /// SHA-256 in base64; nil for a part that S3 has copied.
    let checksum: String?
}

/// An upload that is not finished.
struct S3Upload: Sendable {
    let key: String
    let id: String
    /// How long ago it was begun by the service's own clock, in seconds.
    var ageSeconds: Int64 = 0
}
