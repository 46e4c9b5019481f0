import TestSupport
import Testing

@Suite("Memory")
struct MemoryTests {
    /// The peak of a render of a clip and a sound that both last so long.
    private func peak(seconds: Int) throws -> Int {
        let folder = try TemporaryFolder()
        try Program.ffmpeg([
            "-loop", "1", "-framerate", "10", "-i", Repository.portrait, "-vf",
            "crop=300:300:75:0,scale=360:360,crop=320:320:x='20+15*sin(t)':y=10", "-t", "\(seconds)", "-pix_fmt",
            "yuv420p", "-preset", "ultrafast", folder.path("clip.mp4"),
        ])
        try Program.ffmpeg(["-stream_loop", "-1", "-i", TestMedia.voice, "-t", "\(seconds)", folder.path("voice.wav")])
        let program = try Lipsmith.sync(folder.path("clip.mp4"), folder.path("voice.wav"), out: folder.path("out.mp4"))
        #expect(program.exitCode == 0, "\(program.errors)")
        #expect(try MediaFacts(folder.path("out.mp4")).frames == seconds * 10)
        return program.peakBytes
    }

    @Test("Five minutes take hardly more memory than ten seconds")
    func flat() throws {
        let (short, long) = (try peak(seconds: 10), try peak(seconds: 300))
        #expect(long - short < 60 << 20, "\(short >> 20) MiB, then \(long >> 20) MiB")
        #expect(short > 50 << 20)
        #expect(long < 400 << 20)
    }
}
