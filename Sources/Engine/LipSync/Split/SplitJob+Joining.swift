import Media
import Time

extension SplitJob {
    /// Encodes the output's sound, and that of the part alone.
    func encodeSound(sectionCount: Int) throws -> StepOutcome {
        let start = ContinuousClock.now
        let (joint, job) = try read(JointRecord.self, StepNames.joint, job: nil)
        let (hearing, _) = try read(HearingRecord.self, StepNames.hearing, job: job)
        let (clip, _) = try openClip()
        var track = SoundTrack(joint.timeline, sounds: located(joint.sounds), clip: clip, format: joint.format)
        if joint.measures != nil {
            track.measuring = SoundMeasuring(
                sampleRate: joint.format.sampleRate, channelCount: joint.format.channelCount,
                sampleCount: joint.timeline.sampleCount)
        }
        let writesSegment = segmentPieces(joint) != nil
        let whole = try SoundWriter(task.output(StepNames.sound), audio: joint.format.audioSettings)
        let segment =
            writesSegment
            ? try SoundWriter(task.output(StepNames.segmentSound), audio: joint.format.audioSettings) : nil
        meter.begin(.rendering, from: 0, to: 1)
        do {
            var sound = SoundInterleaver(
                sampleRate: joint.format.sampleRate, sampleCount: joint.timeline.sampleCount
            ) { count in
                try cancellation.check()
                return try track.writeBlock(count, to: whole, segment: segment)
            }
            try sound.finish()
            try segment?.finish()
            try whole.finish()
        } catch {
            whole.cancel()
            segment?.cancel()
            throw error
        }
        try write(
            SoundRecord(
                seconds: (ContinuousClock.now - start).inSeconds, isClipSoundDamaged: track.isOwnDamaged,
                heard: track.measuring.flatMap { joint.measures?.heard($0, speech: hearing.findings.speech) }),
            StepNames.soundRecord, job: job)
        return StepOutcome(
            next: [.joining(sectionCount: sectionCount)],
            files: [StepNames.sound, StepNames.soundRecord] + (writesSegment ? [StepNames.segmentSound] : []))
    }

    /// Joins the sections, and writes the output.
    func join(sectionCount: Int) throws -> RenderReport {
        let start = ContinuousClock.now
        try OutputPlaces.check(plan.outputPlaces, inputs: plan.inputPaths)
        let output = try PendingFile(plan.outputPath)
        let (joint, job) = try read(JointRecord.self, StepNames.joint, job: nil)
        guard joint.sections.count == sectionCount, sectionCount > 0 else {
            throw StepFile.unusable("\(joint.sections.count) sections instead of \(sectionCount)")
        }
        let sections = try (0..<sectionCount).map { number in
            let (section, _) = try read(SectionRecord.self, StepNames.sectionRecord(number), job: job)
            guard section.number == number, section.frames == joint.sections[number] else {
                throw StepFile.unusable("section \(section.number) in place of section \(number)")
            }
            return section
        }
        let (sound, _) = try read(SoundRecord.self, StepNames.soundRecord, job: job)
        meter.begin(.rendering, from: 0, to: 1)
        let segment = try segmentPieces(joint).map { pieces in
            let file = try PendingFile(plan.segmentOutputPath ?? "")
            try join(sections.filter { pieces.contains($0.frames.lowerBound) }, joint, StepNames.segmentSound, to: file)
            return file
        }
        do { try join(sections, joint, StepNames.sound, to: output) } catch {
            segment?.discard()
            throw error
        }
        let measured = joint.measures?.outcome(
            sections.reduce(into: RenderMeasurement.Readings()) { $0.add($1.readings ?? .init()) },
            ofFile: output.temporaryPath, heard: sound.heard)
        for section in sections { watch.fingerprint?.add(section.looks ?? [:]) }
        try PendingFile.publish(output, segment, cancellation)
        var report = joint.report.finished(
            sections: sections, sound: sound, joinSeconds: (ContinuousClock.now - start).inSeconds)
        if let measured { report.take(measured, gapFrames: joint.gapFrames, texts: plan.texts) }
        return report
    }

    private func join(
        _ sections: [SectionRecord], _ joint: JointRecord, _ soundName: String, to file: PendingFile
    ) throws {
        guard let first = sections.first else { throw StepFile.unusable("no section") }
        let writer = try JoinedVideoWriter(
            file.temporaryPath, video: joint.video, firstSection: task.input(StepNames.section(first.number)),
            sound: (task.input(soundName), joint.format.audioSettings), tags: joint.tags)
        let count = sections.reduce(0) { $0 + $1.frames.count }
        do {
            for section in sections {
                try writer.append(
                    section: task.input(StepNames.section(section.number)), frameCount: section.frames.count
                ) {
                    try cancellation.check()
                    meter.report(done: $0, expected: count)
                }
            }
            try writer.finish()
        } catch {
            writer.cancel()
            throw error
        }
    }

    /// The output frames of the part alone, where it is asked for and has any.
    private func segmentPieces(_ joint: JointRecord) -> Range<Int>? {
        guard plan.segmentOutputPath != nil else { return nil }
        return joint.timeline.pieces.first { $0.part != nil }?.frames
    }
}

extension RenderReport {
    /// The report of a divided job whose steps are done. Its times are those of all steps added up, wherever they ran.
    fileprivate func finished(sections: [SectionRecord], sound: SoundRecord, joinSeconds: Double) -> RenderReport {
        var report = self
        let frames = Double(max(output.frames, 1))
        report.timings.renderSeconds =
            sections.reduce(0) { $0 + $1.seconds } + sound.seconds + joinSeconds
        report.timings.drawMilliseconds = sections.reduce(0) { $0 + $1.drawSeconds } * 1000 / frames
        report.timings.encodeMilliseconds = sections.reduce(0) { $0 + $1.encodeSeconds } * 1000 / frames
        report.timings.totalSeconds = report.timings.analysisSeconds + report.timings.renderSeconds
        report.timings.timesRealTime = output.durationSeconds / max(report.timings.totalSeconds, 1e-6)
        if sound.isClipSoundDamaged, !report.warnings.contains(SourceWarnings.clipSoundDamaged) {
            report.warnings.append(SourceWarnings.clipSoundDamaged)
        }
        return report
    }
}
