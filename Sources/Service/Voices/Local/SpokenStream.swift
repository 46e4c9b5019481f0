import Generations
import LipSync
import Media
import Queues
import Synthesis
import Wave

/// A script that a voice of this machine speaks piece by piece while it is heard.
actor SpokenStream {
    /// The most of one spoken piece that is read, in bytes: an hour of sound.
    private static let mostPieceBytes = 48_000 * 2 * 3600

    private let voices: LocalVoices
    private let children: SpeechChildren
    private let voice: LocalVoice
    private let manner: SpeechManner
    private let encoder: SoundEncoder
    /// Beside it the folders of pieces are made.
    private let path: String
    private var pieces: ArraySlice<ScriptPiece>
    private var number = 0
    /// The gain of all pieces but the first: what brought that one to its loudness.
    private var gainDecibels: Double?
    private var pendingSilence = 0.0
    private var isFinished = false

    /// - Throws: `GenerationError` where nothing can be said.
    init(
        _ request: SpeechRequest, as format: SpeechFormat, voice: LocalVoice, voices: LocalVoices,
        children: SpeechChildren, path: String
    ) throws {
        self.voice = voice
        self.voices = voices
        self.children = children
        self.path = path
        let pace = min(max(request.speed, 0.5), 2)
        manner = SpeechManner(pace: pace, pitch: request.pitch)
        pieces = ScriptPiece.streamedPieces(of: request.script)[...]
        guard pieces.contains(where: { !$0.text.isEmpty }) else { throw LocalVoices.unspeakable }
        do {
            // What no voice can do by itself is done to the sound.
            encoder = try SoundEncoder(
                format.encoding, inputRate: LocalVoices.sampleRate, tempo: request.speed / pace)
        } catch {
            throw GenerationError(.partUnavailable, "The sound cannot be encoded.", detail: "\(error)")
        }
    }

    /// The next bytes; nil behind the last.
    ///
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func next() async throws -> [UInt8]? {
        while let piece = pieces.popFirst() {
            var bytes = try encode([Float](repeating: 0, count: Int(pendingSilence * Double(LocalVoices.sampleRate))))
            pendingSilence = piece.pauseSeconds
            if !piece.text.isEmpty { bytes += try encode(try await speak(piece)) }
            if !bytes.isEmpty { return bytes }
        }
        guard !isFinished else { return nil }
        isFinished = true
        let silence = [Float](repeating: 0, count: Int(pendingSilence * Double(LocalVoices.sampleRate)))
        do { return try encode(silence) + encoder.finish() } catch { throw Self.failure(error) }
    }

    private func speak(_ piece: ScriptPiece) async throws -> [Float] {
        number += 1
        let (sound, pause) = try await SpeechFolder.with(for: "\(path).\(number)") { folder in
            let spoken = try await voices.speak([piece.text], voice: voice, manner: manner, in: folder, name: "piece-")
            guard let sound = spoken.first else { throw LocalVoices.unspeakable }
            var mix = SoundMix(
                outputPath: folder.output("mixed.wav"),
                voices: [
                    SoundMix.Voice(
                        path: sound.path, startSeconds: 0, durationSeconds: sound.durationSeconds, phones: nil)
                ], loudness: SoundMix.speechLoudness, sampleRate: LocalVoices.sampleRate)
            mix.gainDecibels = gainDecibels
            let facts = try await children.mix(mix, in: folder, timeLimit: .seconds(60))
            gainDecibels = gainDecibels ?? facts.voiceGainDecibels
            return (try await Self.samples(mix.outputPath), sound.pauseSeconds)
        }
        if piece.pauseSeconds == 0, !pieces.isEmpty { pendingSilence = pause }
        return sound
    }

    private func encode(_ samples: [Float]) throws -> [UInt8] {
        guard !samples.isEmpty else { return [] }
        do { return try encoder.append(samples) } catch { throw Self.failure(error) }
    }

    /// The samples of a file of one channel and 16 bits.
    static func samples(_ path: String) async throws -> [Float] {
        try await BlockingWork.run {
            guard let reader = WaveReader(path: path), let data = reader.chunk("data"),
                let bytes = reader.content(of: data, most: mostPieceBytes)
            else { throw GenerationError(.storageFailed, detail: "\(path) cannot be read again") }
            return bytes.withUnsafeBytes { bytes in
                (0..<bytes.count / 2).map { index in
                    let value = bytes.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self)
                    return Float(Int16(littleEndian: value)) / 32767
                }
            }
        }
    }

    private static func failure(_ error: any Error) -> GenerationError {
        GenerationError(.processingFailed, "The sound could not be encoded.", detail: "\(error)")
    }
}

/// A sound that is whole before any of it is heard.
actor WholeSoundStream {
    private let encoder: SoundEncoder
    private let make: @Sendable () async throws -> String
    private var isFinished = false

    /// - Parameter make: Makes a file of one channel, 16 bits and `LocalVoices.sampleRate`, and gives its path; it is removed.
    init(as format: SpeechFormat, _ make: @escaping @Sendable () async throws -> String) throws {
        encoder = try SoundEncoder(format.encoding, inputRate: LocalVoices.sampleRate)
        self.make = make
    }

    /// The bytes; nil behind them.
    func next() async throws -> [UInt8]? {
        guard !isFinished else { return nil }
        isFinished = true
        let path = try await make()
        defer { Task { await FileBytes.remove(path) } }
        return try encoder.append(try await SpokenStream.samples(path)) + encoder.finish()
    }
}

extension SpeechFormat {
    /// What the encoder calls it.
    var encoding: SoundEncoder.Format {
        switch self {
        case .mp3: .mp3
        case .opus: .opus
        case .aac: .aac
        case .flac: .flac
        case .wav: .wav
        case .pcm: .pcm
        }
    }
}
