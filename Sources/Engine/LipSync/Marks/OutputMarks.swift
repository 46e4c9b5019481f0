import Media

/// What an output says of itself beside its signed manifest: in its pixels and in its container.
public struct OutputMarks: Codable, Hashable, Sendable {
    /// The number of the watermark that drawn faces get; `nil` for none.
    public var watermark: UInt32?
    /// What people see; `nil` for nothing.
    public var label: VisibleLabel?
    /// What programs show as the file's comment; `nil` for none.
    public var comment: String?
    /// What XMP says of where the video comes from; `nil` to say nothing.
    public var digitalSource: DigitalSource?

    /// Makes marks; none unless given.
    public init(
        watermark: UInt32? = nil, label: VisibleLabel? = nil, comment: String? = nil,
        digitalSource: DigitalSource? = nil
    ) {
        self.watermark = watermark
        self.label = label
        self.comment = comment
        self.digitalSource = digitalSource
    }

    /// The comment of videos in which a machine has moved a face.
    public static let standardComment = "AI-generated: a face in this video was moved by a machine (Lipsmith)."

    /// The tags of an output: those of its source, and what the marks say.
    func tags(keeping source: FileTags) -> FileTags {
        var tags = source
        if let comment {
            let kept = source.values["comment"]
            // A source that was made here says it already.
            if kept?.contains(comment) != true {
                tags.values["comment"] = [comment, kept].compactMap { $0 }.joined(separator: "\n")
            }
        }
        if let digitalSource { tags.xmp = DigitalSourceXMP.document(digitalSource, keeping: source.xmp) }
        return tags
    }
}
