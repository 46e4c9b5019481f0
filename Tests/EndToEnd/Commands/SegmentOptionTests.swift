import TestSupport
import Testing

@Suite("Segments and speakers on the command line")
struct SegmentOptionTests {
    @Test("One segment is re-synced and also written alone; the report tells its part and its speaker")
    func segment() throws {
        let folder = try TemporaryFolder()
        let program = try Lipsmith.sync(
            TestMedia.shortClip, TestMedia.voice, out: folder.path("out.mp4"),
            [
                "--segment", "0.4-1.2", "--segment-out", folder.path("part.mp4"), "--sync-mode", "cut_off",
                "--speaker", "0:160,160", "--keep-occluders", "--json",
            ])
        #expect(program.exitCode == 0, "\(program.errors)")
        let report = try #require(try Event.all(program.output).last?.report)
        #expect(report.parts.count == 1)
        #expect(report.parts.first?.firstFrame == 10)
        #expect(report.parts.first?.frames == 20)
        #expect(report.parts.first?.speakers.count == 1)
        #expect(try MediaFacts(folder.path("out.mp4")).frames == 40)
        let part = try MediaFacts(folder.path("part.mp4"))
        #expect(part.frames == 20)
        #expect(abs(part.soundSeconds - 0.8) < 0.03)
        #expect(folder.names == ["out.mp4", "part.mp4"])
    }

    @Test("Several segments may use parts of one sound, in any order")
    func several() throws {
        let folder = try TemporaryFolder()
        let program = try Lipsmith.sync(
            TestMedia.shortClip, TestMedia.voice, out: folder.path("out.mp4"),
            [
                "--segment", "0.8-1.2@1-2", "--segment=0-0.4@0-0.4", "--sync-mode", "loop", "--speaker", "auto",
                "--model", "lipsync-1.9.0-beta", "--json",
            ])
        #expect(program.exitCode == 0, "\(program.errors)")
        let report = try #require(try Event.all(program.output).last?.report)
        #expect(report.parts.map(\.firstFrame) == [0, 20])
        #expect(report.parts.map(\.frames) == [10, 25])
        #expect(try MediaFacts(folder.path("out.mp4")).frames == 55)
    }

    @Test("Segments and crops that do not fit are refused with the contract's codes, and nothing is left")
    func refused() throws {
        let folder = try TemporaryFolder()
        for (segments, code) in [
            (["0-9"], "generation_input_segments_invalid"), (["0-1", "0.5-1.2"], "generation_input_segments_invalid"),
            (["0-1@0-99"], "generation_input_trim_invalid"),
        ] {
            let program = try Lipsmith.sync(
                TestMedia.shortClip, TestMedia.voice, out: folder.path("out.mp4"),
                segments.flatMap { ["--segment", $0] })
            #expect(program.exitCode == 1)
            #expect(program.errors.hasPrefix(code + ": "))
        }
        #expect(folder.names == [])
    }
}
