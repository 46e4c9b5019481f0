import Generations
import Media

/// A sound that is whole before any of it is heard.
actor WholeSoundStream {
    private let encoder: SoundEncoder
    private let make: @Sendable () async throws -> String
    private var isFinished = false

    /// - Parameters:
    ///   - tempo: How much faster it becomes.
    ///   - make: Makes a file of one channel, 16 bits and `LocalVoices.sampleRate`, and gives its path; it is
    ///     removed.
    init(as format: SpeechFormat, tempo: Double, _ make: @escaping @Sendable () async throws -> String) throws {
        encoder = try SoundEncoder(format.encoding, inputRate: LocalVoices.sampleRate, tempo: tempo)
        self.make = make
    }

    /// The bytes; nil behind them.
    func next() async throws -> [UInt8]? {
        guard !isFinished else { return nil }
        isFinished = true
        let path = try await make()
        defer { Task { await FileBytes.remove(path) } }
        return try encoder.append(try await FileBytes.samples(of: path)) + encoder.finish()
    }
}
