import Generations
import Testing

@Suite("What is said of checked media")
struct MediaReviewTests {
    private static func face(width: Double = 200, yaw: Double = 0) -> CheckedPicture.Face {
        CheckedPicture.Face(
            box: SpeakerBox(left: 0, top: 0, right: width, bottom: width), yawDegrees: yaw, widthPixels: width,
            confidence: 1)
    }

    private static func clip(
        _ faces: [[CheckedPicture.Face]], seconds: Double = 10, width: Int = 1280, height: Int = 720,
        gaps: [CheckedPicture.Gap] = []
    ) -> CheckedPicture {
        CheckedPicture(
            kind: .video, durationSeconds: seconds, width: width, height: height, frameRate: 25,
            frameCount: Int(seconds * 25),
            samples: faces.enumerated().map {
                .init(seconds: Double($0.offset), frame: $0.offset * 25, faces: $0.element)
            },
            shots: [0], gaps: gaps)
    }

    private static func photo(_ faces: [CheckedPicture.Face]) -> CheckedPicture {
        CheckedPicture(
            kind: .image, width: 800, height: 800, samples: [.init(seconds: 0, frame: 0, faces: faces)], shots: [0])
    }

    private static func names(
        _ picture: CheckedPicture?, _ sound: CheckedSound? = nil, soundSeconds: Double? = nil
    ) -> [String] {
        MediaReview().problems(picture, sound, soundSeconds: soundSeconds ?? sound?.durationSeconds)
            .map { "\($0.level.rawValue) \($0.code)" }
    }

    @Test("Pictures")
    func pictures() {
        let (good, small, tiny) = (Self.face(), Self.face(width: 79), Self.face(width: 39))
        let turned = CheckedPicture.Gap(startSeconds: 0, endSeconds: 1, reason: .turnedAway)
        let cases: [(CheckedPicture, [String])] = [
            (Self.clip([[good], [good]]), []),
            (Self.clip([[], []]), ["error no-face"]),
            (Self.clip([[small], [small]]), ["warning face-small"]),
            (Self.clip([[tiny], [tiny]]), ["error face-too-small"]),
            (Self.clip([[Self.face(width: 80)]]), []),
            (Self.clip([[Self.face(width: 40)]]), ["warning face-small"]),
            (Self.clip([[good], []]), ["warning face-missing"]),
            (Self.clip([[good, good], [good]]), ["warning several-people"]),
            (Self.clip([[good]], gaps: [turned]), ["warning face-turned-away"]),
            (Self.clip([[good]], seconds: 21, gaps: [turned]), []),
            (Self.clip([[good]], seconds: 601), ["warning clip-long"]),
            (Self.clip([[good]], seconds: 7201), ["error input-too-long"]),
            (Self.clip([], width: 5000, height: 100), ["error picture-size-unsupported"]),
            (Self.clip([[good]], width: 128, height: 96), ["error picture-size-unsupported"]),
            (Self.photo([good]), []),
            (Self.photo([]), ["error no-face"]),
            (Self.photo([good, good]), ["warning several-people"]),
            (Self.photo([Self.face(yaw: -41)]), ["error face-turned-away"]),
            (Self.photo([Self.face(yaw: 40)]), []),
        ]
        for (picture, expected) in cases { #expect(Self.names(picture) == expected, "\(picture)") }
    }

    @Test("Sounds")
    func sounds() {
        let good = CheckedSound(durationSeconds: 8, loudness: -20, peakDecibels: -3, silentShare: 0.2)
        func changed(_ change: (inout CheckedSound) -> Void) -> CheckedSound {
            var sound = good
            change(&sound)
            return sound
        }
        let cases: [(CheckedSound, [String])] = [
            (good, []), (changed { $0.loudness = nil }, ["warning sound-silent"]),
            (changed { $0.loudness = -40.1 }, ["warning sound-quiet"]), (changed { $0.loudness = -40 }, []),
            (changed { $0.clippedShare = 0.001 }, ["warning sound-clipped"]),
            (changed { $0.clippedShare = 0.0005 }, []),
            (changed { $0.silentShare = 0.51 }, ["warning sound-mostly-silent"]),
            (changed { $0.durationSeconds = 700 }, ["warning sound-long"]),
            (changed { $0.durationSeconds = 7300 }, ["error input-too-long"]),
        ]
        for (sound, expected) in cases { #expect(Self.names(nil, sound) == expected, "\(sound)") }
        let clip = Self.clip([[Self.face()]])
        #expect(Self.names(clip, soundSeconds: 20) == [])
        #expect(Self.names(clip, soundSeconds: 20.1) == ["warning sound-longer-than-clip"])
    }

    @Test("Errors come first, and every problem has a sentence and a suggestion")
    func order() {
        let problems = MediaReview().problems(
            Self.clip([[Self.face(width: 20), Self.face(width: 10)], []]), nil, soundSeconds: 30)
        #expect(problems.map(\.level) == [.error, .warning, .warning, .warning])
        #expect(problems[0].message == "The face is only 20 pixels wide.")
        #expect(problems[1].message == "No face is seen in 50 % of the clip.")
        #expect(problems[3].message.contains("3.0 times"))
        #expect(problems.allSatisfy { $0.message.hasSuffix(".") })
        #expect(problems.allSatisfy { $0.suggestion.hasSuffix(".") })
    }

    @Test("What each sync mode makes of different lengths")
    func outcomes() {
        func seconds(_ video: Double, _ sound: Double) -> [Double] {
            SyncOutcome.all(videoSeconds: video, soundSeconds: sound, framesPerSecond: 25).map(\.outputSeconds)
        }
        #expect(SyncMode.allCases == [.bounce, .loop, .cutOff, .silence, .remap])
        #expect(seconds(10, 12) == [12, 12, 10, 12, 12])
        #expect(seconds(10, 6) == [6, 6, 6, 10, 6])
        #expect(seconds(10, 10.01) == [10, 10, 10, 10, 10])
        let longer = SyncOutcome.all(videoSeconds: 10, soundSeconds: 12.5, framesPerSecond: 25).map(\.sentence)
        #expect(
            longer == [
                "The clip plays forward and backward until the sound ends, 2.5 s longer than it is.",
                "The clip starts again until the sound ends, 2.5 s longer than it is.",
                "The sound ends with the clip; its last 2.5 s are not heard.",
                "The clip's last picture stays for another 2.5 s, until the sound ends.",
                "The clip plays at 80 % of its speed, so that it ends with the sound.",
            ])
        let shorter = SyncOutcome.all(videoSeconds: 10, soundSeconds: 8, framesPerSecond: 25).map(\.sentence)
        #expect(shorter[0] == "The clip ends with the sound; its last 2.0 s are left out.")
        #expect(shorter[3] == "The sound is followed by 2.0 s of silence, until the clip ends.")
        #expect(shorter[4] == "The clip plays at 125 % of its speed, so that it ends with the sound.")
        let none = SyncOutcome.all(videoSeconds: 10, soundSeconds: 0, framesPerSecond: 25)
        #expect(none[4].sentence == "The clip's speed cannot be matched to the sound.")
    }

    @Test(
        "Names of files are made safe to show",
        arguments: [
            ("clip.mp4", "clip.mp4"), ("  my clip \n", "my clip"), ("", "file"), (" \t ", "file"),
            ("\u{0}\u{1B}", "file"),
            ("a\r\nSet-Cookie: x", "aSet-Cookie: x"), ("../../etc/passwd", "../../etc/passwd"),
            ("gp\u{202E}4pm.exe", "gp4pm.exe"), ("\u{2066}a\u{2069}\u{FEFF}", "a"), ("line\u{2028}break", "linebreak"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("Grüße 你好", "Grüße 你好"),
            ("👨‍👩‍👧.mov", "👨‍👩‍👧.mov"),
        ])
    func names(name: String, shown: String) {
        #expect(DisplayName.sanitised(name) == shown)
    }

    @Test("Names are cut to 255 scalars, whatever they are made of")
    func longNames() {
        #expect(DisplayName.sanitised(String(repeating: "a", count: 300)).count == 255)
        let accents = "e" + String(repeating: "\u{301}", count: 100_000)
        #expect(DisplayName.sanitised(accents).unicodeScalars.count == 255)
        #expect(DisplayName.sanitised(String(repeating: "a", count: 254) + "   b").count == 254)
    }
}
