import Foundation
import TestSupport

/// What the FFmpeg program, as an outsider, says about a file.
struct MediaFacts {
    var frames: Int
    var rate: String
    var width: Int
    var height: Int
    var pictureSeconds: Double
    var soundSeconds: Double
    var pictureStart: Double

    init(_ path: String) throws {
        func entry(_ stream: String, _ names: String) throws -> [String: String] {
            let text = try Program.succeed(
                "ffprobe",
                [
                    "-v", "error", "-count_frames", "-select_streams", stream, "-show_entries", "stream=" + names,
                    "-of",
                    "default=nokey=0:noprint_wrappers=1", path,
                ])
            return Dictionary(
                text.split(separator: "\n").map { line in
                    let parts = line.split(separator: "=", maxSplits: 1)
                    return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
                }, uniquingKeysWith: { first, _ in first })
        }
        let video = try entry("v:0", "nb_read_frames,r_frame_rate,width,height,duration,start_time")
        let audio = try entry("a:0", "duration")
        frames = Int(video["nb_read_frames"] ?? "") ?? 0
        rate = video["r_frame_rate"] ?? ""
        width = Int(video["width"] ?? "") ?? 0
        height = Int(video["height"] ?? "") ?? 0
        pictureSeconds = Double(video["duration"] ?? "") ?? 0
        soundSeconds = Double(audio["duration"] ?? "") ?? 0
        pictureStart = Double(video["start_time"] ?? "") ?? .nan
    }

    /// A file's sound as 16 kHz mono samples.
    static func samples(_ path: String) throws -> [Float] {
        let folder = try TemporaryFolder()
        let file = folder.path("samples.f32")
        try Program.ffmpeg(["-i", path, "-vn", "-ac", "1", "-ar", "16000", "-f", "f32le", file])
        return try Data(contentsOf: URL(fileURLWithPath: file)).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }
}
