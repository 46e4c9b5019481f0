import Generations
import LipSync
import Speech
import Synthesis

/// Dubbing with services of the operator: the speech is transcribed, translated, and spoken by a local voice at the
/// times of the original's phrases, over the original sound at a lower level.
///
/// The numbers are unmeasured.
package struct LocalDubbing: Sendable {
    /// The gain of the original sound under the new voice, and between its phrases, in decibels.
    private static let backgroundGains = (low: -22.0, usual: -8.0)
    /// The fastest pace for a translation that is longer than its phrase, as a factor; the rest extends into the next
    /// pause.
    private static let fastestPace = 1.6
    /// The slowest pace for a translation that is shorter than its phrase.
    private static let slowestPace = 0.8
    /// The least silence between two phrases, in seconds.
    private static let leastGap = 0.05

    let transcriber: Transcriber
    let translator: Translator
    let voices: LocalVoices
    let children: SpeechChildren

    /// Dubs the speech of a file of the folder into another file of the folder, whose path is returned.
    ///
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func dub(_ parameters: DubParameters, sound: String, in folder: SpeechFolder) async throws -> String {
        guard let voice = try await voices.voice(forLanguage: parameters.targetLanguage) else {
            throw Self.noVoice(parameters.targetLanguage)
        }
        let source = parameters.sourceLanguage == "auto" ? nil : parameters.sourceLanguage
        let plain = folder.output("plain.wav")
        let facts = try await children.mix(
            .extraction(of: sound, to: plain, sampleRate: 16_000, channelCount: 1), in: folder,
            timeLimit: .seconds(600))
        let heard = try await transcriber.phrases(in: plain, language: source, folder: folder)
        guard !heard.phrases.isEmpty else {
            throw GenerationError(
                .videoUnusable, "Nothing is said in the video that could be dubbed.",
                suggestion: "Use a video with clear speech.")
        }
        let texts = try await translator.translate(
            heard.phrases.map(\.text), from: Self.code(source ?? heard.language), to: parameters.targetLanguage)
        let laid = try await speak(
            texts, heard.phrases, until: facts.durationSeconds, voice: voice, in: folder)
        guard !laid.isEmpty else { throw LocalVoices.unspeakable }
        let mixed = folder.output("dubbed.wav")
        _ = try await children.mix(
            SoundMix(
                outputPath: mixed, voices: laid,
                background: SoundMix.Background(
                    path: sound, gainDecibels: Self.backgroundGains.usual, lowGainDecibels: Self.backgroundGains.low),
                loudness: SoundMix.speechLoudness, channelCount: 2), in: folder, timeLimit: .seconds(600))
        return mixed
    }

    /// Speaks the translations at the times of their phrases.
    ///
    /// - Parameter end: The end of the sound in seconds.
    private func speak(
        _ texts: [String], _ phrases: [TranscribedPhrase], until end: Double, voice: LocalVoice,
        in folder: SpeechFolder
    ) async throws -> [SoundMix.Voice] {
        let speakable = texts.indices.filter { ScriptText.isSpeakable(texts[$0]) }
        let cleaned = speakable.map { ScriptText.cleaned(texts[$0]) }
        let drafts = try await voices.speak(cleaned, voice: voice, manner: SpeechManner(), in: folder, name: "draft-")
        guard drafts.count == speakable.count else { throw LocalVoices.unspeakable }
        var laid: [SoundMix.Voice] = []
        var free = 0.0
        for (position, index) in speakable.enumerated() {
            let phrase = phrases[index]
            let start = max(phrase.startSeconds, free)
            let next = position + 1 < speakable.count ? phrases[speakable[position + 1]].startSeconds : end
            let room = Self.room(from: start, phraseEnd: phrase.endSeconds, next: next)
            var piece = drafts[position]
            let pace = min(max(Self.spokenSeconds(of: piece) / room, Self.slowestPace), Self.fastestPace)
            if abs(pace - 1) > 0.03 {
                let again = try await voices.speak(
                    [cleaned[position]], voice: voice, manner: SpeechManner(pace: pace), in: folder,
                    name: "phrase-\(position)-")
                piece = again.first ?? piece
            }
            let length = Self.spokenSeconds(of: piece)
            laid.append(
                SoundMix.Voice(
                    path: piece.path, startSeconds: start, durationSeconds: length, phones: piece.phones,
                    lowUntilSeconds: phrase.endSeconds))
            free = start + length + Self.leastGap
        }
        return laid
    }

    /// The time for a phrase in seconds: that of the original, extended up to the next phrase if it is too short.
    package static func room(from start: Double, phraseEnd: Double, next: Double) -> Double {
        let own = phraseEnd - start
        let most = max(own, next - start - leastGap)
        return max(0.3, min(most, max(own, 0.3) * 1.15))
    }

    /// The length in seconds without the pause that a synthesiser adds at the end.
    private static func spokenSeconds(of piece: SpokenPiece) -> Double {
        guard let last = piece.phones?.last, last.phone == "SIL", let phones = piece.phones, phones.count > 1 else {
            return piece.durationSeconds
        }
        return min(piece.durationSeconds, last.startSeconds + 0.05)
    }

    /// The code of a language that a transcription service names by its code or its English name.
    package static func code(_ language: String?) -> String {
        guard let language = language?.lowercased(), !language.isEmpty else { return "auto" }
        if language.count <= 3 { return language }
        return names[language] ?? "auto"
    }

    private static let names = [
        "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
        "dutch": "nl", "polish": "pl", "russian": "ru", "ukrainian": "uk", "turkish": "tr", "arabic": "ar",
        "hindi": "hi", "chinese": "zh", "japanese": "ja", "korean": "ko", "swedish": "sv", "norwegian": "no",
        "danish": "da", "finnish": "fi", "greek": "el", "hebrew": "he", "hungarian": "hu", "czech": "cs",
        "romanian": "ro", "bulgarian": "bg", "vietnamese": "vi", "thai": "th", "indonesian": "id", "catalan": "ca",
    ]

    static func noVoice(_ language: String) -> GenerationError {
        GenerationError(
            .notOfferedHere, "No voice of this installation speaks \(language).",
            suggestion: "Choose a language of the voice list, or set elevenlabs-key (LIPSMITH_ELEVENLABS_KEY).",
            field: .targetLanguage)
    }
}
