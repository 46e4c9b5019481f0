import LipSync
import Media
import Testing

/// What section "Sync modes" of the Sync contract says, played frame by frame instead of computed.
private struct Player {
    /// The source frames shown, in order.
    static func frames(_ mode: LengthRule, source: Int, wanted: Int) -> [Int] {
        var shown: [Int] = []
        switch mode {
        case .bounce:
            var (position, direction) = (0, 1)
            for _ in 0..<wanted {
                shown.append(position)
                if source == 1 { continue }
                if position + direction >= source || position + direction < 0 { direction = -direction }
                position += direction
            }
        case .loop:
            while shown.count < wanted { shown += Array((0..<source).prefix(wanted - shown.count)) }
        case .cutOff:
            shown = Array((0..<source).prefix(wanted))
        case .silence:
            for step in 0..<wanted { shown.append(step < source ? step : source - 1) }
        case .remap:
            // Both strips are drawn `source × wanted` long; an output frame shows what its beginning touches.
            var position = 0
            for step in 0..<wanted {
                while (position + 1) * wanted <= step * source { position += 1 }
                shown.append(position)
            }
        }
        return shown
    }

    /// Output frames for a sound that lasts `sound` frames.
    static func count(_ mode: LengthRule, source: Int, sound: Int) -> Int {
        switch mode {
        case .bounce, .loop, .remap: sound
        case .cutOff: source < sound ? source : sound
        case .silence: source > sound ? source : sound
        }
    }
}

@Suite("The timeline")
struct TimelineTests {
    static let rates = [
        Rational(24000, 1001), Rational(25), Rational(30000, 1001), Rational(30), Rational(60),
    ]
    private static let lengths = [1, 2, 3, 4, 7, 10, 24, 25, 26, 50, 99, 100, 101, 150, 199, 200]
    private static let sampleRate = 48000

    /// Samples of a sound that lasts a number of frames, with a part of a frame more or less.
    private static func samples(_ frames: Double, _ rate: Rational, at sampleRate: Int = sampleRate) -> Int {
        Int((frames * Double(rate.denominator) * Double(sampleRate) / Double(rate.numerator)).rounded())
    }

    @Test("Every frame is the one that a player would show", arguments: LengthRule.allCases, rates)
    func matchesPlayer(mode: LengthRule, rate: Rational) {
        for source in Self.lengths {
            for sound in Self.lengths {
                for part in [-0.49, -0.2, 0, 0.2, 0.49] {
                    let timeline = Timeline(
                        mode: mode, sourceFrameCount: source, frameRate: rate,
                        sampleCount: Self.samples(Double(sound) + part, rate), sampleRate: Self.sampleRate)
                    let count = Player.count(mode, source: source, sound: sound)
                    let expected = Player.frames(mode, source: source, wanted: count)
                    let actual = (0..<timeline.frameCount).map(timeline.sourceFrame)
                    if actual != expected {
                        Issue.record("\(mode) \(rate): \(source) frames, sound of \(sound) + \(part): \(actual)")
                        return
                    }
                }
            }
        }
    }

    @Test("Every length from 1 to 200 frames gives that many frames", arguments: LengthRule.allCases, rates)
    func everyLength(mode: LengthRule, rate: Rational) {
        for sound in 1...200 {
            for source in [1, 50, 200] {
                let timeline = Timeline(
                    mode: mode, sourceFrameCount: source, frameRate: rate,
                    sampleCount: Self.samples(Double(sound), rate, at: 44100), sampleRate: 44100)
                #expect(timeline.frameCount == Player.count(mode, source: source, sound: sound))
                #expect((0..<timeline.frameCount).allSatisfy { (0..<source).contains(timeline.sourceFrame(at: $0)) })
            }
        }
    }

    // The contract's printed examples, at 25 frames a second.
    @Test(
        "The printed examples come out",
        arguments: [
            (LengthRule.bounce, 100, 8.64, 216, 8.64), (.loop, 100, 8.64, 216, 8.64), (.cutOff, 100, 8.64, 100, 4.00),
            (.silence, 100, 8.64, 216, 8.64), (.remap, 100, 8.64, 216, 8.64), (.bounce, 250, 6.00, 150, 6.00),
            (.loop, 250, 6.00, 150, 6.00), (.cutOff, 250, 6.00, 150, 6.00), (.silence, 250, 6.00, 250, 10.00),
            (.remap, 250, 6.00, 150, 6.00), (.bounce, 250, 10, 250, 10), (.loop, 250, 10, 250, 10),
            (.cutOff, 250, 10, 250, 10), (.silence, 250, 10, 250, 10), (.remap, 250, 10, 250, 10),
        ])
    func printedTable(mode: LengthRule, source: Int, sound: Double, frames: Int, seconds: Double) {
        let timeline = Timeline(
            mode: mode, sourceFrameCount: source, frameRate: Rational(25), sampleCount: Int(sound * 48000),
            sampleRate: 48000)
        #expect(timeline.frameCount == frames)
        #expect(timeline.sampleCount == Int(seconds * 48000))
        #expect(timeline.usedSampleCount == Int(min(sound, seconds) * 48000))
    }

    @Test("The printed ranges of source frames come out")
    func printedRanges() {
        func shown(_ mode: LengthRule) -> [Int] {
            let timeline = Timeline(
                mode: mode, sourceFrameCount: 100, frameRate: Rational(25), sampleCount: 414_720, sampleRate: 48000)
            return (0..<timeline.frameCount).map(timeline.sourceFrame)
        }
        #expect(shown(.bounce) == Array(0...99) + (0...98).reversed() + Array(1...17))
        #expect(shown(.loop) == Array(0...99) + Array(0...99) + Array(0...15))
        #expect(shown(.silence) == Array(0...99) + Array(repeating: 99, count: 116))
        #expect(Set(shown(.remap)) == Set(0...99))
    }

    @Test("Sound and picture end within half a frame of each other", arguments: LengthRule.allCases, rates)
    func lengthsAgree(mode: LengthRule, rate: Rational) {
        for source in Self.lengths {
            for sound in Self.lengths {
                for part in [-0.49, 0, 0.49] {
                    let count = Self.samples(Double(sound) + part, rate)
                    let timeline = Timeline(
                        mode: mode, sourceFrameCount: source, frameRate: rate, sampleCount: count,
                        sampleRate: Self.sampleRate)
                    let soundFrames = Double(timeline.sampleCount) * rate.value / Double(Self.sampleRate)
                    #expect(abs(soundFrames - Double(timeline.frameCount)) <= 0.501, "\(source) \(sound) \(part)")
                    #expect(timeline.usedSampleCount <= min(count, timeline.sampleCount))
                    // Only cutting off may drop sound.
                    if mode != .cutOff { #expect(timeline.usedSampleCount == count) }
                }
            }
        }
    }

    @Test("A sound that differs by less than half a frame is not cut")
    func equalLengths() {
        for rate in Self.rates {
            let count = Self.samples(100.49, rate)
            let timeline = Timeline(
                mode: .cutOff, sourceFrameCount: 100, frameRate: rate, sampleCount: count, sampleRate: Self.sampleRate)
            #expect(timeline.usedSampleCount == count)
            #expect(timeline.frameCount == 100)
        }
    }

    @Test("An empty sound gives the clip's length of silence in every mode", arguments: LengthRule.allCases)
    func emptySound(mode: LengthRule) {
        let timeline = Timeline(
            mode: mode, sourceFrameCount: 75, frameRate: Rational(25), sampleCount: 0, sampleRate: 44100)
        #expect(timeline.frameCount == 75)
        #expect(timeline.usedSampleCount == 0)
        #expect(timeline.sampleCount == 132_300)
        #expect((0..<75).map(timeline.sourceFrame) == Array(0..<75))
    }

    @Test("A sound shorter than half a frame still gives a frame")
    func tinySound() {
        let timeline = Timeline(
            mode: .loop, sourceFrameCount: 10, frameRate: Rational(25), sampleCount: 1, sampleRate: 48000)
        #expect(timeline.frameCount == 1)
    }

    // Rates such as 24000/1001 lose a frame in forty seconds when they are rounded somewhere.
    @Test("Ten minutes drift by less than a frame", arguments: rates, [44100, 48000, 22050])
    func noDrift(rate: Rational, sampleRate: Int) {
        let sampleCount = 600 * sampleRate
        let timeline = Timeline(
            mode: .loop, sourceFrameCount: 1000, frameRate: rate, sampleCount: sampleCount, sampleRate: sampleRate)
        let exact = 600 * Double(rate.numerator) / Double(rate.denominator)
        #expect(abs(Double(timeline.frameCount) - exact) <= 0.5)
        let padded = Timeline(
            mode: .silence, sourceFrameCount: timeline.frameCount, frameRate: rate, sampleCount: sampleRate,
            sampleRate: sampleRate)
        let end = Double(padded.sampleCount) / Double(sampleRate) * rate.value
        #expect(abs(end - Double(padded.frameCount)) < 0.01)
    }

    @Test("A clip is never read further than the output needs", arguments: LengthRule.allCases)
    func neededFrames(mode: LengthRule) {
        let needed =
            mode.endsWithSound
            ? Timeline.frames(ofSamples: 96000, sampleRate: 48000, frameRate: Rational(25)) : nil
        let timeline = Timeline(
            mode: mode, sourceFrameCount: 400, frameRate: Rational(25), sampleCount: 96000, sampleRate: 48000)
        let highest = (0..<timeline.frameCount).map(timeline.sourceFrame).max() ?? 0
        if let needed { #expect(highest < needed) } else { #expect(mode == .silence || mode == .remap) }
    }
}
