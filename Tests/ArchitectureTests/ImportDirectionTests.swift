import TestSupport
import Testing

@Suite("Imports point downwards")
struct ImportDirectionTests {
    private static func lines() throws -> [ImportLine] {
        try Repository.swiftFiles(under: "Sources").flatMap {
            ImportRules.imports(in: try Repository.text($0), file: $0)
        }
    }

    @Test("Every import under Sources is one that the floors allow")
    func importsAreAllowed() throws {
        let lines = try Self.lines()
        #expect(lines.count > 50)
        #expect(ImportRules.violations(lines) == [])
    }

    // The table must not outlive what it names, and nothing may stand outside it.
    @Test("The table names every Swift target under Sources and nothing else")
    func tableIsComplete() throws {
        let files = Repository.swiftFiles(under: "Sources").map { $0.split(separator: "/").map(String.init) }
        let targets = Set(files.map { $0[2] })
        #expect(targets == Set(ImportRules.allowed.keys))
    }

    @Test("The manifest's dependencies are those of the table")
    func manifestAgrees() throws {
        let manifest = try Manifest.current()
        for (name, allowed) in ImportRules.allowed {
            let target = try #require(manifest.targets[name])
            #expect(Set(target.dependencies) == allowed, "\(name)")
        }
    }

    // What a target imports without saying so may or may not be built before it.
    @Test("Tests, their helpers and tools import what the manifest says")
    func othersAgree() throws {
        let targets = try Manifest.current().targets
        let others = targets.filter { !$0.value.path.hasPrefix("Sources/") }
        #expect(others.count > 25)
        for (name, target) in others {
            for file in Repository.swiftFiles(under: target.path) {
                for line in ImportRules.imports(in: try Repository.text(file), file: file)
                where targets[line.module] != nil {
                    #expect(target.dependencies.contains(line.module), "\(name): \(file) imports \(line.module)")
                }
            }
        }
    }

    @Test("Every target stands in a floor's folder of its name and depends on nothing that stands above it")
    func floorsPointDown() throws {
        let targets = try Manifest.current().targets
        let product = targets.filter { $0.value.path.hasPrefix("Sources/") }
        #expect(product.count > 25)
        for (name, target) in product {
            let floor = try #require(target.floor.flatMap { ImportRules.floors.firstIndex(of: $0) }, "\(name)")
            #expect(target.path.hasSuffix("/" + name))
            for dependency in target.dependencies {
                let lower = try #require(targets[dependency]?.floor.flatMap { ImportRules.floors.firstIndex(of: $0) })
                #expect(lower <= floor, "\(name) depends on \(dependency)")
            }
        }
        for (name, target) in targets where target.kind == "test" {
            guard name.hasSuffix("Tests"), let tested = targets[String(name.dropLast(5))] else { continue }
            #expect(target.path == tested.path.replacing("Sources/", with: "Tests/") + "Tests")
        }
    }

    // Training and test targets may use the engine; the engine may not use them.
    @Test("No target of the engine depends on a tool or on tests")
    func engineStandsAlone() throws {
        let manifest = try Manifest.current()
        for name in ImportRules.allowed.keys {
            for dependency in try #require(manifest.targets[name]).dependencies {
                #expect(ImportRules.allowed[dependency] != nil || dependency.hasPrefix("C"), "\(name): \(dependency)")
            }
        }
    }

    // A canary: the check itself must be able to fail.
    @Test(
        "A wrong import would be found",
        arguments: [
            ("Sources/Engine/Media/Canary.swift", "import Face"),
            ("Sources/Engine/Inference/Canary.swift", "import Media"),
            ("Sources/Engine/Face/Canary.swift", "internal import Speech"),
            ("Sources/Engine/Face/Canary.swift", "    import CLibAV"),
            ("Sources/Engine/Speech/Canary.swift", "@preconcurrency import Rendering"),
            ("Sources/Engine/Rendering/Canary.swift", "import struct LipSync.Timeline"),
            ("Sources/Engine/LipSync/Canary.swift", "import CKernels"),
            ("Sources/Program/lipsmith/Canary.swift", "import Media"),
            ("Sources/Service/Worker/Canary.swift", "import Persistence"),
            ("Sources/Engine/LipSync/Canary.swift", "import HTTP"),
            ("Sources/Engine/Media/Canary.swift", "public import CLibAV"),
            ("Sources/Engine/Media/Canary.swift", "@_exported import CLibAV"),
            ("Sources/Engine/LipSync/Canary.swift", "import FoundationNetworking"),
            ("Sources/Service/Elsewhere/Canary.swift", "import Media"),
        ])
    func canary(file: String, text: String) {
        let lines = ImportRules.imports(in: "// a comment\n\(text)\n\nlet x = 1\n", file: file)
        #expect(lines.count == 1)
        #expect(ImportRules.violations(lines).count == 1)
    }

    @Test("A right import is let through")
    func rightImport() {
        let lines = ImportRules.imports(in: "import Foundation\nimport Media\n", file: "Sources/Engine/Face/X.swift")
        #expect(lines.map(\.module) == ["Foundation", "Media"])
        #expect(ImportRules.violations(lines) == [])
    }

    @Test("No file of the sources or of the tests is longer than 400 lines")
    func filesAreShort() throws {
        for folder in ["Sources", "Tests", "Training"] {
            for file in Repository.swiftFiles(under: folder) {
                let count = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false).count - 1
                #expect(count <= 400, "\(file) has \(count) lines")
            }
        }
    }
}
