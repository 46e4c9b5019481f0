import Foundation
import LipSync
import Media
import TestSupport

/// Clips that are rendered whole and in pieces, without loss, so that their frames can be compared bit by bit.
enum SplitClips {
    /// A mouth that moves, for twelve seconds in two shots; key frames every second.
    static let talking: String = {
        let path = TemporaryFolder.shared.path("split-talking.mp4")
        let once = TemporaryFolder.shared.path("split-once.mp4")
        do {
            _ = try TestClips.engine.animate(
                AnimationPlan(
                    pictures: [PictureCue(path: Repository.portrait)], audioPath: TestClips.voice, outputPath: once,
                    seed: 3, constantRateFactor: 8, preset: "ultrafast"))
            try Program.ffmpeg([
                "-stream_loop", "5", "-i", once, "-an", "-vf",
                "scale=256:-2,negate=enable='between(t,7,7.2)',rotate='0.05*sin(t)':bilinear=1", "-t", "12", "-g", "25",
                "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-crf", "12", path,
            ])
        } catch { fatalError("\(error)") }
        return path
    }()

    /// The voice over and over.
    static func voice(_ path: String, seconds: Double) throws {
        try Program.ffmpeg(["-stream_loop", "20", "-i", TestClips.voice, "-t", "\(seconds)", path])
    }

    /// Pieces of about two seconds.
    static func rule(workers: Int = 2, seconds: Double = 2) -> SplitRule {
        SplitRule(workerCount: workers, leastSeconds: seconds, mostSeconds: seconds * 1.5)
    }

    /// Renders a plan in pieces; gives the steps that were done.
    static func render(_ plan: RenderPlan, _ rule: SplitRule, _ folder: TemporaryFolder) throws -> RenderReport {
        let steps = folder.path("steps")
        try FileManager.default.createDirectory(atPath: steps, withIntermediateDirectories: true)
        let report = try SplitRender(plan, rule: rule, folder: steps).run { task, observer in
            try TestClips.engine.run(.step(task), observer: observer)
        }
        guard try FileManager.default.contentsOfDirectory(atPath: steps).isEmpty else {
            throw Program.Failed("steps are left behind")
        }
        return report
    }

    /// All samples of all frames, one array a frame.
    static func pixels(_ path: String) throws -> [[UInt8]] {
        try TestPictures.frames(path).map { TestPictures.planes($0).flatMap { $0 } }
    }

    /// The numbers of frames that differ.
    static func differences(_ a: String, _ b: String) throws -> [Int] {
        let (a, b) = (try pixels(a), try pixels(b))
        guard a.count == b.count else { return [min(a.count, b.count)] }
        return a.indices.filter { a[$0] != b[$0] }
    }
}
