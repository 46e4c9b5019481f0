public import Generations

/// What the sections on media stand on.
public struct LipsmithMedia: Sendable {
    /// Files that arrive in pieces.
    public var uploads: any PartialUploadStore
    /// Looks for faces and measures sounds.
    public var checker: any MediaChecker
    /// Says where media come from; `nil` where nobody can.
    public var verifier: (any MediaVerifier)?
    /// The largest announced upload, in bytes.
    public var uploadByteLimit: Int64 = 5 << 30
    /// How large and how long media may be.
    public var limits = MediaLimits()

    public init(uploads: any PartialUploadStore, checker: any MediaChecker) {
        self.uploads = uploads
        self.checker = checker
    }
}
