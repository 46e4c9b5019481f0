import Foundation
import LipSync
import Server
import TestSupport
import Testing
import Worker

/// Goal: what documents and help texts name can be set, what the program reads is documented, and what the engine reads
/// reaches the confined children in which it runs.
@Suite("Documented names")
struct DocumentedNamesTests {
    /// Variables that only tests read.
    private static let testVariables: Set<String> = ["LIPSMITH_LONG_KILL_TEST", "LIPSMITH_PROGRAM"]
    private static let variables = Set(Setting.all.map(\.variable) + ServerConfiguration.commonVariables)

    private static func documents() throws -> [(path: String, text: String)] {
        let names = try FileManager.default.contentsOfDirectory(atPath: Repository.root + "/docs")
            .filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
        let help = try Repository.swiftFiles(ofTarget: "lipsmith").filter { $0.contains("Help") }
        return try (["README.md", "CONTRIBUTING.md"] + names + help).map { ($0, try Repository.text($0)) }
    }

    private static func variables(in text: String) -> Set<String> {
        Set(text.matches(of: /LIPSMITH_[A-Z][A-Z_]*[A-Z]/).map { String($0.output) })
    }

    @Test("every variable that a document or help text names is a setting or counts for every command")
    func documentedVariables() throws {
        var count = 0
        for (path, text) in try Self.documents() {
            let named = Self.variables(in: text)
            count += named.count
            let unknown = named.subtracting(Self.variables).subtracting(Self.testVariables)
            #expect(unknown.isEmpty, "\(path) names \(unknown.sorted())")
        }
        #expect(count > 40)
    }

    @Test("every code with which the command line names a failure of the engine is documented")
    func failureCodes() throws {
        let table = try Repository.text(ofFile: "CommandFailure.swift", target: "lipsmith")
        let document = try Repository.text("docs/command-line.md")
        let names = table.matches(of: /case \.\w+: "([a-z_]+)"/).map { String($0.output.1) }
        #expect(names.count == EngineCode.allCases.count)
        for name in names { #expect(document.contains("`\(name)`"), "\(name)") }
    }

    @Test("every variable that the program reads is documented in configuration.md")
    func readVariables() throws {
        let document = Self.variables(in: try Repository.text("docs/configuration.md"))
        #expect(Self.variables.subtracting(document).isEmpty)
        for path in Repository.swiftFiles(under: "Sources") {
            let read = try Repository.text(path).matches(of: /"(LIPSMITH_[A-Z_]+)"/).map { String($0.output.1) }
            #expect(Set(read).isSubset(of: document), "\(path) reads \(read)")
        }
    }

    @Test("every variable that the engine reads is inherited by the children in which it runs")
    func inheritedVariables() throws {
        var read: Set<String> = []
        for target in ["Face", "Inference", "LipSync", "Media", "Rendering", "Sandbox", "Speech", "Synthesis"] {
            for path in try Repository.swiftFiles(ofTarget: target) {
                read.formUnion(Self.variables(in: try Repository.text(path)))
            }
        }
        read.formUnion(Self.variables(in: try Repository.text(ofFile: "ConfinedCommands.swift", target: "lipsmith")))
        #expect(read.contains("LIPSMITH_RUNTIME"))
        #expect(read.contains("LIPSMITH_CACHE"))
        #expect(read.subtracting(WorkerConfiguration.inheritedVariables).isEmpty)
        // A child knows nothing that is secret, and no setting but by its arguments.
        #expect(Set(WorkerConfiguration.inheritedVariables).isDisjoint(with: Setting.all.map(\.variable)))
    }

    @Test("every option that a document or help text names is taken by a command")
    func options() throws {
        var taken = Set(Setting.all.map(\.flag)).union(["--help", "--version"])
        for path in try Repository.swiftFiles(ofTarget: "lipsmith") {
            let calls = try Repository.text(path).matches(of: /take[A-Z][A-Za-z]*(?:<[^>]*>)?\(([^()]*)/)
            for call in calls {
                taken.formUnion(call.output.1.matches(of: /"(--[a-z-]+)"/).map { String($0.output.1) })
            }
        }
        for (path, text) in try Self.documents() {
            // Code that calls this program: `lipsmith sync --video …`, or the option alone.
            for code in text.matches(of: /`(?:[^`\n]*lipsmith )?(?:[a-z]+ )?(--[^`\n]*)`/) {
                let named = code.output.1.matches(of: /(?:^| )(--[a-z][a-z-]+)/).map { String($0.output.1) }
                let unknown = Set(named).subtracting(taken)
                if path == "docs/benchmarks.md" || path == "CONTRIBUTING.md" || path.contains("network") { continue }
                #expect(unknown.isEmpty, "\(path) names \(unknown.sorted())")
            }
        }
    }

    @Test("every suite and file that security.md names as the test of a promise exists")
    func suites() throws {
        let page = try Repository.text("docs/security.md")
        let sources = try Repository.swiftFiles(under: "Tests").map { ($0, try Repository.text($0)) }
        let suites = Set(
            sources.flatMap { $0.1.matches(of: /@Suite\("([^"]+)"/).map { String($0.output.1) } })
        let named = page.matches(of: /"([A-Z][^"\n]+)"/).map { String($0.output.1) }
        #expect(named.count > 20)
        let unknown = Set(named).subtracting(suites).subtracting(["Report a vulnerability"])
        #expect(unknown.isEmpty, "\(unknown.sorted())")
        for match in page.matches(of: /`([A-Za-z]+Tests)`/) {
            let name = String(match.output.1)
            #expect(sources.contains { $0.0.contains("/\(name)/") || $0.0.hasSuffix("/\(name).swift") }, "\(name)")
        }
        let clients = FileManager.default.subpaths(atPath: Repository.root + "/Tests/Clients") ?? []
        for match in page.matches(of: /`(test_[a-z_]+\.py)`/) {
            let name = String(match.output.1)
            #expect(clients.contains { $0.hasSuffix("/" + name) }, "\(name)")
        }
    }

    @Test("every setting that the pages of the interfaces name exists")
    func settingsOfInterfaces() throws {
        let names = Set(Setting.all.map(\.name))
        let rows = try Repository.text("docs/sync-api.md").split(separator: "\n").filter { $0.hasPrefix("|") }
        let cells = rows.compactMap { $0.firstMatch(of: /\| `([a-z-]+)` \|$/).map { String($0.output.1) } }
        #expect(cells.count > 5, "\(cells)")
        #expect(Set(cells).isSubset(of: names), "\(cells)")
    }
}
