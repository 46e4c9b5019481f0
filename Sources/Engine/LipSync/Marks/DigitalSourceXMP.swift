/// IPTC's property for where a picture comes from (Photo Metadata Standard, “Digital Source Type”), in XMP.
package enum DigitalSourceXMP {
    private static let property = Array(":DigitalSourceType".utf8)

    /// A document with the property, and with everything else that another document says.
    ///
    /// - Parameter kept: Untrusted. What is no document in RDF is not kept.
    package static func document(_ source: DigitalSource, keeping kept: String? = nil) -> String {
        if let kept, let merged = merged(Array(kept.utf8), source) { return merged }
        return """
            <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            \(description(source, about: "\"\""))
            </rdf:RDF></x:xmpmeta>
            <?xpacket end="r"?>
            """
    }

    /// Names its namespaces itself, so that it may stand in any document.
    private static func description(_ source: DigitalSource, about: String) -> String {
        """
        <rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=\(about)
        xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
        Iptc4xmpExt:DigitalSourceType="\(source.address)"/>
        """
    }

    private static func merged(_ text: [UInt8], _ source: DigitalSource) -> String? {
        guard var text = withoutProperty(text), let end = lastClosing(Array(":RDF".utf8), in: text) else { return nil }
        // All descriptions of a document are of the same subject.
        let about = attribute(Array(":about=".utf8), in: text) ?? "\"\""
        text.insert(contentsOf: description(source, about: about).utf8 + Array("\n".utf8), at: end)
        return String(validating: text, as: UTF8.self)
    }

    /// The document without the property, which is an attribute or an element of its own; `nil` where it is neither.
    private static func withoutProperty(_ text: [UInt8]) -> [UInt8]? {
        var kept: [UInt8] = []
        kept.reserveCapacity(text.count)
        var begin = 0
        while let place = find(property, in: text, from: begin) {
            var start = place
            while start > begin, isNameByte(text[start - 1]) { start -= 1 }
            guard start > begin, let end = endOfProperty(text, start, place + property.count) else { return nil }
            let opening = text[start - 1] == UInt8(ascii: "<") ? start - 1 : start
            kept += text[begin..<opening]
            begin = end
        }
        return kept + text[begin...]
    }

    /// The end of a property whose prefixed name is `text[start..<after]`.
    private static func endOfProperty(_ text: [UInt8], _ start: Int, _ after: Int) -> Int? {
        if text[start - 1] != UInt8(ascii: "<") {
            // name = "value"
            var at = skipSpaces(text, after)
            guard at < text.count, text[at] == UInt8(ascii: "=") else { return nil }
            at = skipSpaces(text, at + 1)
            guard at < text.count, text[at] == UInt8(ascii: "\"") || text[at] == UInt8(ascii: "'") else { return nil }
            return text[(at + 1)...].firstIndex(of: text[at]).map { $0 + 1 }
        }
        guard let close = text[after...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
        if text[close - 1] == UInt8(ascii: "/") { return close + 1 }
        let closing = Array("</".utf8) + text[start..<after]
        return find(closing, in: text, from: close).flatMap { at in
            text[(at + closing.count)...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
        }
    }

    /// Where the last closing tag of a name with a prefix begins.
    private static func lastClosing(_ name: [UInt8], in text: [UInt8]) -> Int? {
        var (begin, found) = (0, Int?.none)
        while let place = find(name, in: text, from: begin) {
            var start = place
            while start > 0, isNameByte(text[start - 1]) { start -= 1 }
            if start >= 2, text[start - 2] == UInt8(ascii: "<"), text[start - 1] == UInt8(ascii: "/") {
                found = start - 2
            }
            begin = place + name.count
        }
        return found
    }

    /// The first value of an attribute, with its quotation marks.
    private static func attribute(_ name: [UInt8], in text: [UInt8]) -> String? {
        guard let place = find(name, in: text, from: 0) else { return nil }
        let start = place + name.count
        guard start < text.count, text[start] == UInt8(ascii: "\"") || text[start] == UInt8(ascii: "'"),
            let end = text[(start + 1)...].firstIndex(of: text[start])
        else { return nil }
        return String(validating: text[start...end], as: UTF8.self)
    }

    private static func find(_ name: [UInt8], in text: [UInt8], from begin: Int) -> Int? {
        var at = begin
        while at + name.count <= text.count {
            guard let next = text[at...].firstIndex(of: name[0]), next + name.count <= text.count else { return nil }
            if text[next..<next + name.count].elementsEqual(name) { return next }
            at = next + 1
        }
        return nil
    }

    private static func skipSpaces(_ text: [UInt8], _ begin: Int) -> Int {
        text[begin...].firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? text.count
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }
}
