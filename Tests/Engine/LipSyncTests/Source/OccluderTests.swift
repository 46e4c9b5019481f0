import Face
import Foundation
import LipSync
import Media
import TestSupport
import Testing

@Suite("Things before the mouth")
struct OccluderTests {
    private static let seconds = 3.0
    /// The frames in which the thing is in the picture.
    private static let shown = 25..<55

    /// The middle of the mouth in the portrait clip's first frame.
    private static let mouth: SIMD2<Float> = {
        do {
            let folder = try TemporaryFolder()
            try TestClips.portrait(folder.path("clip.mp4"), seconds: 0.2)
            let frame = try TestPictures.frames(folder.path("clip.mp4"))[0]
            guard let face = try TestFaces.tracker().track(frame).faces.first else { throw Program.Failed("no face") }
            let point = face.landmarks[Landmarks.upperLipMiddle]
            return SIMD2(point.x, point.y)
        } catch { fatalError("\(error)") }
    }()

    /// The portrait with a striped board of a size before it, its left edge moved by some pixels a frame.
    private func clip(_ path: String, width: Int, height: Int, left: Int, top: Int, step: Int) throws {
        let board =
            "color=c=0x2f6fd0:s=\(width)x\(height):r=25,drawgrid=w=16:h=16:t=3:c=0xe0d040"
        try TestClips.portrait(
            path, seconds: Self.seconds,
            filters:
                "null[a];\(board)[b];[a][b]overlay=x='\(left)+\(step)*(n-\(Self.shown.lowerBound))':y=\(top):"
                + "enable='between(n,\(Self.shown.lowerBound),\(Self.shown.upperBound - 1))':shortest=1")
    }

    private func render(_ clip: String, _ folder: TemporaryFolder, keeps: Bool) throws -> ([VideoFrame], RenderReport) {
        let out = folder.path(keeps ? "keeps.mp4" : "paints.mp4")
        let report = try TestClips.engine.render(
            RenderPlan(
                videoPath: clip, outputPath: out,
                parts: [RenderPart(audioPath: TestClips.voice, syncMode: .cutOff, keepsOccluders: keeps)],
                constantRateFactor: 6, preset: "ultrafast"))
        return (try TestPictures.frames(out), report)
    }

    /// The luma of a rectangle.
    private func crop(_ frame: VideoFrame, _ x: Range<Int>, _ y: Range<Int>) -> [UInt8] {
        y.clamped(to: 0..<frame.height).flatMap { row in
            x.clamped(to: 0..<frame.width).map { frame.luma.base[row * frame.luma.stride + $0] }
        }
    }

    @Test("A thing that passes before half of the mouth stays as it is; beside it the mouth goes on speaking")
    func passesBy() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("clip.mp4")
        let (x, y) = (Int(Self.mouth.x), Int(Self.mouth.y))
        // It comes from the left to the middle of the mouth.
        try clip(path, width: 90, height: 120, left: x - 100, top: y - 40, step: 0)
        let source = try TestPictures.frames(path)
        let (kept, report) = try render(path, folder, keeps: true)
        let (painted, _) = try render(path, folder, keeps: false)
        #expect(kept.count == source.count)
        var (keptLikeness, paintedLikeness) = (0.0, 0.0)
        for index in 30..<50 {
            let (across, down) = (x - 96..<x - 14, y - 36..<y + 60)
            let board = crop(source[index], across, down)
            keptLikeness += TestClips.likeness(crop(kept[index], across, down), board) / 20
            paintedLikeness += TestClips.likeness(crop(painted[index], across, down), board) / 20
        }
        #expect(keptLikeness > 36)
        #expect(keptLikeness > paintedLikeness + 5)
        #expect(report.framesDrawn == source.count)
        // The free half of the mouth still says the words.
        let free = (28..<52).map { index in
            TestClips.likeness(
                crop(kept[index], x..<x + 30, y - 14..<y + 22), crop(source[index], x..<x + 30, y - 14..<y + 22))
        }
        #expect((free.min() ?? 99) < 30)
    }

    @Test("Frames whose mouth is hidden are left alone, and the effect comes back afterwards")
    func hidden() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("clip.mp4")
        let (x, y) = (Int(Self.mouth.x), Int(Self.mouth.y))
        try clip(path, width: 150, height: 120, left: x - 75, top: y - 40, step: 0)
        let source = try TestPictures.frames(path)
        let (kept, report) = try render(path, folder, keeps: true)
        for index in 32..<48 {
            let likeness = TestClips.likeness(
                TestPictures.planes(kept[index])[0], TestPictures.planes(source[index])[0])
            #expect(likeness > 40, "frame \(index)")
        }
        #expect(report.framesDrawn < source.count - 15)
        #expect(report.framesDrawn > source.count - 35)
        // The tracker may even lose the face behind the board.
        #expect(report.gaps.allSatisfy { $0.reason == .notDrawable || $0.reason == .noFace })
        #expect(
            report.warnings.contains { $0.code == "frames_not_drawable" }
                == report.gaps.contains { $0.reason == .notDrawable })
    }

    @Test("With nothing before the mouth the output hardly changes")
    func nothing() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("clip.mp4")
        try TestClips.portrait(path, seconds: Self.seconds)
        let (kept, _) = try render(path, folder, keeps: true)
        let (painted, _) = try render(path, folder, keeps: false)
        #expect(kept.count == painted.count)
        for (a, b) in zip(kept, painted) {
            #expect(TestClips.likeness(TestPictures.planes(a)[0], TestPictures.planes(b)[0]) > 45)
        }
    }
}
