import Face
import Foundation
import Media
import TestSupport
import Testing
import Watermark

@Suite("Finding a mark")
struct WatermarkSearchTests {
    private static func search(
        _ path: String, key: WatermarkKey = .standard, speeds: WatermarkSpeeds = .usual
    ) throws -> WatermarkFinding {
        try WatermarkSearch(models: TestFaces.models(), key: key, speeds: speeds).find(in: path)
    }

    @Test("A mark is found after coding, whichever points it was painted by", arguments: [true, false])
    func found(isWhole: Bool) throws {
        let face = try #require(MarkedFace.shared)
        let folder = try TemporaryFolder()
        let path = folder.path("marked.mp4")
        try face.write(path, meshPoints: isWhole ? Array(0..<468) : MarkedFace.renderedPoints)
        let finding = try Self.search(path)
        #expect(finding.score.isMarked)
        #expect(finding.score.identifier == MarkedFace.identifier)
        #expect(finding.score.score > 7)
        #expect(finding.score.chanceBound < 1e-9)
        #expect(finding.score.speed == 1)
        #expect(!finding.isMirrored)
        #expect(finding.obstacle == nil)
        #expect(finding.frameCount == 125)
        #expect((120...300).contains(finding.faceWidthPixels))
        let read = try JSONDecoder().decode(WatermarkFinding.self, from: try JSONEncoder().encode(finding))
        #expect(read.score.identifier == MarkedFace.identifier)
    }

    @Test(
        "A mark is found in a copy that was cut, mirrored, shrunk, or played at another rate",
        arguments: [
            "trim=start=0.7,setpts=PTS-STARTPTS", "hflip", "scale=384:384", "setpts=PTS*25/24", "eq=gamma=1.2",
            "fps=30",
        ])
    func copies(filter: String) throws {
        let marked = try #require(MarkedFace.markedClip)
        let folder = try TemporaryFolder()
        try Program.ffmpeg([
            "-i", marked, "-vf", filter, "-c:v", "libx264", "-crf", "18", folder.path("copy.mp4"),
        ])
        let finding = try Self.search(folder.path("copy.mp4"))
        #expect(finding.score.isMarked, "\(finding.score.score)")
        #expect(finding.score.identifier ?? MarkedFace.identifier == MarkedFace.identifier)
        #expect(finding.isMirrored == (filter == "hflip"))
    }

    @Test("A clip at another speed is found by the wide search alone")
    func wide() throws {
        let marked = try #require(MarkedFace.markedClip)
        let folder = try TemporaryFolder()
        try Program.ffmpeg([
            "-i", marked, "-vf", "setpts=PTS/1.28", "-r", "32", "-c:v", "libx264", "-crf", "18",
            folder.path("fast.mp4"),
        ])
        #expect(try !Self.search(folder.path("fast.mp4")).score.isMarked)
        let finding = try Self.search(folder.path("fast.mp4"), speeds: .wide)
        #expect(finding.score.isMarked, "\(finding.score.score)")
        #expect(abs(finding.score.speed - 1.28) < 0.04)
    }

    @Test("No mark is found where there is none, and none of another key")
    func notFound() throws {
        let face = try #require(MarkedFace.shared)
        let folder = try TemporaryFolder()
        try face.write(folder.path("plain.mp4"), strength: 0)
        let finding = try Self.search(folder.path("plain.mp4"))
        #expect(!finding.score.isMarked)
        #expect(finding.score.identifier == nil)
        #expect(finding.score.score < 4.5)
        #expect(finding.obstacle == nil)
        try face.write(folder.path("other.mp4"), key: WatermarkKey("another".utf8))
        #expect(try !Self.search(folder.path("other.mp4")).score.isMarked)
    }

    @Test("Random keys fit no better than chance allows, in marked frames as in others", arguments: [0, 1] as [Float])
    func chance(strength: Float) throws {
        let face = try #require(MarkedFace.shared)
        let painter = WatermarkPainter(key: .standard, identifier: 1, meshPoints: MarkedFace.renderedPoints)
        let detector = WatermarkDetector()
        for (number, frame) in face.frames.enumerated() {
            let drawn = try frame.copy()
            let seconds = Double(number) / Double(MarkedFace.framesPerSecond)
            let points = face.points(MarkedFace.renderedPoints, frame: number)
            painter.paint(into: drawn, points: points, seconds: seconds, strength: strength)
            detector.collect(drawn, landmarks: face.landmarks[number], seconds: seconds)
        }
        var generator = SplitMix(seed: 11)
        let keys = (0..<400).map { _ in WatermarkKey((0..<8).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        let scores = detector.scores(of: keys)
        #expect(scores.allSatisfy { !$0.isMarked })
        // 400 keys, 48 hypotheses each: by the bound, one in 100 runs reaches this.
        #expect(scores.allSatisfy { $0.score < 5.4 })
        let mean = scores.reduce(0) { $0 + $1.score } / Double(scores.count)
        #expect((1.5...2.4).contains(mean))
        #expect(detector.scores(of: [.standard])[0].isMarked == (strength == 1))
    }

    @Test("Pictures, short clips and clips without a face are not found, with the reason")
    func obstacles() throws {
        let folder = try TemporaryFolder()
        #expect(try Self.search(Repository.portrait).obstacle == .stillPicture)
        let short = folder.path("short.mp4")
        try Program.ffmpeg(["-loop", "1", "-i", Repository.portrait, "-t", "0.4", "-pix_fmt", "yuv420p", short])
        let finding = try Self.search(short)
        #expect(finding.obstacle == .tooShort)
        #expect(finding.score.score == 0)
        let empty = folder.path("empty.mp4")
        try Program.ffmpeg(["-f", "lavfi", "-i", "testsrc=size=320x240:duration=2", "-pix_fmt", "yuv420p", empty])
        #expect(try Self.search(empty).obstacle == .noFace)
    }

    @Test("What is no clip is an error of media")
    func noMedia() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("text.mp4")
        try Data("no clip".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: MediaError.self) { try Self.search(path) }
        #expect(throws: MediaError.self) { try Self.search(folder.path("missing.mp4")) }
    }
}
