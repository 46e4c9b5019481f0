/// The media types of what is published, by the names of its files.
enum OutputContentType {
    static func of(_ name: String) -> String {
        switch name.split(separator: ".").last {
        case "mp4": "video/mp4"
        case "wav": "audio/wav"
        case "mp3": "audio/mpeg"
        case "flac": "audio/flac"
        case "m4a": "audio/mp4"
        case "jpg", "jpeg": "image/jpeg"
        case "png": "image/png"
        default: "application/octet-stream"
        }
    }
}
