import Generations
import LipSync
import Media
import Synthesis

/// A script that a voice of this machine speaks piece by piece while it is heard.
actor SpokenStream {
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
            guard sound != nil || piece.text.isEmpty else {
                pendingSilence += piece.pauseSeconds
                continue
            }
            let silence = pendingSilence
            pendingSilence = piece.pauseSeconds
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
            return (try await FileBytes.samples(of: mix.outputPath), sound.pauseSeconds)
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

    private static func failure(_ error: any Error) -> GenerationError {
        GenerationError(.processingFailed, "The sound could not be encoded.", detail: "\(error)")
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
