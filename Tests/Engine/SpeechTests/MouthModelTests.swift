import Foundation
import Media
import Speech
import Testing

@Suite struct MouthModelTests {
    /// A hand-built analysis whose loudness swings like syllables, except in `quiet` (seconds).
    private func analysis(
        _ phones: [(String, Double)], quiet: Range<Double>? = nil, signalToNoise: Float = 40
    ) -> SpeechAnalysis {
        var timed: [TimedPhone] = []
        var time = 0.0
        for (phone, length) in phones {
            timed.append(TimedPhone(phone: phone, startSeconds: time, endSeconds: time + length))
            time += length
        }
        let levels = (0...Int((time * 100).rounded())).map { frame -> Float in
            if let quiet, quiet.contains(Double(frame) / 100) { return -80 }
            return -10 + 8 * sin(Float(frame) * 2 * .pi / 25)
        }
        return SpeechAnalysis(
            durationSeconds: time, phones: timed, levels: levels, hasSpeech: true, isDigitallySilent: false,
            signalToNoiseDecibels: signalToNoise, phonesAreExact: true)
    }

    /// The track with one frame exactly on each point of the 10 ms grid.
    private func gridTrack(_ analysis: SpeechAnalysis, options: MouthTrackOptions = .init()) -> MouthTrack {
        let count = analysis.levels.count
        return MouthModel.track(
            analysis, frameRate: Rational(100), frameCount: count, startSeconds: -0.005, options: options)
    }

    /// A vowel as a row of short phones: the lobe of one long phone would reach far into its neighbours.
    private func vowel(_ phone: String, _ count: Int) -> [(String, Double)] {
        (0..<count).map { _ in (phone, 0.1) }
    }

    @Test func closureCeilingHasTheStudysShape() {
        let phones = [
            TimedPhone(phone: "P", startSeconds: 2, endSeconds: 2.08),
            TimedPhone(phone: "V", startSeconds: 3, endSeconds: 3.1),
        ]
        let closures = LipClosure.closures(of: phones)
        #expect(closures.map(\.core) == [199...205, 299...307])
        var opening = [Float](repeating: 3, count: 500)
        for closure in closures { closure.apply(to: &opening, padding: 10) }
        for frame in 199...205 { #expect(opening[10 + frame] == 0) }
        for frame in 299...307 { #expect(opening[10 + frame] == 0.12) }
        for step in 1...12 {
            #expect(abs(opening[10 + 199 - step] - Float(step) / 5) < 1e-5)
            #expect(abs(opening[10 + 205 + step] - Float(step) / 5) < 1e-5)
            #expect(abs(opening[10 + 299 - step] - 0.12 - Float(step) / 6) < 1e-5)
            #expect(abs(opening[10 + 307 + step] - 0.12 - Float(step) / 6) < 1e-5)
        }
        #expect(opening[10 + 250] == 3)
    }

    @Test func closureHoldsInTheTrack() {
        let track = gridTrack(
            analysis(vowel("AA", 20) + [("P", 0.08)] + vowel("AA", 20)), options: .init(temperature: 1))
        for frame in 199...205 { #expect(abs(track.opening[frame]) < 1e-4) }
        for step in 1...12 {
            #expect(track.opening[199 - step] <= Float(step) / 5 + 1e-4)
            #expect(track.opening[205 + step] <= Float(step) / 5 + 1e-4)
        }
        #expect(track.opening[150] > 0.6)
        #expect(track.closures.count == 1)
        #expect(abs(track.closures[0].lowerBound - 1.99) < 1e-9)
        #expect(abs(track.closures[0].upperBound - 2.05) < 1e-9)
    }

    @Test func lipToothCeilingLeavesASlit() {
        let track = gridTrack(
            analysis(vowel("AA", 20) + [("F", 0.1)] + vowel("AA", 20)), options: .init(temperature: 1))
        // The fit's own target for f v may be lower than the ceiling, never the result higher.
        for frame in 199...207 { #expect(track.opening[frame] <= 0.1201) }
        for step in 1...3 { #expect(track.opening[207 + step] <= 0.12 + Float(step) / 6 + 1e-4) }
        #expect(track.closures.isEmpty)
    }

    @Test func shortClosureIsCollapsedOntoTheGrid() {
        let closures = LipClosure.closures(of: [TimedPhone(phone: "B", startSeconds: 1, endSeconds: 1.015)])
        #expect(closures.count == 1)
        #expect(closures[0].core == 99.0...99.0)
    }

    @Test func silencePlateauIsTheSilenceTarget() {
        let sound = analysis(vowel("AA", 20) + [("SIL", 1)] + vowel("AA", 20), quiet: 2..<3)
        let curves = MouthCurveSeries(phones: sound.phones, count: sound.levels.count, padding: 0)
        for frame in 230..<270 {
            #expect(abs(curves.opening[frame] - 0.31) < 0.01)
            #expect(abs(curves.width[frame] - 0.62) < 0.03)
            #expect(abs(curves.jaw[frame] - 0.30) < 0.01)
        }
        // In the middle of a lone vowel: its target.
        #expect(abs(curves.opening[100] - 0.89) < 0.01)
        #expect(abs(curves.width[100] - 0.60) < 0.01)
    }

    @Test func blendIsTheDominanceWeightedMean() {
        // The mouth is 20 ms ahead of the sound: frame 20 looks at frame 22.
        let sound = analysis([("T", 0.1), ("N", 0.1), ("S", 0.1), ("IY", 0.1), ("W", 0.1)])
        let curves = MouthCurveSeries(phones: sound.phones, count: 51, padding: 0)
        func lobe(_ distance: Double, _ width: Double) -> Double { exp(-pow(abs(distance) / width, 1.6)) }
        let time = 22.0
        let parts: [(centre: Double, target: Double, strength: Double)] = [
            (5, 0.34, 1), (15, 0.31, 1), (25, 0.28, 1.5), (35, 0.41, 1), (45, 0.20, 1),
        ]
        var (sum, mean) = (0.0, 0.0)
        for part in parts {
            let width = 0.9 * 5 + (time < part.centre ? 3.0 : 2.0)
            let dominance = part.strength * lobe(time - part.centre, width)
            sum += dominance
            mean += dominance * part.target
        }
        #expect(abs(Double(curves.opening[20]) - mean / sum) < 2e-3)
    }

    @Test func silenceRests() {
        let sound = analysis(vowel("AA", 20) + [("SIL", 2)] + vowel("AA", 20), quiet: 2..<4)
        let options = MouthTrackOptions(restOpening: 0.12, restWidth: 0.5, restJaw: 0.2)
        let track = gridTrack(sound, options: options)
        #expect(track.speech[150] == 1)
        #expect(track.speech[300] == 0)
        #expect(abs(track.opening[300] - 0.12) < 1e-5)
        #expect(abs(track.width[300] - 0.5) < 1e-5)
        #expect(abs(track.jaw[300] - 0.2) < 1e-5)
        // Widened by 160 ms, then blurred with sigma 60 ms.
        #expect(track.speech[200] > 0.9)
        #expect(abs(track.speech[214] - 0.5) < 0.25)
        #expect(track.speech[245] < 0.01)
        for (one, next) in zip(track.speech, track.speech.dropFirst()) { #expect(abs(one - next) < 0.08) }
    }

    @Test func liveliestIsWidest() {
        let syllables = (0..<16).flatMap { _ in [("AE", 0.15), ("S", 0.1), ("UW", 0.15), ("N", 0.1)] }
        let spreads = [0, 0.25, 0.5, 0.75, 1].map { temperature in
            let track = gridTrack(analysis(syllables), options: .init(temperature: temperature))
            return [track.opening, track.width, track.jaw].map { $0.percentile(0.95) - $0.percentile(0.05) }
        }
        for (one, next) in zip(spreads, spreads.dropFirst()) {
            for curve in 0..<3 { #expect(next[curve] > one[curve]) }
        }
        // The default is about the speaker's own range.
        #expect(abs(spreads[2][0] - 1) < 0.25)
    }

    @Test func noiseCalmsTheMouth() {
        #expect(abs(MouthMotion.gains(temperature: 0.5, signalToNoise: 40).opening - 0.975) < 1e-5)
        let noisy = MouthMotion.gains(temperature: 0.5, signalToNoise: 5)
        #expect(abs(noisy.opening - (0.45 + 1.05 * 0.35)) < 1e-5)
        #expect(abs(noisy.width - (0.6 + 0.8 * 0.35)) < 1e-5)
    }

    @Test func stretchUsesFixedMeansForShortSpeech() {
        let curve: [Float] = (0..<50).map { 0.4 + 0.004 * Float($0) }
        let mask = [Bool](repeating: true, count: 50)
        let stretched = MouthMotion.stretched(curve, mask: mask, meanRange: 0.2...0.8)
        #expect(abs(stretched[0] - (0.4 - 0.2) / 0.6) < 1e-5)
        let long: [Float] = (0..<1000).map { 0.3 + 0.0006 * Float($0) }
        let own = MouthMotion.stretched(long, mask: .init(repeating: true, count: 1000), meanRange: 0.2...0.8)
        #expect(abs(own[30]) < 0.01)
        #expect(abs(own[969] - 1) < 0.01)
    }

    @Test func spreadLiftsTheMiddleAndKeepsOrder() {
        for bend in [MouthSpread.opening, MouthSpread.knownOpening, MouthSpread.width, MouthSpread.jaw] {
            #expect(bend.apply(to: 0) == 0)
            #expect(abs(bend.apply(to: 1) - 1.08) < 0.05)
            let values = stride(from: Float(-0.5), through: 1.5, by: 0.01).map(bend.apply)
            for (one, next) in zip(values, values.dropFirst()) {
                #expect(next > one)
                #expect(next - one < 0.02)
            }
        }
        // Percentiles of real openings over those of the curves: middle and upper quarter.
        for (curve, real) in [(Float(0.25), Float(0.34)), (0.40, 0.56)] {
            #expect(abs(MouthSpread.opening.apply(to: curve) - real) < 0.08)
        }
        #expect(MouthSpread.width.apply(to: 0.61) < 0.58)
    }

    @Test func openingIsSoftLimited() {
        #expect(MouthMotion.softLimited(-0.3) == 0)
        #expect(MouthMotion.softLimited(1.2) == 1.2)
        #expect(MouthMotion.softLimited(1.6) < 1.6)
        #expect(MouthMotion.softLimited(9) <= 1.9)
    }

    @Test func noCurveMovesFasterThanALip() {
        let syllables = (0..<30).flatMap { _ in [("AE", 0.05), ("B", 0.05), ("W", 0.05), ("F", 0.04)] }
        let track = gridTrack(analysis(syllables), options: .init(temperature: 1))
        for (curve, limit) in [(track.opening, 0.2175), (track.width, 0.1563), (track.jaw, 0.1471)] {
            for (one, next) in zip(curve, curve.dropFirst()) { #expect(abs(next - one) <= Float(limit) + 1e-3) }
        }
    }

    @Test(arguments: [
        Rational(10), Rational(24000, 1001), Rational(24), Rational(25), Rational(30000, 1001), Rational(50),
        Rational(60),
    ])
    func everyClosureIsSeenAtEveryFrameRate(rate: Rational) {
        let syllables = (0..<20).flatMap { step in
            [("AA", 0.2), ("M", 0.035 + 0.001 * Double(step)), ("AE", 0.173), ("T", 0.05)]
        }
        let sound = analysis(syllables)
        let count = Int(sound.durationSeconds * rate.value)
        let track = MouthModel.track(sound, frameRate: rate, frameCount: count)
        #expect(track.opening.count == count)
        #expect(track.width.count == count)
        #expect(track.jaw.count == count)
        #expect(track.speech.count == count)
        #expect(track.closures.count == 20)
        for closure in track.closures {
            let first = Int(closure.lowerBound * rate.value)
            let last = min(count - 1, Int(closure.upperBound * rate.value))
            #expect((first...max(first, last)).contains { track.opening[$0] < 0.03 })
        }
    }

    @Test func framesBeyondTheSoundRest() {
        let sound = analysis([("AA", 1), ("M", 0.1), ("AA", 0.9)])
        let track = MouthModel.track(sound, frameRate: Rational(25), frameCount: 150, startSeconds: -1)
        for frame in Array(0..<12) + Array(90..<150) {
            #expect(abs(track.opening[frame] - 0.05) < 1e-3)
            #expect(track.speech[frame] < 1e-3)
        }
        #expect(MouthModel.track(sound, frameRate: Rational(25), frameCount: 0).opening.isEmpty)
        #expect(MouthModel.track(sound, frameRate: Rational(25), frameCount: -3).opening.isEmpty)
        #expect(MouthModel.track(sound, frameRate: Rational(0), frameCount: 10).opening.isEmpty)
    }

    @Test func startIsAShiftInTime() {
        let sound = analysis((0..<10).flatMap { _ in [("AA", 0.2), ("S", 0.1), ("UW", 0.2)] })
        let whole = MouthModel.track(sound, frameRate: Rational(25), frameCount: 100)
        let later = MouthModel.track(sound, frameRate: Rational(25), frameCount: 50, startSeconds: 2)
        for frame in 0..<50 { #expect(abs(later.width[frame] - whole.width[frame + 50]) < 1e-4) }
    }

    @Test func bilabialsThatAreHeardAreShutAndVowelsOpen() throws {
        let sound = TestSound.analysis
        let track = gridTrack(sound)
        #expect(track.closures.count >= 6)
        for closure in track.closures {
            let middle = Int((closure.lowerBound + closure.upperBound) * 50)
            #expect(track.opening[middle] < 0.12)
        }
        let vowels = TestSound.phones.filter { ["AA", "AE", "AY", "AW"].contains($0.phone) }
        let widest = vowels.map { vowel in
            track.opening[Int(vowel.startSeconds * 100)..<Int(vowel.endSeconds * 100)].max() ?? 0
        }
        #expect(!widest.isEmpty)
        #expect(widest.count { $0 > 0.6 } * 2 > widest.count)
        let again = gridTrack(sound)
        #expect(again.opening == track.opening)
        #expect(again.width == track.width)
        #expect(again.jaw == track.jaw)
    }
}
