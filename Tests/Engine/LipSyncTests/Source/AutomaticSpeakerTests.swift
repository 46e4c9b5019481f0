import Face
import Foundation
import LipSync
import Media
import TestSupport
import Testing

@Suite("Who speaks in the clip's own sound")
struct AutomaticSpeakerTests {
    private static let framesPerSecond = 25.0

    /// Syllables of 0.2 s with pauses, told by a number; the same number gives the same ones.
    private func syllables(_ seed: UInt64, seconds: Double) -> (Double) -> Bool {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        let flags = (0..<Int(seconds / 0.4) + 2).map { _ -> Bool in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state >> 40 & 3 != 0
        }
        return { time in time >= 0 && flags[min(Int(time / 0.4), flags.count - 1)] }
    }

    /// A face that opens and shuts the mouth five times a second while `speaks`.
    private func record(
        identity: Int, left: Float, side: Float, seconds: Double, shot: Int = 0, firstFrame: Int = 0,
        speaks: (Double) -> Bool
    ) throws -> FaceRecord {
        var record = FaceRecord(shot: shot, identity: identity, pictureSide: 640)
        let frame = try VideoFrame(width: 16, height: 16)
        for number in firstFrame..<firstFrame + Int(seconds * Self.framesPerSecond) {
            var landmarks = (0..<468).map { index -> SIMD3<Float> in
                SIMD3(left + side * Float(index % 22) / 21, side * Float(index / 22) / 21, 0)
            }
            let time = Double(number) / Self.framesPerSecond
            let opening = speaks(time) ? Float(0.1 + 0.1 * sin(time * 2 * .pi * 5)) : 0.01
            landmarks[Landmarks.rightEyeOuter] = SIMD3(left, 0, 0)
            landmarks[Landmarks.leftEyeOuter] = SIMD3(left + side, 0, 0)
            landmarks[Landmarks.upperLipMiddle] = SIMD3(left, side / 2, 0)
            landmarks[Landmarks.lowerLipMiddle] = SIMD3(left, side / 2 + opening * side, 0)
            record.add(
                FaceObservation(identity: identity, landmarks: landmarks, confidence: 1), number: number, frame: frame,
                keepsPictures: false)
        }
        return record
    }

    private func speech(_ seconds: Double, startSeconds: Double = 0, _ speaks: (Double) -> Bool) -> SpeechEnvelope {
        let count = Int((seconds - startSeconds) * 100)
        return SpeechEnvelope(
            levels: (0..<count).map { speaks(startSeconds + Double($0) / 100) ? -10 : -50 },
            startSeconds: startSeconds)
    }

    private func speakers(_ records: [FaceRecord], _ speech: SpeechEnvelope?, _ frames: Range<Int>) throws -> [Int] {
        let selection = try SpeakerChoice.automatic.select(
            records,
            SelectionContext(
                frames: frames, clipFrameCount: frames.upperBound, framesPerSecond: Self.framesPerSecond,
                clipSpeech: speech))
        return selection.records.map { records[$0].identity }
    }

    @Test("The small face that moves with the sound speaks, not the large one that moves otherwise or rests")
    func correlated() throws {
        let said = syllables(3, seconds: 8)
        let other = syllables(77, seconds: 8)
        let small = try record(identity: 0, left: 0, side: 80, seconds: 8, speaks: said)
        for large in [
            try record(identity: 1, left: 200, side: 300, seconds: 8, speaks: other),
            try record(identity: 1, left: 200, side: 300, seconds: 8) { _ in false },
        ] {
            #expect(try speakers([small, large], speech(8, said), 0..<200) == [0])
            #expect(try speakers([large, small], speech(8, said), 0..<200) == [0])
        }
    }

    @Test("A lag of an eighth of a second and sound that begins later or earlier than the picture do no harm")
    func lags() throws {
        let said = syllables(3, seconds: 9)
        let small = try record(identity: 0, left: 0, side: 80, seconds: 8, speaks: said)
        let large = try record(identity: 1, left: 200, side: 300, seconds: 8, speaks: syllables(77, seconds: 8))
        for lag in [-0.12, 0.12] {
            #expect(try speakers([small, large], speech(8) { said($0 - lag) }, 0..<200) == [0])
        }
        for start in [-1, 0.7] {
            #expect(try speakers([small, large], speech(8, startSeconds: start, said), 0..<200) == [0])
        }
    }

    @Test("Without sound, in silence and without a clear winner the most present face speaks")
    func unclear() throws {
        let said = syllables(3, seconds: 8)
        let small = try record(identity: 0, left: 0, side: 80, seconds: 8, speaks: said)
        let same = try record(identity: 1, left: 200, side: 300, seconds: 8, speaks: said)
        #expect(try speakers([small, same], speech(8, said), 0..<200) == [1])
        let resting = try record(identity: 1, left: 200, side: 300, seconds: 8) { _ in false }
        #expect(try speakers([small, resting], nil, 0..<200) == [1])
        #expect(
            try speakers(
                [small, resting], SpeechEnvelope(levels: .init(repeating: -100, count: 800), startSeconds: 0), 0..<200)
                == [1])
        #expect(try speakers([small, resting], speech(8) { _ in true }, 0..<200) == [1])
    }

    @Test("Each shot has its own speaker, and never two")
    func shots() throws {
        let said = syllables(3, seconds: 16)
        let records = [
            try record(identity: 0, left: 0, side: 80, seconds: 8, speaks: said),
            try record(identity: 1, left: 200, side: 300, seconds: 8) { _ in false },
            try record(identity: 2, left: 0, side: 80, seconds: 8, shot: 1, firstFrame: 200) { _ in false },
            try record(identity: 3, left: 200, side: 60, seconds: 8, shot: 1, firstFrame: 200, speaks: said),
        ]
        #expect(try speakers(records, speech(16, said), 0..<400) == [0, 3])
    }

    // The engine itself makes the footage: a portrait that talks beside a larger one that only sways.
    @Test("In a made clip of two people the one whose mouth moves with the clip's sound is chosen")
    func madeClip() throws {
        let folder = try TemporaryFolder()
        try TestClips.portrait(folder.path("still.mp4"), seconds: 3.2)
        let words = TestClips.voice
        _ = try TestClips.engine.render(
            RenderPlan(
                videoPath: folder.path("still.mp4"), audioPath: words, outputPath: folder.path("talking.mp4"),
                preset: "ultrafast"))
        try Program.ffmpeg([
            "-i", folder.path("talking.mp4"), "-i", folder.path("still.mp4"), "-filter_complex",
            "[1]hflip,scale=320:320[b];[0]pad=256:320:0:32[a];[a][b]hstack=shortest=1", "-map", "0:a", "-c:a", "copy",
            "-crf", "10", folder.path("two.mp4"),
        ])
        for (choice, isTalking) in [(SpeakerChoice.automatic, true), (.mostPresent, false)] {
            let report = try TestClips.engine.render(
                RenderPlan(
                    videoPath: folder.path("two.mp4"), audioPath: words, outputPath: folder.path("out.mp4"),
                    speaker: choice, profile: .warp, preset: "ultrafast"))
            #expect(report.faces.count == 2)
            let speaking = report.faces.filter(\.isSpeaker)
            #expect(speaking.count == 1)
            #expect(
                speaking.allSatisfy { ($0.meanWidthPixels < report.faces.map(\.meanWidthPixels).max()!) == isTalking })
        }
    }
}
