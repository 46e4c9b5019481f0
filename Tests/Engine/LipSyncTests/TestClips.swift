import Foundation
import LipSync
import TestSupport

/// Clips and sounds made once for all tests of a run, and an engine to render them.
enum TestClips {
    static let engine = EmbeddedEngine(Installation(folder: Repository.thirdParty))

    /// The portrait, swaying a little, with a sound of its own: 25 frames a second, 256 × 256.
    ///
    /// - Parameters:
    ///   - filters: A chain of FFmpeg's filters on the picture.
    ///   - sound: A source of FFmpeg's for the sound; `nil` for none.
    static func portrait(
        _ path: String, seconds: Double, filters: String = "null", sound: String? = nil, more: [String] = []
    ) throws {
        let picture = ["-loop", "1", "-framerate", "25", "-i", Repository.portrait]
        let sounds = sound.map { ["-f", "lavfi", "-i", $0, "-c:a", "aac", "-b:a", "192k"] } ?? []
        try Program.ffmpeg(
            picture + sounds + [
                "-vf",
                "crop=340:340:55:0,rotate='0.03*sin(t*1.3)':bilinear=1,crop=300:300,scale=256:256,\(filters)",
                "-t", "\(seconds)", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-crf", "10",
            ] + more + [path])
    }

    /// A tone of a frequency and length.
    static func tone(_ path: String, hertz: Int, seconds: Double, rate: Int = 44_100) throws {
        try Program.ffmpeg(["-f", "lavfi", "-i", "sine=f=\(hertz):r=\(rate):d=\(seconds)", path])
    }

    /// Spoken words.
    static let voice: String = {
        let path = TemporaryFolder.shared.path("engine-voice.wav")
        do {
            try Program.succeed(
                "flite", ["-voice", "slt", "-t", "Pam bought a big map for Bob. My mama may be happy.", "-o", path])
        } catch { fatalError("\(error)") }
        return path
    }()

    /// A file's sound, 48 kHz mono.
    static func samples(_ path: String) throws -> [Float] {
        let folder = try TemporaryFolder()
        let file = folder.path("samples.f32")
        try Program.ffmpeg(["-i", path, "-vn", "-ac", "1", "-ar", "48000", "-f", "f32le", file])
        return try Data(contentsOf: URL(fileURLWithPath: file)).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    /// How strongly a frequency is heard in a stretch of 48 kHz sound, as an amplitude.
    static func amplitude(_ samples: ArraySlice<Float>, hertz: Double) -> Double {
        var (real, imaginary) = (0.0, 0.0)
        for index in samples.indices {
            let angle = 2 * Double.pi * hertz * Double(index) / 48_000
            real += Double(samples[index]) * cos(angle)
            imaginary += Double(samples[index]) * sin(angle)
        }
        return 2 * (real * real + imaginary * imaginary).squareRoot() / Double(max(samples.count, 1))
    }

    /// The peak signal-to-noise ratio of two frames' luma, decibels.
    static func likeness(_ a: [UInt8], _ b: [UInt8]) -> Double {
        var sum = 0.0
        for (x, y) in zip(a, b) {
            let difference = Double(x) - Double(y)
            sum += difference * difference
        }
        return sum == 0 ? 99 : 10 * log10(255 * 255 * Double(a.count) / sum)
    }
}
