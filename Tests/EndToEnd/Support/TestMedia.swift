import Foundation
import TestSupport

/// Clips and voices made once for all tests of a run, from the portrait and the installed speech programs.
enum TestMedia {
    /// Full of p, b, m and open vowels.
    static let sentence = "Pam bought a big map for Bob. My mama may be happy to buy five apples."
    /// Seconds of silence at the end of `voice`.
    static let silentSeconds = 1.5

    /// The portrait, swaying a little, 640 × 640 at 25 frames a second for seven seconds.
    static let clip = made("clip.mp4") {
        try portraitClip($0, seconds: 7, size: 640, rate: "25", more: ["-crf", "10"])
    }

    /// The same for 40 frames of 320 × 320.
    static let shortClip = made("short.mp4") { try portraitClip($0, seconds: 1.6, size: 320, rate: "25") }

    /// The sentence and a pause.
    static let voice = made("voice.wav") { path in
        _ = try FliteVoice.speak(sentence, to: path + ".flite.wav")
        try Program.ffmpeg(["-i", path + ".flite.wav", "-af", "apad=pad_dur=\(silentSeconds)", path])
    }

    /// The phones of the sentence, as the synthesiser tells them.
    static let phones: [FliteVoice.Phone] = {
        do { return try FliteVoice.speak(sentence, to: TemporaryFolder.shared.path("phones.wav")) } catch {
            fatalError("\(error)")
        }
    }()

    /// A sentence in German.
    static let germanVoice = made("german.wav") { path in
        try Program.succeed(
            "espeak-ng", ["-v", "de", "-w", path, "Mama, Papa und Barbara malen am Abend ein Bild vom Meer."])
    }

    /// The first seconds of the voice.
    static func voice(seconds: Double) throws -> String {
        try shared("voice-\(seconds).wav") { try Program.ffmpeg(["-i", voice, "-t", "\(seconds)", $0]) }
    }

    /// Writes a clip of the portrait that moves by fractions of a pixel.
    static func portraitClip(
        _ path: String, seconds: Double, size: Int, rate: String, filters: String = "null", more: [String] = []
    ) throws {
        try Program.ffmpeg(
            [
                "-loop", "1", "-framerate", rate, "-i", Repository.portrait, "-vf",
                "crop=340:340:55:0,rotate='0.03*sin(t*1.3)':bilinear=1,crop=300:300,scale=\(size):\(size),\(filters)",
                "-t", "\(seconds)", "-pix_fmt", "yuv420p", "-preset", "ultrafast",
            ] + more + [path])
    }

    /// Makes a file in the shared folder unless it is there.
    static func shared(_ name: String, _ make: (String) throws -> Void) throws -> String {
        let path = TemporaryFolder.shared.path(name)
        try lock.withLock {
            guard !FileManager.default.fileExists(atPath: path) else { return }
            try make(path)
        }
        return path
    }

    private static let lock = NSRecursiveLock()

    /// Makes a file of a static property, which is asked for once. Without the lock: who has that may ask for the property.
    private static func made(_ name: String, _ make: (String) throws -> Void) -> String {
        let path = TemporaryFolder.shared.path(name)
        do { try make(path) } catch { fatalError("\(name): \(error)") }
        return path
    }
}
