import CLibAV

extension FileTags {
    /// What is said of the form of a file, not of what it shows, does not hold for another file; a time code would become a
    /// stream.
    private static let namesOfForm: Set<String> = [
        "major_brand", "minor_version", "compatible_brands", "encoder", "timecode",
    ]

    /// The tags of an opened file. What is no text or too long is left out.
    init(_ file: InputFile) {
        self.init()
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while let next = av_dict_get(file.context.pointee.metadata, "", entry, AV_DICT_IGNORE_SUFFIX) {
            entry = next
            guard let name = next.pointee.key, let value = next.pointee.value,
                let name = String(validatingCString: name), let value = String(validatingCString: value)
            else { continue }
            if name == "xmp" {
                xmp = value.utf8.count <= Self.mostDocumentBytes ? value : nil
            } else if !Self.namesOfForm.contains(name), values.count < Self.mostValues,
                value.utf8.count <= Self.mostValueBytes
            {
                values[name] = value
            }
        }
        if let header = file.stillHeader { xmp = header.xmp }
    }

    /// The tags of a picture file; none where it cannot be read.
    public init(ofPicture path: String) { self.init(xmp: StillImageHeader(path: path)?.xmp) }
}
