import TestSupport
import Testing

@Suite("Lengths that differ, through the whole program")
struct SyncModeTests {
    // 40 frames of picture at 25 frames a second; the sound is 62.5 (63) or 20 frames long.
    @Test(
        "Every mode writes the contract's number of frames",
        arguments: [
            ("bounce", 2.5, 63), ("loop", 2.5, 63), ("cut_off", 2.5, 40), ("silence", 2.5, 63), ("remap", 2.5, 63),
            ("bounce", 0.8, 20), ("loop", 0.8, 20), ("cut_off", 0.8, 20), ("silence", 0.8, 40), ("remap", 0.8, 20),
        ])
    func frames(mode: String, seconds: Double, wanted: Int) throws {
        let folder = try TemporaryFolder()
        let program = try Lipsmith.sync(
            TestMedia.shortClip, try TestMedia.voice(seconds: seconds), out: folder.path("out.mp4"),
            ["--sync-mode", mode, "--model", "lipsync-1.9.0-beta"])
        #expect(program.exitCode == 0, "\(program.errors)")
        let facts = try MediaFacts(folder.path("out.mp4"))
        #expect(facts.frames == wanted)
        #expect(abs(facts.soundSeconds - facts.pictureSeconds) < 0.02 + 0.03)
        #expect(folder.names == ["out.mp4"])
    }

    @Test("The clip's own rational rate is kept", arguments: ["24000/1001", "30000/1001", "30/1", "60/1"])
    func rates(rate: String) throws {
        let folder = try TemporaryFolder()
        try TestMedia.portraitClip(folder.path("clip.mp4"), seconds: 1, size: 256, rate: rate)
        let program = try Lipsmith.sync(
            folder.path("clip.mp4"), try TestMedia.voice(seconds: 2), out: folder.path("out.mp4"))
        #expect(program.exitCode == 0, "\(program.errors)")
        let facts = try MediaFacts(folder.path("out.mp4"))
        #expect(facts.rate == rate)
        let parts = rate.split(separator: "/").compactMap { Double($0) }
        #expect(facts.frames == Int((2 * parts[0] / parts[1]).rounded()))
    }

    @Test("Ten minutes' worth of rounding is not there after twenty loops of a short clip at 29.97")
    func manyLoops() throws {
        let folder = try TemporaryFolder()
        try TestMedia.portraitClip(folder.path("clip.mp4"), seconds: 1, size: 160, rate: "30000/1001")
        try Program.ffmpeg(["-stream_loop", "4", "-i", TestMedia.voice, "-t", "24", folder.path("long.wav")])
        let program = try Lipsmith.sync(
            folder.path("clip.mp4"), folder.path("long.wav"), out: folder.path("out.mp4"),
            ["--sync-mode", "loop", "--model", "lipsync-1.9.0-beta"])
        #expect(program.exitCode == 0, "\(program.errors)")
        let facts = try MediaFacts(folder.path("out.mp4"))
        #expect(facts.frames == 719)
        #expect(abs(facts.soundSeconds - facts.pictureSeconds) < 0.05)
    }
}
