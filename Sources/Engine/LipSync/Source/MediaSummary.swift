import Foundation
import Media

/// What a file is, by its content, in the few words that a service keeps.
public struct MediaSummary: Codable, Hashable, Sendable {
    /// What a file can be.
    public enum Kind: String, Codable, Sendable {
        /// Moving pictures, with or without sound.
        case video
        /// One picture.
        case image
        /// Sound alone.
        case audio
    }

    /// What the file is.
    public var kind: Kind
    /// The container's short name, such as `mp4`, `mov`, `webm`, `wav` or `png`.
    public var format: String
    /// The file's size.
    public var byteCount: Int64
    /// Length in seconds; nil for a picture.
    public var durationSeconds: Double?
    /// Length of the sound in seconds; nil without sound.
    public var soundSeconds: Double?
    /// Picture width in pixels, as it is shown.
    public var width: Int?
    /// Picture height in pixels, as it is shown.
    public var height: Int?
    /// Pictures a second; nil without moving pictures.
    public var framesPerSecond: Double?
    /// Whether there is a sound track.
    public var hasSound: Bool

    /// Looks into a file.
    /// - Throws: `RenderFailure` with the code of `MediaProbe.inspect`.
    public init(path: String) throws {
        let info: MediaInfo
        do { info = try MediaProbe.inspect(path) } catch { throw RenderFailure(error) }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        byteCount = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
        format = Self.format(of: info.container, path: path)
        hasSound = info.audio != nil
        soundSeconds = info.audio?.durationSeconds
        if let video = info.video {
            kind = info.isStillImage ? .image : .video
            let isTurned = video.rotationDegrees % 180 != 0
            width = isTurned ? video.codedHeight : video.codedWidth
            height = isTurned ? video.codedWidth : video.codedHeight
            framesPerSecond = info.isStillImage ? nil : video.frameRate.value
            durationSeconds = info.isStillImage ? nil : video.durationSeconds
        } else {
            kind = .audio
            durationSeconds = info.audio?.durationSeconds
        }
    }

    /// Makes a summary of facts that are known.
    public init(
        kind: Kind, format: String, byteCount: Int64, durationSeconds: Double? = nil, soundSeconds: Double? = nil,
        width: Int? = nil, height: Int? = nil, framesPerSecond: Double? = nil, hasSound: Bool = false
    ) {
        self.kind = kind
        self.format = format
        self.byteCount = byteCount
        self.durationSeconds = durationSeconds
        self.soundSeconds = soundSeconds
        self.width = width
        self.height = height
        self.framesPerSecond = framesPerSecond
        self.hasSound = hasSound
    }

    // FFmpeg names families of containers; the file's first bytes tell which of the family it is.
    private static func format(of container: String, path: String) -> String {
        let names = container.split(separator: ",").map(String.init)
        if names.contains("mp4") {
            switch String(decoding: head(of: path, 12).suffix(4), as: UTF8.self) {
            case "qt  ": return "mov"
            case "M4A ", "M4B ": return "m4a"
            case "avif": return "avif"
            default: return "mp4"
            }
        }
        if names.contains("matroska") {
            return String(decoding: head(of: path, 128), as: UTF8.self).contains("webm") ? "webm" : "mkv"
        }
        guard let first = names.first else { return "unknown" }
        return first.hasSuffix("_pipe") ? String(first.dropLast(5)) : first
    }

    private static func head(of path: String, _ count: Int) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? file.close() }
        return Array((try? file.read(upToCount: count)) ?? Data())
    }
}
