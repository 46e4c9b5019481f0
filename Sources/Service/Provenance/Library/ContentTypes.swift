import Foundation

/// The media types of files, by their first bytes, as far as such files can have manifests.
enum ContentTypes {
    /// Those of this program's outputs that can be signed.
    static let signable: Set<String> = [
        "video/mp4", "audio/mp4", "audio/wav", "audio/mpeg", "audio/flac", "image/jpeg", "image/png", "image/webp",
    ]

    /// The media type of a file; `nil` for one that can have no manifest.
    static func sniffed(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path), let head = try? file.read(upToCount: 16) else {
            return nil
        }
        return sniffed(Array(head))
    }

    /// Likewise by the first 16 bytes.
    static func sniffed(_ head: [UInt8]) -> String? {
        func stands(_ text: String, at offset: Int) -> Bool { head.dropFirst(offset).starts(with: text.utf8) }
        if stands("ftyp", at: 4) {
            let brand = String(decoding: head.dropFirst(8).prefix(4), as: UTF8.self)
            return brands[brand] ?? "video/mp4"
        }
        if stands("RIFF", at: 0) {
            if stands("WAVE", at: 8) { return "audio/wav" }
            if stands("AVI ", at: 8) { return "video/x-msvideo" }
            return stands("WEBP", at: 8) ? "image/webp" : nil
        }
        if head.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
        if stands("GIF8", at: 0) { return "image/gif" }
        if stands("fLaC", at: 0) { return "audio/flac" }
        if head.starts(with: [0x49, 0x49, 0x2A, 0]) || head.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
            return "image/tiff"
        }
        // A tag, or a frame of layer III.
        if stands("ID3", at: 0) || (head.first == 0xFF && head.dropFirst().first.map { $0 & 0xE6 == 0xE2 } == true) {
            return "audio/mpeg"
        }
        return nil
    }

    /// Brands of ISO files that are no MP4 videos.
    private static let brands = [
        "qt  ": "video/quicktime", "M4A ": "audio/mp4", "M4V ": "video/x-m4v", "avif": "image/avif",
        "heic": "image/heic", "heix": "image/heic", "mif1": "image/heif",
    ]
}
