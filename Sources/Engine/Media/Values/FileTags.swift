/// What a file says of itself in words: title, author, rights and the like.
public struct FileTags: Codable, Hashable, Sendable {
    /// Values by FFmpeg's names, such as `title`, `artist`, `copyright`, `comment`.
    public var values: [String: String]
    /// A document in XMP (ISO 16684-1); `nil` for none.
    public var xmp: String?

    public init(values: [String: String] = [:], xmp: String? = nil) {
        self.values = values
        self.xmp = xmp
    }

    /// The longest value and the longest document that are kept, in bytes: a book's worth of text.
    static let mostValueBytes = 65_536
    static let mostDocumentBytes = 1 << 20
    /// The most values: files have a dozen.
    static let mostValues = 256
}
