import Face
import Media

extension SplitJob {
    /// Frames before a span from which on faces are followed: those for which a lost face is remembered, and some more in
    /// which the mesh settles. What is followed is the same then, as a rule (docs/benchmarks.md).
    static let leadFrames = 100

    /// The first pass over a span.
    func analyze(_ step: SpanStep) throws -> StepOutcome {
        let (survey, job) = try read(SurveyRecord.self, StepNames.survey, job: nil)
        let looked = CountedRanges(ranges: survey.wantedRanges)
        let frames = try survey.frames(of: step)
        let ordinal = looked.count(before: frames.lowerBound)
        var begin = (frame: frames.lowerBound, state: FaceTrackerState(firstFrameNumber: ordinal))
        if step.continues {
            let (before, _) = try read(SpanRecord.self, StepNames.span(step.number - 1, of: step.count), job: job)
            begin.state = before.exit
        } else if ordinal > 0 {
            let first = max(0, ordinal - Self.leadFrames)
            begin = (
                looked.frame(atCount: first) ?? frames.lowerBound, FaceTrackerState(firstFrameNumber: first)
            )
        }
        let (clip, _) = try openClip()
        let wanted = WantedFrames(looked.clamped(to: begin.frame..<frames.upperBound), of: clip)
        meter.begin(.analysing, from: 0, to: 1)
        var source = SourceAnalysis()
        var states = SourceAnalyzer.SpanStates(entry: begin.state, exit: begin.state)
        if wanted.next(from: 0) != nil {
            let analyzer = analyzer.sourceAnalyzer(try installation.loadFaceModels(), keepsFrames: false)
            (source, states) = try analyzer.analyze(
                clip, wanted,
                span: .init(firstFrame: frames.lowerBound, state: begin.state, searchesTiles: step.searchesTiles)
            ) { meter.report(done: $0, expected: $1) }
        }
        let name = StepNames.span(step.number, of: step.count)
        try write(SpanRecord(step: step, source: source, entry: states.entry, exit: states.exit), name, job: job)
        return StepOutcome(next: [.planning(spanCount: step.count)], files: [name])
    }
}
