import Foundation
import LipSync
import Media
import TestSupport
import Testing

/// Pictures that lie on a side or on their head speak as upright ones do.
@Suite("Turned pictures")
struct TurnedPictureTests {
    /// How a picture is turned clockwise about its middle, and that place of a point in it.
    struct Turn: Sendable, CustomTestStringConvertible {
        var degrees: Int
        var testDescription: String { "\(degrees)°" }
        var filter: String { "format=gbrp,rotate=\(degrees)*PI/180:ow=724:oh=724:c=gray" }

        func place(_ x: Double, _ y: Double) -> SIMD2<Double> {
            let angle = Double(degrees) * .pi / 180
            let (dx, dy) = (x - 255.5, y - 255.5)
            return SIMD2(cos(angle) * dx - sin(angle) * dy, sin(angle) * dx + cos(angle) * dy) + 361.5
        }
    }

    private static let turns = [45, 90, 135, 180, 225, 270].map { Turn(degrees: $0) }

    /// The middle of what differs between two frames, in pixels.
    private static func middleOfChange(_ a: VideoFrame, _ b: VideoFrame) throws -> SIMD2<Double> {
        let (p, q) = (TestPictures.planes(a)[0], TestPictures.planes(b)[0])
        var (sum, weight) = (SIMD2<Double>.zero, 0.0)
        for index in p.indices {
            let difference = abs(Double(p[index]) - Double(q[index]))
            guard difference > 20 else { continue }
            sum += SIMD2(Double(index % a.width), Double(index / a.width)) * difference
            weight += difference
        }
        try #require(weight > 0)
        return sum / weight
    }

    /// Whether a place is between the portrait's mouth at (224, 141) and its chin at (224, 176); its eyes are at (225, 101).
    private static func isAtTheMouth(_ place: SIMD2<Double>, _ turn: Turn) -> Bool {
        let offset = place - turn.place(224, 158)
        return (offset * offset).sum().squareRoot() < 30
    }

    @Test("In a turned clip the mouth moves, and nothing else", arguments: turns)
    func clip(turn: Turn) throws {
        let folder = try TemporaryFolder()
        let (clip, output) = (folder.path("clip.mp4"), folder.path("out.mp4"))
        try Program.ffmpeg([
            "-loop", "1", "-framerate", "25", "-i", Repository.portrait, "-vf", turn.filter, "-t", "2", "-pix_fmt",
            "yuv420p", "-preset", "ultrafast", "-crf", "4", clip,
        ])
        let plan = RenderPlan(videoPath: clip, audioPath: TestClips.voice, outputPath: output, syncMode: .cutOff)
        let report = try TestClips.engine.render(plan)
        #expect(report.framesDrawn == report.output.frames)
        let pairs = zip(try TestPictures.frames(clip), try TestPictures.frames(output)).dropFirst(10)
        let changed = try pairs.max { a, b in
            TestClips.likeness(TestPictures.planes(a.0)[0], TestPictures.planes(a.1)[0])
                > TestClips.likeness(TestPictures.planes(b.0)[0], TestPictures.planes(b.1)[0])
        }.map { try Self.middleOfChange($0.0, $0.1) }
        #expect(Self.isAtTheMouth(try #require(changed), turn), "\(changed!) \(turn.place(224, 158))")
    }

    @Test("The mouth of a turned photo moves", arguments: turns)
    func photo(turn: Turn) throws {
        let folder = try TemporaryFolder()
        let photo = folder.path("photo.png")
        try Program.ffmpeg(["-i", Repository.portrait, "-vf", turn.filter, photo])
        let plan = AnimationPlan(
            pictures: [PictureCue(path: photo)], audioPath: TestClips.voice,
            audioRange: TimeRange(startSeconds: 0, endSeconds: 1), outputPath: folder.path("out.mp4"), region: .lips,
            constantRateFactor: 4, preset: "ultrafast")
        _ = try TestClips.engine.animate(plan)
        let frames = try TestPictures.frames(plan.outputPath)
        let changed = try Self.middleOfChange(frames[0], frames[15])
        #expect(Self.isAtTheMouth(changed, turn), "\(changed) \(turn.place(224, 158))")
    }

    @Test("A turned driver drives as an upright one does", arguments: [90, 180, 225])
    func driver(degrees: Int) throws {
        let folder = try TemporaryFolder()
        let upright = folder.path("upright.mp4")
        var speaking = AnimationPlan(
            pictures: [PictureCue(path: Repository.portrait)], audioPath: TestClips.voice,
            audioRange: TimeRange(startSeconds: 0, endSeconds: 1.2), outputPath: upright, seed: 7,
            constantRateFactor: 4, preset: "ultrafast")
        speaking.motion = 2
        _ = try TestClips.engine.animate(speaking)
        let turned = folder.path("turned.mp4")
        try Program.ffmpeg([
            "-i", upright, "-vf", "rotate=\(degrees)*PI/180:ow=724:oh=724", "-an", "-preset", "ultrafast", "-crf", "4",
            turned,
        ])
        func driven(by path: String) throws -> [VideoFrame] {
            let plan = AnimationPlan(
                pictures: [PictureCue(path: Repository.portrait)], drivePath: path,
                outputPath: folder.path("out.mp4"), constantRateFactor: 4, preset: "ultrafast")
            _ = try TestClips.engine.animate(plan)
            return try TestPictures.frames(plan.outputPath)
        }
        let (wanted, drawn) = (try driven(by: upright), try driven(by: turned))
        #expect(drawn.count == wanted.count)
        // What the driver moves, against what its turn changes.
        func error(_ pairs: Zip2Sequence<[VideoFrame], [VideoFrame]>) -> Double {
            pairs.reduce(0) { sum, pair in
                let likeness = TestClips.likeness(TestPictures.planes(pair.0)[0], TestPictures.planes(pair.1)[0])
                return sum + pow(10, -likeness / 10)
            }
        }
        let moved = error(zip(wanted, Array(repeating: wanted[0], count: wanted.count)))
        #expect(error(zip(wanted, drawn)) < 0.25 * moved)
    }
}
