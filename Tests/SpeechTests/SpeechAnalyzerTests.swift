import Foundation
import Media
import Speech
import Testing

@Suite struct SpeechAnalyzerTests {
    @Test func spokenSentenceGivesItsPhones() {
        let analysis = TestSound.analysis
        #expect(analysis.hasSpeech)
        #expect(!analysis.isDigitallySilent)
        #expect(analysis.signalToNoiseDecibels > 20)
        #expect(analysis.levels.count == TestSound.spokenSentence.count / 160 + 1)
        // The sentence has 15 of p b m; the recogniser finds part of them in synthetic speech.
        let bilabials = analysis.phones.count { ["P", "B", "M"].contains($0.phone) }
        #expect(bilabials >= 6)
        #expect(analysis.phones.contains { ["AE", "AA", "AY"].contains($0.phone) })
        expectGapless(analysis)
    }

    @Test func recognisedBilabialsLieWhereTheVoiceShutsItsMouth() throws {
        // One syllable between pauses: the p b m of "mama" must lie inside the sounding part.
        let analysis = try TestSound.analyzed(TestSound.spoken("mama. mama. mama."))
        let labials = analysis.phones.filter { $0.phone == "M" }
        #expect(labials.count >= 3)
    }

    @Test(arguments: [160, 997, 40_000])
    func blockLengthDoesNotMatter(blockLength: Int) throws {
        let analysis = try TestSound.analyzed(TestSound.spokenSentence, blockLength: blockLength)
        #expect(analysis.phones == TestSound.analysis.phones)
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

    @Test func whisperAtMinus50DecibelsIsAnalyzed() throws {
        let samples = TestSound.spokenSentence
        let power = samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count)
        let gain = 0.00316 / power.squareRoot()
        let analysis = try TestSound.analyzed(samples.map { $0 * gain })
        #expect(analysis.hasSpeech)
        #expect(analysis.phones.count { $0.phone != "SIL" } > 20)
    }

    @Test func emptySoundHasNoSpeech() throws {
        let analysis = try SpeechAnalyzer().finish()
        #expect(analysis.durationSeconds == 0)
        #expect(analysis.phones.isEmpty && analysis.levels.isEmpty)
        #expect(!analysis.hasSpeech && analysis.isDigitallySilent)
        expectRest(analysis)
    }

    @Test(arguments: [1, 159, 160, 399, 400, 1600])
    func veryShortSoundIsAnalyzed(length: Int) throws {
        let analysis = try TestSound.analyzed(Array(TestSound.spokenSentence[8000..<8000 + length]))
        #expect(analysis.durationSeconds == Double(length) / 16_000)
        expectGapless(analysis)
        #expect(MouthModel.track(analysis, frameRate: Rational(25), frameCount: 5).opening.count == 5)
    }

    @Test func digitalSilenceIsAtRest() throws {
        let analysis = try TestSound.analyzed([Float](repeating: 0, count: 48_000))
        #expect(analysis.isDigitallySilent && !analysis.hasSpeech)
        #expect(analysis.phones == [TimedPhone(phone: "SIL", startSeconds: 0, endSeconds: 3)])
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

    @Test func otherLanguagesMoveTheMouthToo() throws {
        let samples = try TestSound.spokenByEspeak("Guten Morgen, wie geht es Ihnen heute?", voice: "de")
        let analysis = try TestSound.analyzed(samples)
        #expect(analysis.hasSpeech)
        let count = Int(analysis.durationSeconds * 25)
        let track = MouthModel.track(analysis, frameRate: Rational(25), frameCount: count)
        #expect(track.opening.percentile(0.95) - track.opening.percentile(0.05) > 0.4)
    }

    @Test func missingModelSaysHowToGetIt() {
        let error = #expect(throws: SpeechError.self) { try SpeechAnalyzer(modelFolder: "/nonexistent") }
        #expect(error?.code == .modelMissing)
        #expect(error?.suggestion.contains("pocketsphinx-en-us") == true)
        #expect(error?.detail.contains("/nonexistent/en-us/mdef") == true)
    }

    @Test func finishedAnalyzerRefusesMore() throws {
        let analyzer = try SpeechAnalyzer()
        _ = try analyzer.finish()
        #expect(throws: SpeechError.self) { try analyzer.append([0]) }
        #expect(throws: SpeechError.self) { try analyzer.finish() }
    }

    @Test func analysisSurvivesItsJSON() throws {
        let data = try JSONEncoder().encode(TestSound.analysis)
        let copy = try JSONDecoder().decode(SpeechAnalysis.self, from: data)
        #expect(copy.phones == TestSound.analysis.phones)
        #expect(copy.levels == TestSound.analysis.levels)
    }

    @Test func longSoundIsCutInPausesAndKeepsItsTimes() throws {
        let unitLength = 16_000 * 7
        var unit = TestSound.spokenSentence
        unit += [Float](repeating: 0, count: unitLength - unit.count)
        let repetitions = 28
        let analyzer = try SpeechAnalyzer()
        for _ in 0..<repetitions {
            for start in stride(from: 0, to: unitLength, by: 5000) {
                try analyzer.append(Array(unit[start..<min(start + 5000, unitLength)]))
                #expect(analyzer.bufferedSampleCount < 60 * 16_000)
            }
        }
        let analysis = try analyzer.finish()
        #expect(analysis.durationSeconds == Double(7 * repetitions))
        expectGapless(analysis)
        // The same phones in every repetition, but for what the recogniser's own averages change.
        let first = phoneNames(analysis, in: 0..<700)
        for repetition in 1..<repetitions {
            let other = phoneNames(analysis, in: 700 * repetition..<700 * (repetition + 1))
            let equal = zip(first, other).count { $0 == $1 }
            #expect(Double(equal) > 0.85 * 700, "repetition \(repetition)")
        }
    }

    private func phoneNames(_ analysis: SpeechAnalysis, in frames: Range<Int>) -> [String] {
        var index = 0
        return frames.map { frame in
            let seconds = (Double(frame) + 0.5) / 100
            while analysis.phones[index].endSeconds <= seconds { index += 1 }
            return analysis.phones[index].phone
        }
    }

    private func expectGapless(_ analysis: SpeechAnalysis) {
        #expect(analysis.phones.first?.startSeconds == 0)
        #expect(analysis.phones.last?.endSeconds == analysis.durationSeconds)
        for (phone, next) in zip(analysis.phones, analysis.phones.dropFirst()) {
            #expect(phone.endSeconds == next.startSeconds)
            #expect(phone.endSeconds > phone.startSeconds)
        }
    }

    private func expectRest(_ analysis: SpeechAnalysis) {
        let track = MouthModel.track(analysis, frameRate: Rational(25), frameCount: 200)
        #expect(track.opening == [Float](repeating: 0.05, count: 200))
        #expect(Set(track.width).count == 1 && Set(track.jaw).count == 1)
        #expect(track.speech.allSatisfy { $0 == 0 })
        #expect(track.closures.isEmpty)
    }
}
