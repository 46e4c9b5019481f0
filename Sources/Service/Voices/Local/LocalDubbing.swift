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
        let original = try await OriginalSpeech.listen(
            to: plain, phrases: heard.phrases, speakerCount: parameters.speakerCount)
        let laid = try await speak(
            texts, heard.phrases, until: facts.durationSeconds,
            speakers: try await speakers(original.genders, language: parameters.targetLanguage), in: folder)
        guard !laid.isEmpty else { throw LocalVoices.unspeakable }
        let mixed = folder.output("dubbed.wav")
        var mix = SoundMix(
            outputPath: mixed, voices: laid, loudness: SoundMix.speechLoudness, channelCount: 2)
        // Of speech alone nothing must be heard beside its translation.
        if !parameters.dropsBackground, !original.isAlone {
            mix.background = SoundMix.Background(
                path: sound, gainDecibels: Self.backgroundGains.usual, lowGainDecibels: Self.backgroundGains.low)
        }
        mix.leastSeconds = facts.durationSeconds
        _ = try await children.mix(mix, in: folder, timeLimit: .seconds(600))
        return mixed
    }

    /// Who speaks each phrase: one voice for each gender.
    private func speakers(_ genders: [String], language: String) async throws -> [LocalVoice] {
        var chosen: [String: LocalVoice] = [:]
        for gender in Set(genders) {
            guard let voice = try await voices.voice(forLanguage: language, gender: gender) else {
                throw Self.noVoice(language)
            }
            chosen[gender] = voice
        }
        return genders.compactMap { chosen[$0] }
    }

    /// Speaks the translations at the times of their phrases.
    ///
    /// - Parameters:
    ///   - end: The end of the sound in seconds.
    ///   - speakers: Who speaks each phrase.
    private func speak(
        _ texts: [String], _ phrases: [TranscribedPhrase], until end: Double, speakers: [LocalVoice],
        in folder: SpeechFolder
    ) async throws -> [SoundMix.Voice] {
        let speakable = texts.indices.filter { ScriptText.isSpeakable(texts[$0]) }
        var laid: [SoundMix.Voice] = []
        var free = 0.0
        for (position, index) in speakable.enumerated() {
            let phrase = phrases[index]
            let start = max(phrase.startSeconds, free)
            let next = position + 1 < speakable.count ? phrases[speakable[position + 1]].startSeconds : end
            let piece = try await speak(
                ScriptText.cleaned(texts[index]), by: speakers[index],
                within: Self.room(from: start, phraseEnd: phrase.endSeconds, next: next), in: folder,
                name: "phrase-\(position)-")
            let length = Self.spokenSeconds(of: piece)
            laid.append(
                SoundMix.Voice(
                    path: piece.path, startSeconds: start, durationSeconds: length, phones: piece.phones,
                    lowUntilSeconds: phrase.endSeconds))
            free = start + length + Self.leastGap
        }
        return laid
    }

    /// Speaks a phrase, and again at another pace where it does not fit.
    private func speak(
        _ text: String, by voice: LocalVoice, within room: Double, in folder: SpeechFolder, name: String
    ) async throws -> SpokenPiece {
        func take(_ pace: Double, _ name: String) async throws -> SpokenPiece {
            let spoken = try await voices.speak(
                [text], voice: voice, manner: SpeechManner(pace: pace), in: folder, name: name)
            guard let piece = spoken.first ?? nil else { throw LocalVoices.unspeakable }
            return piece
        }
        let draft = try await take(1, name + "draft-")
        let pace = min(max(Self.spokenSeconds(of: draft) / room, Self.slowestPace), Self.fastestPace)
        return abs(pace - 1) > 0.03 ? try await take(pace, name) : draft
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
