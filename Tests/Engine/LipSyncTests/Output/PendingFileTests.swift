import Foundation
import LipSync
import Media
import TestSupport
import Testing

@Suite("An output that appears whole or not at all")
struct PendingFileTests {
    private func code(_ path: String) -> MediaError.Code? {
        do {
            _ = try PendingFile(path)
            return nil
        } catch {
            return (error as? MediaError)?.code
        }
    }

    @Test("It is written beside its place, hidden, and moved there, over what was there")
    func publishes() throws {
        let folder = try TemporaryFolder()
        try Data("old".utf8).write(to: URL(fileURLWithPath: folder.path("out.mp4")))
        let pending = try PendingFile(folder.path("out.mp4"))
        #expect(folder.names == ["out.mp4"])
        try Data("new".utf8).write(to: URL(fileURLWithPath: pending.temporaryPath))
        #expect(try String(contentsOfFile: folder.path("out.mp4"), encoding: .utf8) == "old")
        let temporary = try #require(folder.names.first { $0 != "out.mp4" })
        #expect(temporary.hasPrefix("."))
        // The muxer goes by the name's ending.
        #expect(temporary.hasSuffix(".mp4"))
        try pending.publish()
        #expect(folder.names == ["out.mp4"])
        #expect(try String(contentsOfFile: folder.path("out.mp4"), encoding: .utf8) == "new")
    }

    @Test("A folder that is missing, a file as a folder and a folder as the output are refused before the work")
    func refused() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path("file")))
        #expect(code(folder.path("missing/out.mp4")) == .outputUnwritable)
        #expect(code(folder.path("file/out.mp4")) == .outputUnwritable)
        #expect(code(folder.path()) == .outputUnwritable)
        #expect(code(folder.path("out.mp4")) == nil)
    }

    @Test("A name without a folder means the current one")
    func bareName() { #expect(code("out.mp4") == nil) }

    @Test("Publishing what was never written is an error")
    func neverWritten() throws {
        let folder = try TemporaryFolder()
        let pending = try PendingFile(folder.path("out.mp4"))
        #expect(throws: MediaError.self) { try pending.publish() }
        #expect(folder.names == [])
    }
}
