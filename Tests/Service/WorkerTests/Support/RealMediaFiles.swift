import Blobs
import Foundation
import Generations
import TestSupport

/// A small clip with a face and a short voice, made once.
enum RealMediaFiles {
    /// The portrait, 320 × 320 at 25 frames a second for a second and a half.
    static let clip = made("worker-clip.mp4") { path in
        try Program.ffmpeg([
            "-loop", "1", "-framerate", "25", "-i", Repository.portrait, "-vf",
            "crop=340:340:55:0,rotate='0.03*sin(t*1.3)':bilinear=1,crop=300:300,scale=320:320", "-t", "1.6",
            "-pix_fmt", "yuv420p", "-preset", "ultrafast", path,
        ])
    }

    /// A second of speech.
    static let voice = made("worker-voice.wav") { path in
        try Program.succeed("flite", ["-voice", "slt", "-t", "Pam bought a big map.", "-o", path + ".flite.wav"])
        try Program.ffmpeg(["-i", path + ".flite.wav", "-t", "1", path])
    }

    /// The second of speech as a browser records it: its header tells no length.
    static let recording = made("worker-recording.webm") { path in
        try Program.ffmpeg(["-i", voice, "-c:a", "libopus", "-f", "webm", "-live", "1", path])
    }

    /// The clip turned by a quarter: 320 × 240 stored, shown as 240 × 320.
    static let turnedClip = made("worker-turned.mp4") { path in
        try Program.ffmpeg(["-i", clip, "-vf", "scale=320:240", "-t", "0.4", path + ".flat.mp4"])
        try Program.ffmpeg(["-i", path + ".flat.mp4", "-c", "copy", "-metadata:s:v", "rotate=90", path])
    }

    /// The file as an asset's input.
    static func asset(_ path: String, _ kind: MediaKind, in harness: Harness) async throws -> MediaInput {
        let writer = try await harness.blobs.makeWriter()
        try await writer.write(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        return try await harness.asset(try await writer.finish(as: nil).key, kind)
    }

    private static func made(_ name: String, _ make: (String) throws -> Void) -> String {
        let path = TemporaryFolder.shared.path(name)
        do { try make(path) } catch { fatalError("\(name): \(error)") }
        return path
    }
}
