import Foundation
import TestSupport
import Testing

/// Goal: the page that shows newcomers around, and the table of targets, are true.
@Suite("The map of the house")
struct ArchitecturePageTests {
    @Test("every file and folder that the page names exists")
    func places() throws {
        let page = try Repository.text("docs/architecture.md")
        let paths = page.matches(of: /`((?:Sources|Tests)\/[^` ]+)`/).map { String($0.output.1) }
        #expect(paths.count > 40)
        for path in paths {
            #expect(FileManager.default.fileExists(atPath: Repository.root + "/" + path), "\(path)")
        }
    }

    @Test("the drawing is that of the manifest")
    func drawing() throws {
        let page = try Repository.text("docs/architecture.md")
        for (name, target) in try Manifest.current().targets where target.floor != nil && target.floor != "Shims" {
            // A target without imports stands alone in its line; a long line goes on under its first word.
            let start = try #require(page.range(of: "\n  \(name)(?= |\n)", options: .regularExpression), "\(name)")
            let entry = page[start.upperBound...].components(separatedBy: "\n").enumerated().prefix {
                $0.offset == 0 || $0.element.hasPrefix("       ")
            }.map(\.element).joined(separator: " ")
            let shown = Set(entry.split { !$0.isLetter && !$0.isNumber }.map(String.init))
            #expect(shown == Set(target.dependencies), "run scripts/architecture-map: \(name)")
        }
    }

    @Test("CONTRIBUTING gives every target of the product its responsibility")
    func responsibilities() throws {
        let rows = try Repository.text("CONTRIBUTING.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        let listed = Set(rows.flatMap { $0.matches(of: /`([A-Za-z0-9]+)`/).map { String($0.output.1) } })
        for (name, target) in try Manifest.current().targets where target.floor != nil {
            #expect(listed.contains(name), "\(name)")
        }
    }
}
