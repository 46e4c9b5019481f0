import Foundation
import LipSync
import Media
import TestSupport
import Testing

struct EngineCodeTests {
    /// Goal: no code outlives the last part that says it. Method: every code is the meaning of a media failure or is named in
    /// the engine's sources outside of its own list.
    @Test func complete() throws {
        let ofMedia = Set(MediaError.Code.allCases.map(EngineCode.init))
        #expect(ofMedia.count == MediaError.Code.allCases.count)
        let texts = try Repository.swiftFiles(ofTarget: "LipSync").filter { !$0.hasSuffix("/EngineCode.swift") }
            .map(Repository.text)
        for code in EngineCode.allCases where !ofMedia.contains(code) {
            let raised = try Regex("\\(\\s*\\.\(code), message:")
            #expect(texts.contains { $0.contains(raised) }, "nothing says \(code)")
        }
    }

    /// Names are the engine's own, a part and a cause; none is a word of a published interface.
    @Test func names() {
        for code in EngineCode.allCases {
            #expect(
                code.rawValue.wholeMatch(of: /(?:face|plan|media|file|engine)\.[a-z]+(?:-[a-z]+)*/) != nil, "\(code)")
        }
    }
}
