import Foundation
import Server
import TestSupport
import Testing

@Suite("The catalogue of errors")
struct ErrorCatalogueTests {
    @Test("The documented table is that of the program")
    func documented() throws {
        let page = try String(contentsOfFile: Repository.root + "/docs/errors.md", encoding: .utf8)
        #expect(page.contains(ErrorCatalogue.markdownTable), "the table should be\n\(ErrorCatalogue.markdownTable)")
    }
}
