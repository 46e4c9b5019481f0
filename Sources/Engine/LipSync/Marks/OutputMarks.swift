/// What an output says of itself beside its signed manifest: in its pixels and in its container.
public struct OutputMarks: Codable, Hashable, Sendable {
    /// The number of the watermark that drawn faces get; `nil` for none.
    public var watermark: UInt32?
    /// What people see; `nil` for nothing.
    public var label: VisibleLabel?
    /// What programs show as the file's comment; `nil` for none.
    public var comment: String?

    /// Makes marks; none unless given.
    public init(watermark: UInt32? = nil, label: VisibleLabel? = nil, comment: String? = nil) {
        self.watermark = watermark
        self.label = label
        self.comment = comment
    }

    /// The comment of videos in which a machine has moved a face.
    public static let standardComment = "AI-generated: a face in this video was moved by a machine (Lipsmith)."
}
