import Foundation
import LipSync
import Media
import TestSupport
import Testing

/// Faces of 40 pixels speak, however large the picture is.
@Suite("Small faces in large pictures")
struct SmallFaceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A filter graph that lays the portrait, with its face 42 pixels wide, on a plain picture.
    private static func graph(_ width: Int, _ height: Int, left: Int, top: Int) -> String {
        "color=c=0x7a8894:s=\(width)x\(height):r=25,noise=alls=12:allf=u:all_seed=1[b];"
            + "[0]scale=228:228:flags=area,crop=120:110:40:0[f];[b][f]overlay=\(left):\(top):shortest=1"
    }

    private func animate(_ photo: String, speaker: PicturePoint? = nil) throws -> RenderReport {
        let plan = AnimationPlan(
            pictures: [PictureCue(path: photo, speaker: speaker)], durationSeconds: 0.12,
            outputPath: folder.path("out.mp4"), preset: "ultrafast")
        return try TestClips.engine.animate(plan)
    }

    private func isSmall(_ report: RenderReport) -> Bool {
        report.faces.contains { $0.isSpeaker && $0.meanWidthPixels > 39 && $0.meanWidthPixels < 46 }
    }

    @Test("A photo of 4000 pixels, upright and on its head", arguments: ["null", "hflip,vflip"])
    func photo(filter: String) throws {
        let photo = folder.path("photo.png")
        try Program.ffmpeg([
            "-i", Repository.portrait, "-filter_complex", Self.graph(4000, 3000, left: 2300, top: 900) + "," + filter,
            "-frames:v", "1", photo,
        ])
        let report = try animate(photo)
        #expect(isSmall(report))
        #expect(report.warnings.map(\.code).contains("face_small_in_frame"))
    }

    @Test("A small face beside a large one is found where the user points at it")
    func pointed() throws {
        let photo = folder.path("photo.png")
        try Program.ffmpeg([
            "-i", Repository.portrait, "-filter_complex",
            "[0]split[a][c];[c]scale=1600:1600[l];"
                + Self.graph(4000, 3000, left: 2300, top: 2000).replacingOccurrences(of: "[0]", with: "[a]")
                + "[s];[s][l]overlay=100:100",
            "-frames:v", "1", photo,
        ])
        #expect(try animate(photo).faces.allSatisfy { $0.meanWidthPixels > 250 })
        #expect(isSmall(try animate(photo, speaker: PicturePoint(x: 2360, y: 2055))))
    }

    @Test("A clip in which nothing else is found, and a driving video")
    func clip() throws {
        let clip = folder.path("clip.mp4")
        try Program.ffmpeg([
            "-loop", "1", "-framerate", "25", "-i", Repository.portrait, "-filter_complex",
            Self.graph(1920, 1080, left: 1000, top: 500), "-t", "1", "-pix_fmt", "yuv420p", "-preset", "ultrafast",
            "-crf",
            "10", clip,
        ])
        let report = try TestClips.engine.render(
            RenderPlan(
                videoPath: clip, audioPath: TestClips.voice, outputPath: folder.path("synced.mp4"), syncMode: .cutOff,
                preset: "ultrafast"))
        #expect(isSmall(report))
        #expect(report.framesDrawn == report.output.frames)
        let plan = AnimationPlan(
            pictures: [PictureCue(path: Repository.portrait)], drivePath: clip, outputPath: folder.path("driven.mp4"),
            preset: "ultrafast")
        #expect(try TestClips.engine.animate(plan).output.frames == 25)
    }
}
