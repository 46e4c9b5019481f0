import Foundation
import LipSync
import Media
import Testing

@Suite("Plans and reports as JSON")
struct PlanAndReportTests {
    private func sorted(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test(
        "A plan comes back as it went",
        arguments: [
            SpeakerChoice.mostPresent, .automatic, .point(frame: 3, x: 10.5, y: 20),
            .point(frame: 3, x: 10.5, y: 20, isRelativeToPart: true),
            .boxes([nil, PixelBox(left: 1, top: 2, right: 3, bottom: 4)]),
        ])
    func plan(speaker: SpeakerChoice) throws {
        for mode in LengthRule.allCases {
            for profile in TestClips.engine.profiles {
                let plan = RenderPlan(
                    videoPath: "in “1”.mp4", audioPath: "ä.wav", outputPath: "/out.mp4", syncMode: mode,
                    speaker: speaker, profile: profile, temperature: 0.3, seed: .max, constantRateFactor: 23,
                    preset: "slow")
                let text = try sorted(plan)
                let back = try JSONDecoder().decode(RenderPlan.self, from: Data(text.utf8))
                #expect(try sorted(back) == text)
                #expect(back.seed == .max)
                #expect(back.parts[0].speaker == speaker)
                #expect(back.parts[0].syncMode == mode)
            }
        }
    }

    @Test("The defaults are those of the Sync contract")
    func defaults() {
        let plan = RenderPlan(videoPath: "a", audioPath: "b", outputPath: "c")
        #expect(plan.parts[0].syncMode == .bounce)
        #expect(plan.constantRateFactor == 17)
        #expect(plan.parts[0].temperature == 0.5)
        #expect(LengthRule.allCases.map(\.rawValue) == ["bounce", "loop", "cut_off", "silence", "remap"])
    }

    // The names are read by other programs: a change here is a change of contract.
    @Test("A report comes back as it went, under the names that others read")
    func report() throws {
        let text = #"""
            {"faces":[{"firstFrame":0,"frames":90,"identity":1,"isSpeaker":true,"lastFrame":99,"meanConfidence":0.5,
            "meanWidthPixels":120.5,"shot":0}],"framesDrawn":88,"framesWithFace":90,
            "gaps":[{"firstFrame":10,"lastFrame":19,"reason":"no_face"},
            {"firstFrame":30,"lastFrame":30,"reason":"speaker_not_seen"},
            {"firstFrame":31,"lastFrame":31,"reason":"not_drawable"}],
            "mouth":{"closures":3,"highOpening":0.75,"meanOpening":0.25,"speechShare":0.5},
            "output":{"durationSeconds":4,"frameRate":{"denominator":1001,"numerator":24000},"frames":96,"height":2,
            "width":4},"parts":[{"firstFrame":1,"firstSourceFrame":2,"frames":3,"framesDrawn":4,"soundSeconds":5.5,
            "sourceFrames":6,"speakers":[1]}],
            "segmentOutput":{"durationSeconds":1,"frameRate":{"denominator":1,"numerator":24},"frames":24,"height":2,
            "width":4},"sourceFrames":100,
            "timings":{"analysisSeconds":1,"decodeMilliseconds":2,"drawMilliseconds":3,"encodeMilliseconds":4,
            "planMilliseconds":5,"renderSeconds":6,"timesRealTime":7,"totalSeconds":8,"trackMilliseconds":9},
            "warnings":[{"code":"sound_silent","message":"The sound is silent."}]}
            """#.replacingOccurrences(of: "\n", with: "")
        let report = try JSONDecoder().decode(RenderReport.self, from: Data(text.utf8))
        #expect(try sorted(report) == text)
        #expect(report.gaps.map(\.reason) == [.noFace, .speakerNotSeen, .notDrawable])
        #expect(report.output.frameRate.value > 23.97)
    }

    @Test("A timeline comes back as it went")
    func timeline() throws {
        let timeline = Timeline(
            mode: .cutOff, sourceFrameCount: 10, frameRate: .init(30000, 1001), sampleCount: 9999, sampleRate: 44100)
        #expect(try JSONDecoder().decode(Timeline.self, from: JSONEncoder().encode(timeline)) == timeline)
    }
}
