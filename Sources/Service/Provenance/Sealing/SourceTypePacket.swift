import Foundation

/// IPTC's word for where a video comes from, as XMP in a box of its own at the file's end, for programs that read no manifests.
public enum SourceTypePacket {
    /// The identifier of boxes with XMP (XMP specification, part 3, section 1.1.3).
    private static let identifier: [UInt8] = [
        0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC,
    ]

    /// Appends the box to an MP4 file of this program's, whose last box says where it ends.
    ///
    /// - Throws: `CredentialError` where the file cannot be written to.
    public static func append(_ source: ManifestDraft.DigitalSource, to path: String) throws(CredentialError) {
        let packet = Array(text(source).utf8)
        let count = UInt32(8 + identifier.count + packet.count)
        let box =
            (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) } + Array("uuid".utf8) + identifier + packet
        // Whoever wrote the file may have left a link to another one in its place.
        let descriptor = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, write(descriptor, box, box.count) == box.count else {
            throw CredentialError(
                .signingFailed, message: "The output cannot be signed.", suggestion: "Report it with the log.",
                detail: "\(path): \(String(cString: strerror(errno)))")
        }
    }

    private static func text(_ source: ManifestDraft.DigitalSource) -> String {
        """
        <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
        Iptc4xmpExt:DigitalSourceType="\(source.address)"/>
        </rdf:RDF></x:xmpmeta>
        <?xpacket end="r"?>
        """
    }
}

extension ManifestDraft {
    /// Prepares a finished file for being sealed: a video says in XMP, too, what it is.
    ///
    /// - Throws: `CredentialError` where the file cannot be written to.
    public func prepare(_ path: String) throws(CredentialError) {
        guard contentType == "video/mp4" else { return }
        switch making {
        case .edited(let source), .created(let source): try SourceTypePacket.append(source, to: path)
        }
    }
}
