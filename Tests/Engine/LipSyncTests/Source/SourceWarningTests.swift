import Foundation
import LipSync
import TestSupport
import Testing

@Suite("Files that hold less than they say are told of")
struct SourceWarningTests {
    private func warnings(
        video: String, audio: String, range: SourceRange? = nil, speaker: SpeakerChoice = .mostPresent,
        _ folder: TemporaryFolder
    ) throws -> [String] {
        let output = folder.path("out-\(UUID().uuidString).mp4")
        let plan = RenderPlan(
            videoPath: video, outputPath: output,
            parts: [RenderPart(range: range, audioPath: audio, speaker: speaker)], profile: .warp, preset: "ultrafast")
        return try TestClips.engine.render(plan).warnings.map(\.code)
    }

    private func cut(_ path: String, to share: Double, _ folder: TemporaryFolder) throws -> String {
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let result = folder.path("cut-" + (path as NSString).lastPathComponent)
        try whole.prefix(Int(Double(whole.count) * share)).write(to: URL(fileURLWithPath: result))
        return result
    }

    @Test("A clip and a sound that were cut off; whole ones say nothing", arguments: ["mp4", "mkv"])
    func incomplete(container: String) throws {
        let folder = try TemporaryFolder()
        let clip = folder.path("clip." + container)
        try TestClips.portrait(clip, seconds: 3, sound: "sine=f=300:r=48000", more: ["-movflags", "faststart"])
        #expect(try warnings(video: clip, audio: TestClips.voice, folder) == [])
        #expect(
            try warnings(video: try cut(clip, to: 0.5, folder), audio: TestClips.voice, folder) == ["video_incomplete"])
        let half = try cut(TestClips.voice, to: 0.5, folder)
        #expect(try warnings(video: clip, audio: half, folder) == ["sound_incomplete"])
        let animation = AnimationPlan(
            pictures: [PictureCue(path: Repository.portrait)], audioPath: half, outputPath: folder.path("photo.mp4"))
        #expect(try TestClips.engine.animate(animation).warnings.map(\.code).contains("sound_incomplete"))
    }

    @Test("A sound with damaged packets, and with samples that are no numbers")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let clip = folder.path("clip.mp4")
        try TestClips.portrait(clip, seconds: 1.2)
        let sound = folder.path("voice.m4a")
        try Program.ffmpeg(["-i", TestClips.voice, sound])
        try Self.damage(sound)
        #expect(try warnings(video: clip, audio: sound, folder).contains("sound_damaged"))
        let floats = folder.path("voice.wav")
        try Program.ffmpeg(["-i", TestClips.voice, "-c:a", "pcm_f32le", floats])
        var bytes = try Data(contentsOf: URL(fileURLWithPath: floats))
        let samples = try #require(bytes.range(of: Data("data".utf8))?.upperBound) + 4
        for position in stride(from: samples + 20_000, to: samples + 24_000, by: 4) {
            bytes.replaceSubrange(position + 2..<position + 4, with: [0xC0, 0x7F])
        }
        try bytes.write(to: URL(fileURLWithPath: floats))
        #expect(try warnings(video: clip, audio: floats, folder).contains("sound_damaged"))
    }

    @Test("A clip whose own sound is damaged, where it is heard and where it tells who speaks")
    func clipSound() throws {
        let folder = try TemporaryFolder()
        let clip = folder.path("clip.mp4")
        // The sound lies behind the pictures, so that damage to the file's end meets it alone.
        try TestClips.portrait(folder.path("picture.mp4"), seconds: 2)
        let voice = folder.path("voice.m4a")
        try Program.ffmpeg(["-i", TestClips.voice, "-t", "2", voice])
        try Self.damage(voice)
        try Program.ffmpeg(["-i", folder.path("picture.mp4"), "-i", voice, "-c", "copy", clip])
        #expect(try warnings(video: clip, audio: TestClips.voice, folder) == [])
        let heard = try warnings(video: clip, audio: TestClips.voice, range: .seconds(0.5, 1.5), folder)
        #expect(heard == ["clip_sound_damaged"])
        let listened = try warnings(video: clip, audio: TestClips.voice, speaker: .automatic, folder)
        #expect(listened == ["clip_sound_damaged"])
    }

    /// Destroys packets in the middle of a file's data.
    private static func damage(_ path: String) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let data = try #require(bytes.range(of: Data("mdat".utf8))?.upperBound)
        let end = bytes.range(of: Data("moov".utf8), in: data..<bytes.endIndex)?.lowerBound ?? bytes.endIndex
        let middle = (data + end) / 2
        for position in middle - 1500..<middle + 1500 { bytes[position] = 0xFF }
        try bytes.write(to: URL(fileURLWithPath: path))
    }
}
