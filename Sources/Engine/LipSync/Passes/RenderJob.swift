import Face
import Foundation
import Media
import Time

/// One run of an engine over a clip: both passes. The mouths are planned for the mesh; a profile draws them.
struct RenderJob {
    let plan: RenderPlan
    let profile: any DrawingProfile
    let installation: Installation
    let threadCount: Int
    let cancellation: Cancellation
    let meter: ProgressMeter
    let watch: FrameWatch

    func run() throws -> RenderReport {
        let start = ContinuousClock.now
        try PartRanges.checkSegmentOutput(plan)
        try OutputPlaces.check(plan.outputPlaces, inputs: plan.inputPaths)
        let output = try PendingFile(plan.outputPath)
        let segmentOutput = try plan.segmentOutputPath.map(PendingFile.init)
        // The clip is opened before the sounds are read, so that a wrong clip is refused at once.
        let clip = try SourceClip(plan.videoPath)
        let ranges = try PartRanges.frames(
            plan.parts, frameRate: clip.info.frameRate, clipFrameCount: clip.info.estimatedFrameCount)
        let format = try SoundFormat(plan, clip: clip)
        let models = LazyFaceModels(installation)
        var (source, findings) = try PlanAnalyzer(
            plan: plan, profile: profile, installation: installation, cancellation: cancellation
        ).analyze(clip, ranges, format, models, meter: meter)
        let planned = try PlannedOutput(
            plan, profile: profile, clip: clip.info, ranges: ranges, format: format, source: &source,
            findings: findings)
        let (timeline, scenes) = (planned.timeline, planned.scenes)
        let measurePlan =
            plan.isMeasured
            ? MeasurePlan(planned, speech: findings.speech, framesPerSecond: clip.info.frameRate.value) : nil
        let measurement = try? measurePlan.map {
            try RenderMeasurement($0.frames, scenes: scenes, timeline: timeline, reader: FaceReader(models.models()))
        }
        let analysed = ContinuousClock.now
        let pass = RenderPass(
            plan: plan, clip: clip, timeline: timeline,
            drawing: try profile.drawing(
                DrawingContext(
                    scenes: scenes, timeline: timeline, plan: plan,
                    framesPerSecond: clip.info.frameRate.value, installation: installation, cancellation: cancellation)),
            sounds: findings.sounds, format: format, threadCount: threadCount, cancellation: cancellation,
            measurement: measurement,
            finish: FrameFinish(
                label: plan.label(planned.labelCorner, clip.info), watch: watch,
                framesPerSecond: clip.info.frameRate.value))
        meter.begin(.rendering, from: ProgressMeter.analysisShare, to: 1)
        // A part without frames has no video of its own.
        let writesSegment = timeline.pieces.contains { $0.part != nil }
        let outcome = try pass.run(
            to: output.temporaryPath, segmentPath: writesSegment ? segmentOutput?.temporaryPath : nil,
            kept: source.takeFrames()
        ) { meter.report(done: $0, expected: timeline.frameCount) }
        let measured = measurement.flatMap { measurement in
            measurePlan?.outcome(
                measurement.readings, ofFile: output.temporaryPath,
                heard: outcome.sound.flatMap { measurePlan?.heard($0, speech: findings.speech) })
        }
        try PendingFile.publish(output, writesSegment ? segmentOutput : nil, cancellation)
        let end = ContinuousClock.now
        return ReportBuilder(
            plan: plan, usesPictures: profile.usesPictures, clip: clip, source: source, planned: planned,
            findings: findings, format: format,
            isClipSoundDamaged: outcome.isClipSoundDamaged || findings.isClipSpeechDamaged
        ).report(
            analysisSeconds: (analysed - start).inSeconds, renderSeconds: (end - analysed).inSeconds,
            pass: outcome.timings, measured: measured)
    }
}
