import Glibc

/// Size, EXIF orientation and XMP of a JPEG, PNG or WebP file, read from its header alone.
///
/// It is read before any decoder sees the file, so that a picture of absurd size is refused without decoding it; and
/// FFmpeg 5.1 does not report the orientation of all three formats.
package struct StillImageHeader: Equatable, Sendable {
    /// The stored width in pixels, before any rotation.
    package var width = 0
    /// The stored height in pixels, before any rotation.
    package var height = 0
    /// EXIF's orientation, 1…8; 1 (upright) where the file does not state one.
    package var orientation = 1
    /// The document in XMP; `nil` for none, and for one that is no text or too long.
    package var xmp: String?

    /// The most chunks of a header that are read; bounds the time for hostile files. Ordinary ones have a few dozen.
    private static let mostParts = 4096

    /// Reads a header through `read(offset, count)`, which returns fewer bytes at the end of the file; `nil` if it is
    /// of none of the three formats or states no size.
    package init?(read: (_ offset: Int, _ count: Int) -> [UInt8]) {
        let start = read(0, 12)
        if start.starts(with: [0xFF, 0xD8, 0xFF]) {
            readJPEG(read)
        } else if start.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            readPNG(read)
        } else if start.count == 12, start[0..<4].elementsEqual("RIFF".utf8), start[8..<12].elementsEqual("WEBP".utf8) {
            readWebP(read)
        } else {
            return nil
        }
        if width <= 0 || height <= 0 { return nil }
    }

    /// Reads the header of the file at `path`; `nil` if it is of none of the three formats, or unreadable.
    package init?(path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        self.init { offset, count in
            var bytes = [UInt8](repeating: 0, count: count)
            let got = pread(descriptor, &bytes, count, off_t(offset))
            return Array(bytes.prefix(max(got, 0)))
        }
    }

    private mutating func readJPEG(_ read: (Int, Int) -> [UInt8]) {
        var offset = 2
        for _ in 0..<Self.mostParts {
            let head = read(offset, 10)
            guard head.count >= 4, head[0] == 0xFF else { return }
            let marker = head[1]
            if marker == 0xFF {  // a fill byte before the marker
                offset += 1
                continue
            }
            let length = Self.bigEndian(head, 2, 2)
            switch marker {
            case 0xC0...0xCF where marker != 0xC4 && marker != 0xC8 && marker != 0xCC:
                guard head.count >= 9 else { return }
                height = Self.bigEndian(head, 5, 2)
                width = Self.bigEndian(head, 7, 2)
                return
            case 0xE1 where length >= 8:
                let body = read(offset + 4, min(length - 2, 65_536))
                if body.starts(with: Array("Exif\0\0".utf8)) { readExif(Array(body.dropFirst(6))) }
                // XMP specification, part 3, section 1.1.3. Longer documents have further parts, which are left out.
                let name = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
                if body.starts(with: name) { readXMP(body.dropFirst(name.count)) }
            case 0xD9, 0xDA: return
            default: break
            }
            offset += 2 + max(length, 2)
        }
    }

    private mutating func readPNG(_ read: (Int, Int) -> [UInt8]) {
        var offset = 8
        for _ in 0..<Self.mostParts {
            let head = read(offset, 16)
            guard head.count >= 8 else { return }
            let length = Self.bigEndian(head, 0, 4)
            let type = String(decoding: head[4..<8], as: UTF8.self)
            if type == "IHDR", head.count == 16 {
                width = Self.bigEndian(head, 8, 4)
                height = Self.bigEndian(head, 12, 4)
            } else if type == "eXIf" {
                readExif(read(offset + 8, min(length, 65_536)))
            } else if type == "iTXt", length <= FileTags.mostDocumentBytes {
                // Keyword, no compression, no language, no translation (XMP specification, part 3, section 1.1.5).
                let name = Array("XML:com.adobe.xmp\0\0\0\0\0".utf8)
                let start = read(offset + 8, min(length, name.count))
                if start == name { readXMP(read(offset + 8 + name.count, length - name.count)[...]) }
            } else if type == "IEND" {
                return
            }
            offset += 12 + length
        }
    }

    private mutating func readWebP(_ read: (Int, Int) -> [UInt8]) {
        var offset = 12
        for _ in 0..<Self.mostParts {
            let head = read(offset, 18)
            guard head.count >= 8 else { return }
            let length = Self.littleEndian(head, 4, 4)
            let body = Array(head.dropFirst(8))
            switch String(decoding: head[0..<4], as: UTF8.self) {
            case "VP8X" where body.count >= 10:
                width = Self.littleEndian(body, 4, 3) + 1
                height = Self.littleEndian(body, 7, 3) + 1
            case "VP8 " where body.count >= 10 && width == 0:
                width = Self.littleEndian(body, 6, 2) & 0x3FFF
                height = Self.littleEndian(body, 8, 2) & 0x3FFF
            case "VP8L" where body.count >= 5 && width == 0:
                let bits = Self.littleEndian(body, 1, 4)
                width = (bits & 0x3FFF) + 1
                height = (bits >> 14 & 0x3FFF) + 1
            case "EXIF":
                var exif = read(offset + 8, min(length, 65_536))
                if exif.starts(with: Array("Exif\0\0".utf8)) { exif.removeFirst(6) }
                readExif(exif)
            case "XMP " where length <= FileTags.mostDocumentBytes: readXMP(read(offset + 8, length)[...])
            default: break
            }
            offset += 8 + length + length % 2
        }
    }

    private mutating func readXMP(_ bytes: ArraySlice<UInt8>) {
        guard xmp == nil else { return }
        xmp = String(validating: bytes, as: UTF8.self)
    }

    /// Reads the orientation tag from the first directory of a TIFF structure.
    private mutating func readExif(_ bytes: [UInt8]) {
        guard bytes.count >= 8 else { return }
        let isLittle = bytes[0] == 0x49
        let number: (Int, Int) -> Int = { offset, count in
            guard offset >= 0, offset + count <= bytes.count else { return 0 }
            return isLittle ? Self.littleEndian(bytes, offset, count) : Self.bigEndian(bytes, offset, count)
        }
        let directory = number(4, 4)
        for entry in 0..<min(number(directory, 2), 512) {
            let offset = directory + 2 + entry * 12
            guard number(offset, 2) == 0x0112 else { continue }
            let value = number(offset + 8, 2)
            if (1...8).contains(value) { orientation = value }
            return
        }
    }

    private static func bigEndian(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func littleEndian(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
