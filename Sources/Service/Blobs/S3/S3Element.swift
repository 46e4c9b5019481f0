import Foundation
import FoundationXML

/// An element of S3's answers, which have neither attributes that matter nor text beside elements.
struct S3Element {
    let name: String
    private(set) var text = ""
    private(set) var children: [S3Element] = []

    /// The text of the first child of this name; nil without one.
    subscript(name: String) -> String? { children.first { $0.name == name }?.text }

    /// Reads a document; nil where it is none.
    init?(parsing bytes: [UInt8]) {
        let reader = Reader()
        let parser = XMLParser(data: Data(bytes))
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        guard parser.parse(), let root = reader.root else { return nil }
        self = root
    }

    private init(name: String) { self.name = name }

    private final class Reader: NSObject, XMLParserDelegate {
        private(set) var root: S3Element?
        private var open: [S3Element] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) { open.append(S3Element(name: name)) }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            if !open.isEmpty { open[open.count - 1].text += string }
        }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) {
            guard let done = open.popLast() else { return }
            if open.isEmpty { root = done } else { open[open.count - 1].children.append(done) }
        }
    }
}
