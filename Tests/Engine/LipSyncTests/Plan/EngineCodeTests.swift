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
            for path in try Repository.swiftFiles(ofTarget: module) {
                for match in try Repository.text(path).matches(of: pattern) { found.insert(String(match.1)) }
            }
        }
        #expect(found.count > 15)
        let known = Set(EngineCode.allCases.map(\.rawValue))
        #expect(found.subtracting(known) == [], "EngineCode lacks codes, so that a server cannot tell what they mean")
        #expect(known.subtracting(found) == [], "nothing says these any more")
    }
}
