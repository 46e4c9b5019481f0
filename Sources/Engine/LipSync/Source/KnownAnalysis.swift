import Foundation
import Speech

/// Where what was found out about a file by an earlier job lies, or where it is left for later ones. Whoever hands it in
/// answers for it that both jobs have the same file and the same settings.
public struct KnownAnalysis: Codable, Hashable, Sendable {
    /// The file to read; `nil` where nothing is known yet.
    public var path: String?
    /// The file to write after the work was done; `nil` for none. It must not exist.
    public var outputPath: String?

    public init(path: String? = nil, outputPath: String? = nil) {
        self.path = path
        self.outputPath = outputPath
    }

    private static let byteLimit = 16 << 20

    /// What an earlier job has left; `nil` where there is none that can be read.
    func read<Value: Decodable>(_ type: Value.Type) -> Value? {
        guard let path, let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: Self.byteLimit), data.count < Self.byteLimit else { return nil }
        return try? JSONDecoder().decode(type, from: data)
    }

    /// Leaves something for later jobs. One that cannot be written costs them time and nothing else.
    func write(_ value: some Encodable) {
        guard let outputPath, let data = try? JSONEncoder().encode(value), data.count < Self.byteLimit else { return }
        try? data.write(to: URL(fileURLWithPath: outputPath), options: .withoutOverwriting)
    }
}

extension SpeechAnalysis {
    /// Whether it can be one of a sound of that length: all times lie in it, in order, and the levels are as many as
    /// they must be.
    func fits(seconds: Double) -> Bool {
        guard durationSeconds.isFinite, abs(durationSeconds - seconds) < 0.2,
            abs(Double(levels.count) - durationSeconds * Double(Self.framesPerSecond)) <= 10,
            levels.allSatisfy(\.isFinite), signalToNoiseDecibels.isFinite,
            learned?.fits(seconds: durationSeconds) ?? true
        else { return false }
        var end = 0.0
        for phone in phones {
            guard phone.startSeconds.isFinite, phone.endSeconds.isFinite, phone.startSeconds >= end - 1e-6,
                phone.endSeconds >= phone.startSeconds, phone.endSeconds <= durationSeconds + 0.2
            else { return false }
            end = phone.endSeconds
        }
        return true
    }
}
