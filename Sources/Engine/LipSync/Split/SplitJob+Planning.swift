import Face
import Media

extension SplitJob {
    /// Puts the spans together and plans the output, or asks for spans to be read again.
    func planOutput(spanCount: Int) throws -> StepOutcome {
        let (survey, job) = try read(SurveyRecord.self, StepNames.survey, job: nil)
        let (hearing, _) = try read(HearingRecord.self, StepNames.hearing, job: job)
        let (clip, ranges) = try openClip()
        var joint = SpanJoint(keepsManyPictures: profile.keepsManyPictures)
        var searchesTiles = false
        for number in 0..<spanCount {
            let (span, _) = try read(SpanRecord.self, StepNames.span(number, of: spanCount), job: job)
            searchesTiles = span.step.searchesTiles
            // Behind damage decoding may go on otherwise than it does from a key frame.
            let isWhole =
                span.source.damagedPacketCount == 0 && (span.source.endFrame == nil || number == spanCount - 1)
            if spanCount > 1, !isWhole {
                return again([SpanStep(number: 0, count: 1, searchesTiles: searchesTiles)])
            }
            guard joint.append(span) else {
                return again([
                    SpanStep(number: number, count: spanCount, continues: true, searchesTiles: searchesTiles)
                ])
            }
        }
        var source = joint.source
        let isFound = !source.records.credible(
            framesPerSecond: clip.info.frameRate.value, frameCount: source.readCount
        ).isEmpty
        if source.readCount > 0, !isFound, !searchesTiles,
            FaceTracker.findsMoreInTiles(clip.info.width, clip.info.height)
        {
            // A clip without a face would be refused: it is worth a second, closer look.
            return again((0..<spanCount).map { SpanStep(number: $0, count: spanCount, searchesTiles: true) })
        }
        let planned = try PlannedOutput(
            plan, profile: profile, clip: clip.info, ranges: ranges, format: survey.format, source: &source,
            findings: hearing.findings)
        return try write(planned, source, survey, hearing.findings, clip, job: job)
    }

    private func again(_ spans: [SpanStep]) -> StepOutcome { StepOutcome(next: spans.map { .span($0) }, files: []) }

    private func write(
        _ planned: PlannedOutput, _ source: SourceAnalysis, _ survey: SurveyRecord, _ findings: SoundFindings,
        _ clip: SourceClip, job: String
    ) throws -> StepOutcome {
        let places = SectionPlaces(
            timeline: planned.timeline, keyFrames: source.keyFrames, shotStarts: Set(source.shotStarts),
            separatesParts: plan.segmentOutputPath != nil)
        let sections =
            source.damagedPacketCount == 0
            ? places.sections(task.rule, framesPerSecond: clip.info.frameRate.value)
            : places.wholePieces
        let video = plan.videoSettings(clip.info)
        let measures =
            plan.isMeasured
            ? MeasurePlan(planned, speech: findings.speech, framesPerSecond: clip.info.frameRate.value) : nil
        let looked = measures?.frames
        for (number, frames) in sections.enumerated() {
            try cancellation.check()
            let script = SectionScript(
                number: number, count: sections.count, frames: frames, of: planned, plan: plan, video: video,
                measured: looked)
            try write(script, StepNames.script(number), job: job)
        }
        var report = ReportBuilder(
            plan: plan, usesPictures: profile.usesPictures, clip: clip, source: source, planned: planned,
            findings: findings, format: survey.format,
            isClipSoundDamaged: findings.isClipSpeechDamaged
        ).report(
            analysisSeconds: source.decodeSeconds + source.trackSeconds, renderSeconds: 0, pass: nil, measured: nil)
        if plan.isMeasured {
            report.guesses = RenderGuesses.of(plan, clip, faces: planned.faces, sounds: findings.sounds)
        }
        try write(
            JointRecord(
                timeline: planned.timeline, sections: sections, video: video,
                tags: plan.marks.tags(keeping: clip.reader.tags), format: survey.format, sounds: findings.sounds,
                report: report, measures: measures,
                gapFrames: planned.gaps.map(\.outputFrame)), StepNames.joint, job: job)
        return StepOutcome(
            next: [.sound(sectionCount: sections.count)]
                + sections.indices.map { .section(number: $0, count: sections.count) },
            files: [StepNames.joint] + sections.indices.map(StepNames.script))
    }
}
