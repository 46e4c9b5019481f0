import Face
import Foundation
import LipSync
import Media
import TestSupport
import Testing

@Suite("Pictures of all kinds, good and bad")
struct HostilePictureTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func plan(_ picture: String) -> AnimationPlan {
        AnimationPlan(
            pictures: [PictureCue(path: picture)], outputPath: folder.path("out.mp4"), preset: "ultrafast")
    }

    /// The report of a tenth of a second.
    private func report(_ picture: String, _ change: (inout AnimationPlan) -> Void = { _ in }) throws -> RenderReport {
        var plan = plan(picture)
        plan.durationSeconds = 0.12
        change(&plan)
        return try TestClips.engine.animate(plan)
    }

    private func code(_ picture: String, _ change: (inout AnimationPlan) -> Void = { _ in }) -> EngineCode? {
        try? FileManager.default.removeItem(atPath: folder.path("out.mp4"))
        do {
            _ = try report(picture, change)
            return nil
        } catch {
            #expect(!FileManager.default.fileExists(atPath: folder.path("out.mp4")))
            return (error as? RenderFailure)?.code
        }
    }

    private func made(_ name: String, _ arguments: [String]) throws -> String {
        let path = folder.path(name)
        try Program.ffmpeg(["-i", Repository.portrait] + arguments + [path])
        return path
    }

    @Test("JPEG, WebP and PNG with transparency are read; transparent parts are white")
    func formats() throws {
        for name in ["a.jpg", "a.webp"] { #expect(try report(try made(name, ["-q:v", "3"])).output.width == 512) }
        let path = try made(
            "alpha.png", ["-vf", "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(Y,40),0,255)'"])
        #expect(try report(path).output.frames == 3)
        let frame = try #require(try TestPictures.frames(folder.path("out.mp4")).first)
        #expect(frame.luma.base[10 * frame.luma.stride + 250] > 225)
    }

    @Test("A picture that its camera held sideways stands upright in the video")
    func orientation() throws {
        let upright = try made("upright.jpg", ["-vf", "crop=400:480:20:0", "-q:v", "2"])
        let turned = folder.path("turned.jpg")
        try Program.ffmpeg(["-i", upright, "-vf", "transpose=cclock", "-q:v", "2", folder.path("plain.jpg")])
        // An EXIF segment that says: turn clockwise by 90°.
        let exif: [UInt8] = [
            0xFF, 0xE1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0,
            0,
            1, 0, 6, 0, 0, 0, 0, 0, 0,
        ]
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path("plain.jpg"))))
        bytes.insert(contentsOf: exif, at: 2)
        try Data(bytes).write(to: URL(fileURLWithPath: turned))
        let report = try report(turned)
        #expect(report.output.width == 400)
        #expect(report.output.height == 480)
    }

    @Test("Large pictures fit into 1080p, asked sizes are kept, and the chin is never cut")
    func sizes() throws {
        let large = try made("large.png", ["-vf", "scale=3000:3000"])
        let natural = try report(large)
        #expect(natural.output.width == 1080)
        #expect(natural.output.height == 1080)
        for (width, height) in [(1280, 720), (720, 1280), (640, 640)] {
            let report = try report(Repository.portrait) { $0.size = PictureSize(width: width, height: height) }
            #expect(report.output.width == width)
            #expect(report.output.height == height)
            let frame = try #require(try TestPictures.frames(folder.path("out.mp4")).first)
            let tracker = try TestFaces.tracker()
            let face = try #require(try tracker.track(frame).faces.first)
            #expect(face.box.top > 0)
            #expect(face.box.left > 0)
            #expect(face.box.right < Float(width))
            #expect(face.landmarks[152].y < Float(height) - 4)
        }
    }

    @Test("Of several faces the largest speaks, with a warning, unless one is pointed at")
    func severalFaces() throws {
        let two = folder.path("two.png")
        try Program.ffmpeg([
            "-i", Repository.portrait, "-filter_complex",
            "crop=300:300:75:0,split[a][b];[a]scale=480:480[c];[b]scale=360:360,pad=480:480:60:60[d];[c][d]hstack", two,
        ])
        let report = try report(two)
        #expect(report.warnings.map(\.code).contains("several_faces"))
        let chosen = try self.report(two) { $0.pictures[0].speaker = PicturePoint(x: 715, y: 230) }
        #expect(!chosen.warnings.map(\.code).contains("several_faces"))
        #expect(chosen.faces[0].meanWidthPixels < report.faces[0].meanWidthPixels)
        #expect(
            code(two) { $0.pictures[0].speaker = PicturePoint(x: 475, y: 470) }
                == .faceSelectionInvalid)
        for point in [(-1, 5), (1e30, 5), (475, .infinity), (.nan, 470)] as [(Float, Float)] {
            #expect(
                code(two) { $0.pictures[0].speaker = PicturePoint(x: point.0, y: point.1) }
                    == .faceSelectionInvalid, "\(point)")
        }
    }

    @Test("What shows no face, too small a face, or is broken is refused with a code")
    func refusals() throws {
        let wall = folder.path("wall.png")
        try Program.ffmpeg(["-f", "lavfi", "-i", "testsrc=s=640x480", "-frames:v", "1", wall])
        #expect(code(wall) == .noFaceFound)
        #expect(code(try made("tiny.png", ["-vf", "crop=300:300:75:0,scale=48:48,pad=512:512:230:230:gray"])) != nil)
        let broken = folder.path("broken.jpg")
        try Data("\u{FFD8}not a picture".utf8).write(to: URL(fileURLWithPath: broken))
        #expect(code(broken) == .imageInvalid)
        let whole = try Data(contentsOf: URL(fileURLWithPath: Repository.portrait))
        let cut = folder.path("cut.png")
        try whole.prefix(60).write(to: URL(fileURLWithPath: cut))
        #expect(code(cut) == .imageInvalid)
        #expect(code(TestClips.voice) == .imageInvalid)
        #expect(code(folder.path("missing.png")) == .inputUnreadable)
    }

    @Test("A picture that says it has a thousand megapixels is refused before it is decoded")
    func bomb() throws {
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: Repository.portrait)))
        // Width and height in the header of a PNG.
        bytes.replaceSubrange(16..<24, with: [0, 0, 0x80, 0, 0, 0, 0x80, 0])
        let path = folder.path("bomb.png")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(code(path) == .resolutionUnsupported)
    }

    @Test("An empty sound is refused")
    func emptySound() throws {
        let empty = folder.path("empty.wav")
        try Program.ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "0", empty])
        var plan = plan(Repository.portrait)
        plan.audioPath = empty
        let error = #expect(throws: RenderFailure.self) { try TestClips.engine.animate(plan) }
        #expect(error?.code == .audioInvalid)
    }
}
