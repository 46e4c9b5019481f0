import Inference
import Media
import Speech
import TestSupport
import Testing

@Suite("The mouth network")
struct MouthNetworkTests {
    private let network: MouthNetwork

    init() throws { network = try MouthNetwork(OpenVINO(folder: TestFaces.runtimeFolder)) }

    private func heard(_ samples: [Float], blockLength: Int = 4096) throws -> SpeechAnalysis {
        try TestSound.analyzed(samples, blockLength: blockLength, network: network)
    }

    private func track(_ analysis: SpeechAnalysis) -> MouthTrack {
        MouthModel.track(
            analysis, frameRate: Rational(25), frameCount: Int(analysis.durationSeconds * 25))
    }

    @Test("hears one value every 20 ms, the same for blocks of any length")
    func blocks() throws {
        let whole = try #require(try heard(TestSound.spokenSentence).learned)
        #expect(whole.opening.count == (TestSound.spokenSentence.count / 160 + 2) / 2)
        #expect(whole.width.count == whole.opening.count && whole.silence.count == whole.opening.count)
        #expect(try heard(TestSound.spokenSentence, blockLength: 997).learned == whole)
    }

    @Test("does not depend on where its runs begin")
    func runs() throws {
        // Long enough for three runs, whose borders fall elsewhere in the shifted sound.
        let speech = Array(repeatElement(TestSound.spokenSentence, count: 6).joined())
        let shift = 2.5
        let first = try #require(try heard(speech).learned)
        let second = try #require(try heard([Float](repeating: 0, count: Int(shift * 16_000)) + speech).learned)
        let offset = Int(shift * 50)
        let pairs = (50..<first.opening.count - 50).map { (first.opening[$0], second.opening[$0 + offset]) }
        #expect(pairs.count > 1000)
        #expect(pairs.allSatisfy { abs($0 - $1) < 0.05 })
    }

    @Test("opens the mouth on vowels and hears it shut on p, b and m")
    func articulation() throws {
        let analysis = TestSound.analysis
        let learned = try #require(try heard(TestSound.spokenSentence).learned)
        func mean(_ values: [Float], of phones: Set<String>) -> Float {
            let moments = analysis.phones.filter { phones.contains($0.phone) }.map {
                Int(($0.startSeconds + $0.endSeconds) / 2 * 50)
            }
            return moments.map { values[$0] }.reduce(0, +) / Float(max(moments.count, 1))
        }
        let lips: Set = ["P", "B", "M"]
        #expect(mean(learned.opening, of: ["AE", "AA", "AY"]) > mean(learned.opening, of: lips) + 0.7)
        #expect(mean(learned.shutLips, of: lips) > 0.5)
        #expect(mean(learned.silence, of: ["AE", "AA", "AY"]) < 0.1)
    }

    @Test("tells long vocal tracts from short ones, and leaves alone what is no voice")
    func vocalTracts() throws {
        func factor(_ samples: [Float]) throws -> Double {
            var meter = LevelMeter(keepsBands: true)
            meter.append(samples[...])
            meter.finish()
            return try network.warp(for: try #require(meter.bands)).factor
        }
        // Played faster, all frequencies rise: formants as of a shorter vocal tract.
        func played(_ speed: Float) -> [Float] {
            let speech = TestSound.spokenSentence
            return (0..<Int(Float(speech.count - 1) / speed)).map { index in
                let place = Float(index) * speed
                let share = place - place.rounded(.down)
                return speech[Int(place)] * (1 - share) + speech[Int(place) + 1] * share
            }
        }
        let (low, high) = (try factor(played(0.85)), try factor(played(1.3)))
        #expect(high > low * 1.15)
        #expect(try factor([Float](repeating: 0, count: 48_000)) == 1)
        #expect(try factor(TestSound.generated("anoisesrc=color=pink:duration=6:amplitude=0.3:seed=3")) == 1)
        #expect(try factor([]) == 1)
    }

    @Test(
        "lets no mouth move to sound in which nobody speaks",
        arguments: [
            // Chords that change twice a second over a beat.
            "aevalsrc='0.2*exp(-3*mod(t,0.5))*(sin(2*PI*220*t)+sin(2*PI*277*t)+sin(2*PI*330*t))"
                + "+0.5*exp(-30*mod(t,0.5))*(random(0)-0.5)':d=8",
            // A melody of a plucked string with an octave below.
            "aevalsrc='0.3*exp(-5*mod(t,0.3))*(sin(2*PI*t*(196+49*floor(mod(t/0.3,4))))"
                + "+0.4*sin(2*PI*98*t))':d=8",
            "anoisesrc=color=pink:duration=6:amplitude=0.3:seed=3",
            // An alarm.
            "aevalsrc='0.3*sin(2*PI*880*t)*lt(mod(t,0.4),0.2)':d=6",
        ])
    func music(source: String) throws {
        let analysis = try heard(TestSound.generated(source))
        #expect(!analysis.hasSpeech)
        let track = track(analysis)
        #expect(track.opening.allSatisfy { $0 == MouthTrackOptions().restOpening })
    }

    @Test("keeps the mouth at rest in music before speech, and lets it speak over music")
    func speechAndMusic() throws {
        let music = try TestSound.generated(
            "aevalsrc='0.2*exp(-3*mod(t,0.5))*(sin(2*PI*220*t)+sin(2*PI*277*t)+sin(2*PI*330*t))':d=5")
        let speech = TestSound.spokenSentence
        let quiet = Array(repeatElement(music, count: 3).joined()).prefix(speech.count).map { $0 * 0.2 }
        let analysis = try heard(music + zip(speech, quiet).map(+))
        let track = track(analysis)
        #expect(track.speech[..<110].allSatisfy { $0 < 0.05 })
        let spoken = track.speech[140..<120 + Int(TestSound.analysis.durationSeconds * 25) - 20]
        #expect(spoken.filter { $0 > 0.9 }.count > spoken.count * 9 / 10)
    }

    @Test("hears a whisper as a voice")
    func whisper() throws {
        let samples = try TestSound.spokenByEspeak("The weather is nice today, so we went out.", voice: "en-us+whisper")
        #expect(try heard(samples).hasSpeech)
    }

    @Test("takes part in the curves, of known phones too")
    func blend() throws {
        let analysis = try heard(TestSound.spokenSentence)
        #expect(track(analysis).opening != track(TestSound.analysis).opening)
        var known = KnownSpeech(phones: TestSound.analysis.phones, network: network)
        known.append(TestSound.spokenSentence)
        let exact = try known.finish()
        #expect(exact.learned == analysis.learned)
        for closure in track(exact).closures {
            let frames = Int(closure.lowerBound * 25)...Int(closure.upperBound * 25)
            #expect((track(exact).opening[frames].min() ?? 1) < 0.15)
        }
    }

    @Test("gives nothing for nothing")
    func empty() throws {
        let analysis = try heard([])
        #expect(analysis.learned?.opening.isEmpty == true)
        #expect(!analysis.hasSpeech)
    }
}
