import Foundation
import LipSync
import TestSupport
import Testing

@Suite("Hostile clips end as a coded failure, soon")
struct HostileClipTests {
    private func code(_ video: String, audio: String = TestClips.voice, _ folder: TemporaryFolder) -> EngineCode? {
        do {
            _ = try TestClips.engine.render(
                RenderPlan(
                    videoPath: video, audioPath: audio, outputPath: folder.path("out.mp4"), profile: .warp,
                    preset: "ultrafast"))
            return nil
        } catch { return (error as? RenderFailure)?.code }
    }

    /// A clip whose bytes were changed, each time a name of a box is met.
    private func patched(
        _ folder: TemporaryFolder, _ name: String, box: String, _ change: (inout Data, Int) -> Void
    ) throws -> String {
        let path = folder.path("plain.mp4")
        try TestClips.portrait(path, seconds: 1.2, more: ["-movflags", "faststart"])
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        var start = bytes.startIndex
        while let found = bytes.range(of: Data(box.utf8), in: start..<bytes.endIndex) {
            change(&bytes, found.lowerBound)
            start = found.upperBound
        }
        try bytes.write(to: URL(fileURLWithPath: folder.path(name)))
        return folder.path(name)
    }

    @Test("A tiny file that claims an enormous picture")
    func enormousPicture() throws {
        let folder = try TemporaryFolder()
        let path = try patched(folder, "huge.mp4", box: "avc1") { bytes, at in
            guard at + 32 < bytes.count else { return }
            // Width and height of the sample entry.
            for offset in [28, 30] { bytes.replaceSubrange(at + offset..<at + offset + 2, with: [0x4e, 0x20]) }
        }
        // The stream itself says 256 × 256, and either may be believed.
        let result = code(path, folder)
        #expect([nil, .resolutionUnsupported, .videoInvalid].contains(result))
        let folder2 = try TemporaryFolder()
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "color=s=20000x16:r=25", "-frames:v", "2", "-c:v", "ffv1", folder2.path("wide.mkv"),
        ])
        #expect(code(folder2.path("wide.mkv"), folder2) == .resolutionUnsupported)
    }

    @Test("A header that claims a length of months")
    func enormousDuration() throws {
        let folder = try TemporaryFolder()
        for box in ["mvhd", "tkhd", "mdhd"] {
            let path = try patched(folder, box + ".mp4", box: box) { bytes, at in
                let offset = box == "tkhd" ? 24 : 20
                guard at + offset + 4 < bytes.count else { return }
                bytes.replaceSubrange(at + offset..<at + offset + 4, with: [0x7f, 0xff, 0xff, 0xf0])
            }
            let result = code(path, folder)
            #expect([nil, .durationGreaterThanMaximum].contains(result), "\(box)")
        }
    }

    @Test("A picture that is shown for a day", arguments: ["mp4", "mkv", "mov"])
    func dayLongFrame(container: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("day." + container)
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25", "-vf", "setpts='if(gte(N,3),86400+N/25,N/25)/TB'",
            "-frames:v", "5", "-fps_mode", "vfr", "-pix_fmt", "yuv420p", path,
        ])
        let result = code(path, folder)
        // An MP4's own demuxer leaves out what its edit list does not reach; then no picture is left that shows a face.
        let codes = [EngineCode.durationGreaterThanMaximum, .noFaceFound]
        #expect(codes.prefix(container == "mkv" ? 1 : 2).contains { $0 == result })
        #expect(folder.names == ["day." + container])
    }

    @Test("Files of one byte, of pictures and of lists that call themselves videos")
    func disguises() throws {
        let folder = try TemporaryFolder()
        let contents: [(String, Data)] = [
            ("byte.mp4", Data([0])), ("box.mp4", Data([0, 0, 0, 1]) + Data("ftyp".utf8)),
            ("photo.mp4", try Data(contentsOf: URL(fileURLWithPath: Repository.portrait))),
            ("list.mp4", Data("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n".utf8)),
            ("concat.mp4", Data("ffconcat version 1.0\nfile /etc/passwd\n".utf8)),
            ("dash.mp4", Data("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"></MPD>".utf8)),
        ]
        for (name, content) in contents {
            let path = folder.path(name)
            try content.write(to: URL(fileURLWithPath: path))
            #expect(code(path, folder) == .videoInvalid, "\(name)")
            let asSound = code(Self.clip, audio: path, folder)
            #expect(asSound == .audioInvalid, "\(name)")
        }
        #expect(!folder.names.contains("out.mp4"))
    }

    @Test("A clip of one picture, with a sound and without, is refused with a word about what to send")
    func onePicture() throws {
        let folder = try TemporaryFolder()
        try TestClips.portrait(folder.path("silent.mp4"), seconds: 0.04)
        try Program.ffmpeg([
            "-i", folder.path("silent.mp4"), "-f", "lavfi", "-i", "sine=d=2", "-c:v", "copy", folder.path("spoken.mp4"),
        ])
        for path in [folder.path("silent.mp4"), folder.path("spoken.mp4")] {
            #expect(code(path, folder) == .videoInvalid)
            do {
                _ = try TestClips.engine.render(
                    RenderPlan(videoPath: path, audioPath: TestClips.voice, outputPath: folder.path("out.mp4")))
            } catch { #expect((error as? RenderFailure)?.suggestion.contains("send the picture as a picture") == true) }
        }
        #expect(try MediaSummary(path: folder.path("silent.mp4")).kind == .image)
        #expect(try MediaSummary(path: folder.path("spoken.mp4")).kind == .video)
    }

    private static let clip: String = {
        let path = TemporaryFolder.shared.path("hostile-plain.mp4")
        do { try TestClips.portrait(path, seconds: 0.6) } catch { fatalError("\(error)") }
        return path
    }()
}
