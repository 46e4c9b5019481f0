import Media
import Time

extension SplitJob {
    /// Draws and encodes one section.
    func renderSection(_ number: Int, of count: Int) throws -> StepOutcome {
        let start = ContinuousClock.now
        let (script, job) = try read(SectionScript.self, StepNames.script(number), job: nil)
        guard script.number == number, script.count == count else {
            throw StepFile.unusable("the script of section \(script.number) of \(script.count)")
        }
        let (clip, _) = try openClip()
        guard plan.videoSettings(clip.info) == script.video else { throw StepFile.unusable("a script of another clip") }
        let scenes = try script.sceneSet(plan)
        let drawing = try profile.drawing(
            DrawingContext(
                scenes: scenes, timeline: script.timeline, plan: plan, framesPerSecond: clip.info.frameRate.value,
                installation: installation, cancellation: cancellation))
        // A video without its report is a video still.
        let measurement = try? script.measured.map {
            RenderMeasurement(
                $0, scenes: scenes, timeline: script.timeline, reader: try installation.loadFaceReader())
        }
        let name = StepNames.section(number)
        let writer = try VideoWriter(task.output(name), video: script.video, audio: nil)
        let timings: FramePipeline.Timings
        do {
            timings = try draw(script, clip, drawing, measurement, writer)
            try writer.finish()
        } catch {
            writer.cancel()
            throw error
        }
        let record = SectionRecord(
            number: number, frames: script.frames, seconds: (ContinuousClock.now - start).inSeconds,
            drawSeconds: timings.transformSeconds, encodeSeconds: timings.sinkSeconds,
            readings: measurement?.readings, looks: watch.fingerprint?.numbers)
        try write(record, StepNames.sectionRecord(number), job: job)
        return StepOutcome(
            next: [.joining(sectionCount: count)], files: [name, StepNames.sectionRecord(number)])
    }

    private func draw(
        _ script: SectionScript, _ clip: SourceClip, _ drawing: any FrameDrawing,
        _ measurement: RenderMeasurement?, _ writer: VideoWriter
    ) throws -> FramePipeline.Timings {
        let frames = script.frames
        let finish = FrameFinish(
            label: plan.label(script.labelCorner, clip.info), watch: watch, framesPerSecond: clip.info.frameRate.value)
        let source = UncheckedSendable(TimelineFrames(clip.reader, timeline: script.timeline, frames: frames))
        meter.begin(.rendering, from: 0, to: 1)
        return try FramePipeline(transformThreads: threadCount, cancellation: cancellation).run(
            source: { $0 < frames.count ? try source.value.frame(at: frames.lowerBound + $0) : nil },
            makeTransform: { try drawing.makeTransform(from: frames.lowerBound, measurement, finish) },
            sink: { number, frame in
                try writer.append(frame)
                meter.report(done: number + 1, expected: frames.count)
            })
    }
}
