import Foundation
import LipSync
import TestSupport
import Testing

struct EngineCodeTests {
    /// Goal: no part of the engine has a code that the list of all codes lacks. Method: every code in the sources.
    @Test func complete() throws {
        let pattern = /Code\(rawValue: "([a-z_]+)"\)/
        var found: Set<String> = []
        for module in ["Face", "Inference", "LipSync", "Media", "Rendering", "Speech"] {
            let folder = Repository.root + "/Sources/" + module
            for path in try FileManager.default.subpathsOfDirectory(atPath: folder) where path.hasSuffix(".swift") {
                let text = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
                for match in text.matches(of: pattern) { found.insert(String(match.1)) }
            }
        }
        #expect(found.count > 15)
        let known = Set(EngineCode.allCases.map(\.rawValue))
        #expect(found.subtracting(known) == [], "EngineCode lacks codes, so that a server cannot tell what they mean")
        #expect(known.subtracting(found) == [], "nothing says these any more")
    }
}
