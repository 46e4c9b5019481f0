import Foundation
import Media
import Speech
import TestSupport
import Testing

@Suite struct SpeechAnalyzerTests {
    @Test func spokenSentenceIsSpeech() {
        let analysis = TestSound.analysis
        #expect(analysis.hasSpeech)
        #expect(!analysis.isDigitallySilent)
        #expect(analysis.signalToNoiseDecibels > 20)
        #expect(analysis.levels.count == TestSound.spokenSentence.count / 160 + 1)
        #expect(analysis.learned?.opening.count == TestSound.spokenSentence.count / 320 + 1)
        #expect(analysis.phones.isEmpty)
        #expect(!analysis.phonesAreExact)
    }

    @Test(arguments: [160, 997, 40_000])
    func blockLengthDoesNotMatter(blockLength: Int) throws {
        let analysis = try TestSound.analyzed(TestSound.spokenSentence, blockLength: blockLength)
        #expect(analysis.learned == TestSound.analysis.learned)
        #expect(analysis.levels == TestSound.analysis.levels)
        #expect(analysis.hasSpeech == TestSound.analysis.hasSpeech)
    }

    @Test func levelDoesNotMatter() throws {
        let quiet = try TestSound.analyzed(TestSound.spokenSentence.map { $0 * 0.0316 })
        #expect(quiet.hasSpeech)
        let count = Int(quiet.durationSeconds * 50)
        let track = MouthModel.track(quiet, frameRate: Rational(50), frameCount: count)
        let reference = MouthModel.track(TestSound.analysis, frameRate: Rational(50), frameCount: count)
        #expect(correlation(track.opening, reference.opening) > 0.98)
        #expect(correlation(track.width, reference.width) > 0.98)
        #expect(correlation(track.jaw, reference.jaw) > 0.98)
    }

    @Test(arguments: [-50, -60]) func verySoftSpeechIsHeard(decibels: Float) throws {
        let samples = TestSound.spokenSentence
        let power = samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count)
        let gain = pow(10, decibels / 20) / power.squareRoot()
        let analysis = try TestSound.analyzed(samples.map { $0 * gain })
        #expect(analysis.hasSpeech)
        let track = MouthModel.track(analysis, frameRate: Rational(25), frameCount: 100)
        #expect(track.opening.percentile(0.95) > 0.5)
    }

    @Test func clippedSpeechMovesTheMouthLikeCleanSpeech() throws {
        let clipped = try TestSound.analyzed(TestSound.spokenSentence.map { max(-1, min(1, $0 * 8)) })
        let track = MouthModel.track(clipped, frameRate: Rational(50), frameCount: 200)
        let clean = MouthModel.track(TestSound.analysis, frameRate: Rational(50), frameCount: 200)
        #expect(correlation(track.opening, clean.opening) > 0.8)
    }

    @Test func emptySoundHasNoSpeech() throws {
        let analysis = try TestSound.analyzed([])
        #expect(analysis.durationSeconds == 0)
        #expect(analysis.learned == LearnedMotion())
        #expect(analysis.levels.isEmpty)
        #expect(!analysis.hasSpeech)
        #expect(analysis.isDigitallySilent)
        expectRest(analysis)
    }

    @Test(arguments: [1, 159, 160, 399, 400, 1600])
    func veryShortSoundIsAnalyzed(length: Int) throws {
        let analysis = try TestSound.analyzed(Array(TestSound.spokenSentence[8000..<8000 + length]))
        #expect(analysis.durationSeconds == Double(length) / 16_000)
        #expect(analysis.learned?.opening.count == length / 320 + 1)
        #expect(MouthModel.track(analysis, frameRate: Rational(25), frameCount: 5).opening.count == 5)
    }

    @Test func digitalSilenceIsAtRest() throws {
        let analysis = try TestSound.analyzed([Float](repeating: 0, count: 48_000))
        #expect(analysis.isDigitallySilent)
        #expect(!analysis.hasSpeech)
        expectRest(analysis)
    }

    @Test(arguments: [
        "sine=frequency=440:duration=4", "sine=frequency=100:duration=4,volume=-40dB",
        "sine=frequency=1000:duration=2,adelay=1500,apad=pad_dur=1.5",
        "anoisesrc=color=white:duration=8:seed=1:amplitude=0.2",
        "anoisesrc=color=pink:duration=8:seed=2:amplitude=0.2",
        "anoisesrc=color=brown:duration=8:seed=3:amplitude=0.2",
        "aevalsrc='0.3*sin(2*PI*50*t)+0.1*sin(2*PI*150*t)':d=4",
    ])
    func toneNoiseAndHumAreAtRest(source: String) throws {
        let analysis = try TestSound.analyzed(TestSound.generated(source))
        #expect(!analysis.isDigitallySilent)
        #expect(!analysis.hasSpeech)
        expectRest(analysis)
    }

    @Test func aClickIsNoSpeech() throws {
        var samples = [Float](repeating: 0, count: 32_000)
        for index in 0..<80 { samples[16_000 + index] = index % 2 == 0 ? 0.8 : -0.8 }
        let analysis = try TestSound.analyzed(samples)
        #expect(!analysis.hasSpeech)
    }

    @Test func speechAfterAToneIsFoundAndTheToneRests() throws {
        let tone = (0..<48_000).map { 0.3 * sin(Float($0) * 2 * .pi * 440 / 16_000) }
        let analysis = try TestSound.analyzed(tone + TestSound.spokenSentence)
        #expect(analysis.hasSpeech)
        let count = Int(analysis.durationSeconds * 25)
        let track = MouthModel.track(analysis, frameRate: Rational(25), frameCount: count)
        #expect(track.speech[..<60].allSatisfy { $0 < 0.01 })
        #expect(track.speech[80...].max() ?? 0 > 0.99)
    }

    @Test func speechInALongSilenceKeepsItsScale() throws {
        let hiss = try TestSound.generated("anoisesrc=duration=90:amplitude=0.0005:seed=4")
        let analysis = try TestSound.analyzed(hiss + TestSound.spokenSentence)
        let start = Double(hiss.count) / 16_000
        let count = Int(TestSound.analysis.durationSeconds * 50)
        let track = MouthModel.track(analysis, frameRate: Rational(50), frameCount: count, startSeconds: start)
        let alone = MouthModel.track(TestSound.analysis, frameRate: Rational(50), frameCount: count)
        #expect(abs(track.opening.percentile(0.9) - alone.opening.percentile(0.9)) < 0.2)
        let before = MouthModel.track(analysis, frameRate: Rational(25), frameCount: 2000)
        #expect(before.speech.allSatisfy { $0 == 0 })
    }

    @Test func samplesThatAreNotNumbersAreSilence() throws {
        let bad = [Float](repeating: .nan, count: 4000) + [.infinity, -.infinity]
        let analysis = try TestSound.analyzed(bad)
        #expect(analysis.isDigitallySilent)
        #expect(analysis.levels.allSatisfy { $0.isFinite })
    }

    @Test func hugeSamplesStayNumbers() throws {
        var samples = TestSound.spokenSentence
        for index in stride(from: 0, to: samples.count, by: 999) { samples[index] = index % 2 == 0 ? 3e38 : -1e20 }
        let analysis = try TestSound.analyzed(samples)
        #expect(analysis.levels.allSatisfy { $0.isFinite })
        #expect(analysis.signalToNoiseDecibels.isFinite)
        #expect(analysis.learned?.fits(seconds: analysis.durationSeconds) == true)
    }

    @Test func otherLanguagesMoveTheMouthToo() throws {
        let samples = try TestSound.spokenByEspeak("Guten Morgen, wie geht es Ihnen heute?", voice: "de")
        let analysis = try TestSound.analyzed(samples)
        #expect(analysis.hasSpeech)
        let count = Int(analysis.durationSeconds * 25)
        let track = MouthModel.track(analysis, frameRate: Rational(25), frameCount: count)
        #expect(track.opening.percentile(0.95) - track.opening.percentile(0.05) > 0.4)
    }

    @Test func finishedAnalyzerRefusesMore() throws {
        var analyzer = SpeechAnalyzer(encoder: try TestSpeech.encoder())
        _ = try analyzer.finish()
        #expect(throws: SpeechError.self) { try analyzer.append([0]) }
        #expect(throws: SpeechError.self) { try analyzer.finish() }
    }

    @Test func analysisSurvivesItsJSON() throws {
        let data = try JSONEncoder().encode(TestSound.analysis)
        let copy = try JSONDecoder().decode(SpeechAnalysis.self, from: data)
        #expect(copy.learned == TestSound.analysis.learned)
        #expect(copy.levels == TestSound.analysis.levels)
    }

    @Test func aLongSoundKeepsItsTimes() throws {
        let unitLength = 16_000 * 7
        var unit = TestSound.spokenSentence
        unit += [Float](repeating: 0, count: unitLength - unit.count)
        let repetitions = 28
        let analysis = try TestSound.analyzed(
            Array(repeatElement(unit, count: repetitions).joined()), blockLength: 5000)
        #expect(analysis.durationSeconds == Double(7 * repetitions))
        let learned = try #require(analysis.learned)
        // The same motion in every repetition, but for what the place in its window changes.
        let first = Array(learned.opening[350..<700])
        for repetition in 2..<repetitions {
            let other = Array(learned.opening[350 * repetition..<350 * (repetition + 1)])
            #expect(correlation(first, other) > 0.98, "repetition \(repetition)")
        }
    }

    private func expectRest(_ analysis: SpeechAnalysis) {
        let track = MouthModel.track(analysis, frameRate: Rational(25), frameCount: 200)
        #expect(track.opening == [Float](repeating: 0.05, count: 200))
        #expect(Set(track.width).count == 1)
        #expect(Set(track.jaw).count == 1)
        #expect(track.speech.allSatisfy { $0 == 0 })
        #expect(track.closures.isEmpty)
    }
}
