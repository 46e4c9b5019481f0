/// What the first step of a divided job has found out: how long the sounds are, and what is looked at of the clip.
struct SurveyRecord: StepRecord {
    static let kind = "survey"

    var sounds: [PartSound]
    var format: SoundFormat
    /// The source frames that are looked at, ascending and apart; the last ones may lie behind the clip's end.
    var wanted: [ClosedFrames]
    /// The first frame of each span but the first.
    var cuts: [Int]

    /// A range of frames whose end may be as large as numbers go, as records hold it.
    struct ClosedFrames: Codable, Hashable, Sendable {
        var first: Int
        var end: Int
    }

    var wantedRanges: [Range<Int>] { wanted.map { $0.first..<max($0.first, $0.end) } }

    /// The frames of a span.
    ///
    /// - Throws: `RenderFailure` of code `stepUnusable` for a span that was not cut.
    func frames(of span: SpanStep) throws -> Range<Int> {
        if span.count == 1 { return 0..<Int.max }
        guard span.count == cuts.count + 1, (0...cuts.count).contains(span.number) else {
            throw StepFile.unusable("span \(span.number) of \(span.count)")
        }
        let first = span.number == 0 ? 0 : cuts[span.number - 1]
        return first..<max(first, span.number == cuts.count ? Int.max : cuts[span.number])
    }
}

/// What is said in the sounds.
struct HearingRecord: StepRecord {
    static let kind = "hearing"

    var findings: SoundFindings
}

/// Counts the frames of ranges that are ascending and apart.
struct CountedRanges {
    let ranges: [Range<Int>]

    /// How many frames of the ranges lie before a frame.
    func count(before frame: Int) -> Int {
        ranges.reduce(0) { $0 + max(0, min(frame, $1.upperBound) - $1.lowerBound) }
    }

    /// The frame before which so many frames of the ranges lie; `nil` where there are not so many and one more.
    func frame(atCount count: Int) -> Int? {
        var left = count
        for range in ranges {
            if left < range.count { return range.lowerBound + left }
            left -= range.count
        }
        return nil
    }

    /// The ranges from a frame to an end.
    func clamped(to frames: Range<Int>) -> [Range<Int>] {
        ranges.map { $0.clamped(to: frames) }.filter { !$0.isEmpty }
    }
}
