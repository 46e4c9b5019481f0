import Foundation
import Queues
import Speech

/// What dubbing has to know of the sound of the original.
package struct OriginalSpeech: Sendable {
    /// The least distance between loud and quiet stretches of a sound that is nothing but speech, in decibels. Of 28 clips and
    /// recordings, those of people who speak alone have 28 to 85, those with music, noise or other people 6 to 18.
    private static let leastSpeechRange = 25.0
    /// The stretch whose level is measured: 50 ms.
    private static let levelSamples = VoicePitch.sampleRate / 20

    /// The most of a phrase whose pitch is measured, in seconds.
    private static let longestListening = 20.0

    /// The genders of who speaks in the phrases, `male` or `female`.
    let genders: [String]
    /// Whether there is nothing to hear but the speech.
    let isAlone: Bool

    /// Listens to a WAV file of one channel, 16 bits and `VoicePitch.sampleRate`.
    ///
    /// - Parameter speakerCount: How many people speak; 0 where nobody knows.
    static func listen(
        to path: String, phrases: [TranscribedPhrase], speakerCount: Int
    ) async throws -> OriginalSpeech {
        let samples = try await FileBytes.samples(of: path)
        var pitches: [Double?] = []
        for phrase in phrases {
            try Task.checkCancellation()
            let first = position(phrase.startSeconds, samples)
            let last = position(min(phrase.endSeconds, phrase.startSeconds + longestListening), samples)
            let pitch: Double? = await BlockingWork.run { VoicePitch.median(of: samples[first..<max(first, last)]) }
            pitches.append(pitch)
        }
        let isAlone = await BlockingWork.run { Self.isAlone(samples) }
        return OriginalSpeech(genders: genders(of: pitches, speakerCount: speakerCount), isAlone: isAlone)
    }

    /// The genders of phrases with these pitches, in hertz.
    ///
    /// Where all pitches may be one person's, they are: people go up and down by half an octave while they speak.
    package static func genders(of pitches: [Double?], speakerCount: Int) -> [String] {
        let known = pitches.compactMap { $0 }.sorted()
        guard let lowest = known.first, let highest = known.last else {
            return pitches.map { _ in "male" }
        }
        let middle = known[known.count / 2]
        let areTwo =
            speakerCount != 1 && highest / lowest > 1.4 && lowest < VoicePitch.highestOfMenHertz
            && highest >= VoicePitch.highestOfMenHertz
        var last = middle
        return pitches.map { pitch in
            // A phrase without a pitch is taken for the one before it.
            last = pitch ?? last
            return (areTwo ? last : middle) < VoicePitch.highestOfMenHertz ? "male" : "female"
        }
    }

    /// Whether a sound is so quiet in between that there is nothing but speech in it.
    package static func isAlone(_ samples: [Float]) -> Bool {
        let levels = stride(from: 0, to: samples.count - levelSamples, by: levelSamples).map { start in
            let power = samples[start..<start + levelSamples].reduce(0.0) { $0 + Double($1 * $1) }
            return 10 * log10(power / Double(levelSamples) + 1e-10)
        }.sorted()
        guard levels.count >= 20 else { return false }
        return levels[levels.count * 19 / 20] - levels[levels.count / 20] > leastSpeechRange
    }

    private static func position(_ seconds: Double, _ samples: [Float]) -> Int {
        min(samples.count, max(0, Int(max(0, min(seconds, 1e6)) * Double(VoicePitch.sampleRate))))
    }
}
