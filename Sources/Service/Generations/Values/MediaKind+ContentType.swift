extension Asset {
    /// The media type of its file.
    public var contentType: String { kind.contentType(ofFormat: format) }
}

extension MediaKind {
    /// The media type of a file of this kind, by the short name of its container, which is also how a name ends.
    public func contentType(ofFormat format: String?) -> String {
        switch (format?.lowercased() ?? "", self) {
        case ("mp4", .audio), ("m4a", _): "audio/mp4"
        case ("mp4", _): "video/mp4"
        case ("mov", _): "video/quicktime"
        case ("webm", .audio): "audio/webm"
        case ("webm", _): "video/webm"
        case ("matroska", _), ("mkv", _): "video/x-matroska"
        case ("avi", _): "video/x-msvideo"
        case ("wav", _): "audio/wav"
        case ("mp3", _): "audio/mpeg"
        case ("flac", _): "audio/flac"
        case ("ogg", _): "audio/ogg"
        case ("aac", _): "audio/aac"
        case ("png", _): "image/png"
        case ("jpeg", _), ("jpg", _): "image/jpeg"
        case ("webp", _): "image/webp"
        case ("avif", _): "image/avif"
        case ("gif", _): "image/gif"
        default: "application/octet-stream"
        }
    }
}
