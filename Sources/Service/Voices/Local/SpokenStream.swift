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
    /// How much faster the encoder makes the sound.
    private let tempo: Double
    private var hasSpoken = false
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
        tempo = request.speed / pace
        pieces =
            ScriptPiece.streamedPieces(
                of: request.script, isEnglish: voice.voice.language?.hasPrefix("en") == true)[...]
        guard pieces.contains(where: { !$0.text.isEmpty }) else { throw LocalVoices.unspeakable }
        do {
            // What no voice can do by itself is done to the sound.
            encoder = try SoundEncoder(
                format.encoding, inputRate: LocalVoices.sampleRate, tempo: tempo)
        } catch {
            throw GenerationError(.partUnavailable, "The sound cannot be encoded.", detail: "\(error)")
        }
    }

    /// The next bytes; nil behind the last. Pieces that the voice cannot say are left out.
    ///
    /// - Throws: `GenerationError`, also where the voice can say none; `CancellationError` if the task was cancelled.
    func next() async throws -> [UInt8]? {
        while let piece = pieces.popFirst() {
            let sound = piece.text.isEmpty ? nil : try await speak(piece)
            let silence = pendingSilence
            pendingSilence = piece.pauseSeconds
            guard sound != nil || piece.text.isEmpty else { continue }
            if piece.pauseSeconds == 0, !pieces.isEmpty { pendingSilence = sound?.pauseSeconds ?? 0 }
            let bytes = try encode(seconds: silence) + encode(sound?.samples ?? [])
            hasSpoken = hasSpoken || sound != nil
            if !bytes.isEmpty { return bytes }
        }
        guard !isFinished else { return nil }
        guard hasSpoken else { throw LocalVoices.unspeakable }
        isFinished = true
        do { return try encode(seconds: pendingSilence) + encoder.finish() } catch { throw Self.failure(error) }
    }

    /// The sound of a piece and the pause that belongs behind it; nil where the voice can say nothing of it.
    private func speak(_ piece: ScriptPiece) async throws -> (samples: [Float], pauseSeconds: Double)? {
        number += 1
        return try await SpeechFolder.with(for: "\(path).\(number)") { folder in
            let spoken: [SpokenPiece?]
            do {
                spoken = try await voices.speak(
                    [piece.text], voice: voice, manner: manner, in: folder, name: "piece-")
            } catch let error as GenerationError where error.code == .requestInvalid {
                return nil
            }
            guard let sound = spoken.first ?? nil else { return nil }
            var mix = SoundMix(
                outputPath: folder.output("mixed.wav"),
                voices: [
                    SoundMix.Voice(
                        path: sound.path, startSeconds: 0, durationSeconds: sound.durationSeconds, phones: nil)
                ], loudness: SoundMix.speechLoudness, sampleRate: LocalVoices.sampleRate)
            mix.gainDecibels = gainDecibels
            let facts = try await children.mix(mix, in: folder, timeLimit: .seconds(60))
            guard facts.peak > LocalVoices.audiblePeak else { return nil }
            gainDecibels = gainDecibels ?? facts.voiceGainDecibels
            return (try await Self.samples(mix.outputPath), sound.pauseSeconds)
        }
    }

    /// Encodes silence, of that length in what is heard.
    private func encode(seconds: Double) throws -> [UInt8] {
        try encode([Float](repeating: 0, count: Int(seconds * tempo * Double(LocalVoices.sampleRate))))
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
