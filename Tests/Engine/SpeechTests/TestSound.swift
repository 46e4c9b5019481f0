import Foundation
import Speech
import TestSupport

/// Sound made at test time by the installed programs.
enum TestSound {
    /// A sentence full of p b m and open vowels, spoken by flite.
    static let sentence = "Pam bought a big map for Bob. My mama may be happy to buy five apples."

    /// The sentence as 16 kHz mono samples, made once.
    static var spokenSentence: [Float] { madeSentence.samples }
    /// Its phones, as the synthesiser tells them.
    static var phones: [TimedPhone] { madeSentence.phones }

    private static let madeSentence: (samples: [Float], phones: [TimedPhone]) = {
        do { return try spoken(sentence) } catch { fatalError("flite or ffmpeg failed: \(error)") }
    }()

    /// What the network hears in the sentence, made once.
    static let analysis: SpeechAnalysis = {
        do { return try analyzed(spokenSentence) } catch { fatalError("\(error)") }
    }()

    static func spoken(_ text: String) throws -> (samples: [Float], phones: [TimedPhone]) {
        try inTemporaryFolder { folder in
            let phones = try FliteVoice.speak(text, to: folder + "/speech.wav")
            let samples = try decoded(["-i", folder + "/speech.wav"], folder: folder)
            return (
                samples,
                phones.map {
                    TimedPhone(phone: $0.name, startSeconds: $0.startSeconds, endSeconds: $0.endSeconds)
                }
            )
        }
    }

    static func spokenByEspeak(_ text: String, voice: String) throws -> [Float] {
        try inTemporaryFolder { folder in
            try Program.succeed("espeak-ng", ["-v", voice, "-w", folder + "/speech.wav", text])
            return try decoded(["-i", folder + "/speech.wav"], folder: folder)
        }
    }

    /// A source of FFmpeg's lavfi, such as `sine=frequency=440:duration=3`.
    static func generated(_ source: String) throws -> [Float] {
        try inTemporaryFolder { try decoded(["-f", "lavfi", "-i", source], folder: $0) }
    }

    static func analyzed(
        _ samples: [Float], blockLength: Int = 4096, phones: [TimedPhone]? = nil
    ) throws -> SpeechAnalysis {
        // One network for all tests: it takes memory, and belongs to one thread at a time.
        try lock.withLock {
            var analyzer = SpeechAnalyzer(encoder: try encoder.get(), phones: phones)
            for start in stride(from: 0, to: samples.count, by: blockLength) {
                try analyzer.append(Array(samples[start..<min(start + blockLength, samples.count)]))
            }
            return try analyzer.finish()
        }
    }

    private static let lock = NSLock()
    private static let encoder = Result { try TestSpeech.encoder() }

    private static func decoded(_ input: [String], folder: String) throws -> [Float] {
        let file = folder + "/samples.f32"
        try Program.succeed("ffmpeg", ["-v", "error"] + input + ["-ac", "1", "-ar", "16000", "-f", "f32le", file])
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        return data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    private static func inTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path)
    }
}

/// Pearson's correlation.
func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let count = Double(min(a.count, b.count))
    let (x, y) = (a.map(Double.init), b.map(Double.init))
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (p, q) in zip(x, y) {
        xy += (p - meanX) * (q - meanY)
        xx += (p - meanX) * (p - meanX)
        yy += (q - meanY) * (q - meanY)
    }
    return xy / (xx * yy).squareRoot()
}

extension [Float] {
    /// The value under which `fraction` of them lie.
    func percentile(_ fraction: Double) -> Float {
        sorted()[Int((Double(count - 1) * fraction).rounded())]
    }
}
