/// The box of an MP4 file that holds a document in XMP.
enum XMPBox {
    /// The identifier of such boxes (XMP specification, part 3, section 1.2.7.1).
    private static let identifier: [UInt8] = [
        0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC,
    ]

    /// The box of a document of less than 4 GiB. At the end of a file it moves nothing that other boxes refer to.
    static func bytes(_ document: String) -> [UInt8] {
        let text = Array(document.utf8)
        let count = UInt32(8 + identifier.count + text.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) } + Array("uuid".utf8) + identifier
            + text
    }
}
