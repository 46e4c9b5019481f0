import Media
import Testing

@Suite("Seeking")
struct SeekTests {
    static let files: [(name: String, file: String, arguments: String)] = [
        ("MP4 with B-frames", "a.mp4", "-c:v libx264 -bf 3 -g 40"),
        ("MP4 with open groups", "a.mp4", "-c:v libx264 -bf 3 -g 25 -x264-params open-gop=1:scenecut=0"),
        ("MP4 with one key frame", "a.mp4", "-c:v libx264 -g 1000"),
        ("MP4 with intra refresh", "a.mp4", "-c:v libx264 -g 30 -x264-params intra-refresh=1"),
        ("fragmented MP4", "a.mp4", "-c:v libx264 -g 25 -movflags frag_keyframe+empty_moov"),
        ("HEVC with open groups", "a.mp4", "-c:v libx265 -x265-params log-level=none:keyint=25:open-gop=1"),
        ("Matroska", "a.mkv", "-c:v libx264 -bf 3 -g 40"),
        ("Matroska with open groups", "a.mkv", "-c:v libx264 -bf 3 -g 25 -x264-params open-gop=1:scenecut=0"),
        ("WebM", "a.webm", "-c:v libvpx-vp9 -b:v 1M -deadline realtime -cpu-used 8 -g 40"),
        ("WebM with hidden frames", "a.webm", "-c:v libvpx -b:v 1M -auto-alt-ref 1 -lag-in-frames 16 -g 40"),
        ("AV1", "a.mp4", "-c:v libsvtav1 -preset 12 -g 40"),
        ("MPEG-2 program stream", "a.mpg", "-c:v mpeg2video -q:v 3 -bf 2 -g 15"),
        ("MPEG-1 program stream", "a.mpg", "-c:v mpeg1video -q:v 3 -bf 2 -g 15"),
        ("transport stream", "a.ts", "-c:v libx264 -bf 3 -g 40"),
        ("transport stream MPEG-2", "a.ts", "-c:v mpeg2video -q:v 3 -bf 2 -g 15"),
        ("raw MPEG-2", "a.m2v", "-c:v mpeg2video -q:v 3 -bf 2 -g 15"),
        ("AVI with B-frames", "a.avi", "-c:v mpeg4 -q:v 3 -bf 2 -g 30"),
        ("AVI with H.264", "a.avi", "-c:v libx264 -bf 2 -g 30"),
        ("AVI without B-frames", "a.avi", "-c:v mpeg4 -q:v 3 -g 30"),
        ("irregular MP4", "a.mp4", "-vf select='gt(mod(n\\,7)\\,2)' -vsync vfr -c:v libx264 -bf 3 -g 30"),
        ("irregular Matroska", "a.mkv", "-vf select='not(mod(n\\,9)*mod(n\\,4))' -vsync vfr -c:v libx264 -bf 3 -g 20"),
        ("rotated", "a.mp4", "-c:v libx264 -g 30 -metadata:s:v:0 rotate=90"),
        ("GIF", "a.gif", ""),
    ]

    @Test("A frame after a seek is the frame of sequential reading", arguments: files.indices)
    func seekEqualsSequential(index: Int) throws {
        let (name, file, arguments) = Self.files[index]
        let folder = try TemporaryFolder()
        let path = folder.file(file)
        try ffmpeg(
            "-f lavfi -i testsrc2=s=128x96:r=\(file.hasSuffix("gif") ? "25" : "30000/1001"):d=5", arguments,
            file.hasSuffix("gif") ? "" : "-pix_fmt yuv420p", output: path)
        let reader = try VideoReader(path)
        let expected = try allFrames(reader, fingerprint)
        let count = expected.count
        #expect(count > 30, "\(name)")
        #expect(abs(reader.info.estimatedFrameCount - count) <= 1, "\(name)")
        #expect(try reader.next() == nil)
        var targets = [0, count - 1, 1, count - 2, count / 2, count / 2 + 1, count / 2 - 1, 0, 0]
        targets += stride(from: count - 1, through: 0, by: -7)
        targets += (0..<25).map { $0 * 7919 % count }
        for target in targets {
            try reader.seek(toFrame: target)
            for offset in 0..<min(3, count - target) {
                let frame = try reader.next()
                #expect(frame?.index == target + offset, "\(name) at \(target)")
                guard let frame else { continue }
                let found = fingerprint(frame)
                #expect(
                    found == expected[target + offset],
                    "\(name): seek to \(target), frame \(target + offset) has the pixels of \(expected.firstIndex(of: found) ?? -1)"
                )
            }
        }
        for beyond in [count, count + 1000] {
            try reader.seek(toFrame: beyond)
            #expect(try reader.next() == nil, "\(name)")
        }
        try reader.seek(toFrame: 0)
        #expect(try reader.next().map(fingerprint) == expected[0], "\(name)")
    }

    @Test("Seeking before the first read")
    func seekFirst() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mp4")
        try ffmpeg(numberedSource(rate: "25"), "-frames:v 90 -c:v libx264 -crf 5 -g 30", output: path)
        let reader = try VideoReader(path)
        try reader.seek(toFrame: 77)
        #expect(try reader.next().map(number) == 77)
        try reader.seek(toFrame: -4)
        #expect(try reader.next().map(number) == 0)
    }
}
