import Foundation
import Inference
import Media
import Speech
import TestSupport
import Testing

@Suite("The mouth network")
struct MouthNetworkTests {
    private func heard(_ samples: [Float], blockLength: Int = 4096) throws -> SpeechAnalysis {
        try TestSound.analyzed(samples, blockLength: blockLength)
    }

    private func track(_ analysis: SpeechAnalysis) -> MouthTrack {
        MouthModel.track(
            analysis, frameRate: Rational(25), frameCount: Int(analysis.durationSeconds * 25))
    }

    @Test("hears one value every 20 ms, the same for blocks of any length")
    func blocks() throws {
        let whole = try #require(try heard(TestSound.spokenSentence).learned)
        #expect(whole.opening.count == TestSound.spokenSentence.count / 320 + 1)
        #expect(whole.width.count == whole.opening.count)
        #expect(whole.silence.count == whole.opening.count)
        #expect(try heard(TestSound.spokenSentence, blockLength: 997).learned == whole)
    }

    @Test("hears nearly the same wherever its windows begin")
    func windows() throws {
        // Long enough for three windows, whose borders fall elsewhere in the shifted sound.
        let speech = Array(repeatElement(TestSound.spokenSentence, count: 6).joined())
        let shift = 2.5
        let first = try #require(try heard(speech).learned)
        let second = try #require(try heard([Float](repeating: 0, count: Int(shift * 16_000)) + speech).learned)
        let offset = Int(shift * 50)
        // Whisper's blocks look over the whole window and know the place in it.
        #expect(correlation(first.opening, Array(second.opening[offset...])) > 0.98)
        #expect(correlation(first.silence, Array(second.silence[offset...])) > 0.95)
    }

    @Test("opens the mouth on vowels and hears it shut on p, b and m")
    func articulation() throws {
        let learned = try #require(TestSound.analysis.learned)
        func mean(_ values: [Float], of phones: Set<String>) -> Float {
            let moments = TestSound.phones.filter { phones.contains($0.phone) }.map {
                Int(($0.startSeconds + $0.endSeconds) / 2 * 50)
            }
            return moments.map { values[$0] }.reduce(0, +) / Float(max(moments.count, 1))
        }
        let lips: Set = ["P", "B", "M"]
        #expect(mean(learned.opening, of: ["AE", "AA", "AY"]) > mean(learned.opening, of: lips) + 0.7)
        #expect(mean(learned.shutLips, of: lips) > 0.5)
        #expect(mean(learned.silence, of: ["AE", "AA", "AY"]) < 0.1)
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

    @Test("hears a soft second speaker as well as a loud first one")
    func softSecondVoice() throws {
        let loud = TestSound.spokenSentence
        let pause = [Float](repeating: 0, count: 16_000)
        let analysis = try heard(loud + pause + loud.map { $0 * 0.03 } + pause)
        let learned = try #require(analysis.learned)
        let (length, second) = (loud.count / 320, (loud.count + pause.count) / 320)
        let (first, later) = (Array(learned.opening[..<length]), Array(learned.opening[second..<second + length]))
        #expect(correlation(first, later) > 0.9)
        func spread(_ values: [Float]) -> Float { values.percentile(0.95) - values.percentile(0.05) }
        #expect(spread(later) > 0.85 * spread(first))
        #expect(learned.silence[second + 20..<second + length - 20].reduce(0, +) < 0.2 * Float(length))
    }

    @Test("takes part in the curves of known phones")
    func blend() throws {
        let exact = try TestSound.analyzed(TestSound.spokenSentence, phones: TestSound.phones)
        var deaf = exact
        deaf.learned = nil
        #expect(exact.learned == TestSound.analysis.learned)
        #expect(track(exact).opening != track(deaf).opening)
        #expect(correlation(track(exact).opening, track(deaf).opening) > 0.7)
        #expect(track(exact).closures.count >= 12)
        for closure in track(exact).closures {
            let frames = Int(closure.lowerBound * 25)...Int(closure.upperBound * 25)
            #expect((track(exact).opening[frames].min() ?? 1) < 0.15)
        }
    }

    @Test(
        "that is missing, cut off or another model is refused with the name of its file",
        arguments: ["missing", "cut", "other"])
    func unusable(kind: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path(MouthNetwork.fileName)
        let own = try Data(contentsOf: URL(fileURLWithPath: TestFaces.modelFolder + "/" + MouthNetwork.fileName))
        switch kind {
        case "cut": try own.prefix(own.count / 2).write(to: URL(fileURLWithPath: path))
        case "other":
            try FileManager.default.copyItem(atPath: TestFaces.modelFolder + "/face_landmark.tflite", toPath: path)
        default: break
        }
        let runtime = try OpenVINO(folder: TestFaces.runtimeFolder)
        let error = #expect(throws: InferenceError.self) { try MouthNetwork(folder: folder.path(), runtime: runtime) }
        #expect(error?.kind == .modelUnreadable)
        #expect(error?.detail.contains(path) == true)
    }

    @Test("gives nothing for nothing")
    func empty() throws {
        let analysis = try heard([])
        #expect(analysis.learned?.opening.isEmpty == true)
        #expect(!analysis.hasSpeech)
    }
}
