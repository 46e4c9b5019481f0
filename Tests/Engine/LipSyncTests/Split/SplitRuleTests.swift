import LipSync
import Media
import Testing

@Suite("How a job is divided")
struct SplitRuleTests {
    @Test(
        "Pieces are neither too short nor too long, and as many as keep the workers busy",
        arguments: [
            (0, 2, 1), (39.9, 2, 1), (40, 2, 2), (60, 2, 3), (600, 2, 10), (600, 1, 10), (600, 8, 30), (7200, 2, 120),
            (200, 2, 8), (200, 64, 10),
        ])
    func pieces(seconds: Double, workers: Int, count: Int) {
        #expect(SplitRule(workerCount: workers).pieceCount(ofSeconds: seconds) == count)
    }

    @Test(
        "A clip is looked at in one span for each worker, and in more where they would be long",
        arguments: [(39.9, 2, 1), (50, 4, 2), (300, 1, 2), (300, 2, 2), (300, 8, 8), (7200, 2, 40)])
    func spans(seconds: Double, workers: Int, count: Int) {
        #expect(SplitRule(workerCount: workers).spanCount(ofSeconds: seconds) == count)
    }

    private func timeline(_ mode: LengthRule, frames: Int, soundFrames: Int) -> OutputTimeline {
        OutputTimeline(
            whole: .init(frames: 0..<frames, mode: mode, sampleCount: soundFrames * 1920), frameRate: Rational(25),
            sampleRate: 48000)
    }

    private func sections(
        _ timeline: OutputTimeline, keyFrames: [Int], shots: Set<Int> = [0], separates: Bool = false,
        least: Double = 4
    ) -> [Range<Int>] {
        var rule = SplitRule(workerCount: 1, leastSeconds: least, mostSeconds: 4)
        rule.piecesPerWorker = 1
        return SectionPlaces(
            timeline: timeline, keyFrames: keyFrames, shotStarts: shots, separatesParts: separates
        ).sections(rule, framesPerSecond: 25)
    }

    @Test("What is too short stays whole; without key frames pieces are about equal")
    func plain() {
        #expect(sections(timeline(.cutOff, frames: 199, soundFrames: 400), keyFrames: [0]) == [0..<199])
        // Behind the only key frame every later cut costs more decoding.
        #expect(sections(timeline(.cutOff, frames: 200, soundFrames: 400), keyFrames: [0]) == [0..<70, 70..<200])
    }

    @Test("Sections begin at key frames, at the nearest of them, and rather at shots")
    func keyFrames() {
        let plain = timeline(.cutOff, frames: 300, soundFrames: 300)
        let keys = Array(stride(from: 0, to: 300, by: 12))
        #expect(sections(plain, keyFrames: keys) == [0..<96, 96..<204, 204..<300])
        #expect(sections(plain, keyFrames: keys, shots: [0, 84, 199]) == [0..<84, 84..<199, 199..<300])
    }

    @Test("A clip that is shown again begins sections at its key frames each time")
    func loop() {
        // 80 frames, shown three times; keys at 0, 40, 80, 120 … of the output.
        let looped = sections(timeline(.loop, frames: 80, soundFrames: 240), keyFrames: [0, 40])
        #expect(looped == [0..<120, 120..<240])
    }

    @Test("Where the clip runs backward, sections begin with the last picture of a group")
    func bounce() {
        let timeline = timeline(.bounce, frames: 120, soundFrames: 300)
        let sections = sections(timeline, keyFrames: [0, 30, 60, 90])
        #expect(sections.count == 3)
        #expect(sections[0] == 0..<90)
        // Output frame 209 shows source frame 29.
        #expect(timeline.sourceFrame(at: sections[1].upperBound) == 29)
    }

    @Test("A part that is written by itself too has sections of its own")
    func separate() {
        let parts = OutputTimeline(
            parts: [.init(frames: 110..<160, mode: .cutOff, sampleCount: 96_000)], clipFrameCount: 300,
            frameRate: Rational(25), sampleRate: 48000)
        let keys = Array(stride(from: 0, to: 300, by: 10))
        let found = sections(parts, keyFrames: keys, separates: true)
        #expect(found.first?.lowerBound == 0)
        #expect(found.last?.upperBound == 300)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(Set(found.map(\.lowerBound)).isSuperset(of: [0, 110, 160]))
    }

    @Test("In every mode the sections are the output's frames, each once", arguments: LengthRule.allCases)
    func complete(mode: LengthRule) {
        for soundFrames in [90, 300, 1000] {
            let timeline = timeline(mode, frames: 300, soundFrames: soundFrames)
            let found = sections(timeline, keyFrames: [0, 100, 200])
            #expect(found.flatMap { Array($0) } == Array(0..<timeline.frameCount))
            #expect(found.allSatisfy { !$0.isEmpty })
        }
    }
}
