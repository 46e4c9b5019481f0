import Foundation
import Media
import Time

/// Does one step of a divided job. The output of all steps together is that of a `RenderJob`: the same frames, to the bit, and
/// the same sound; only what the encoder makes of the frames about the seams differs.
struct SplitJob {
    /// The largest mouth picture is this share of its frame: the mouth of a face that is as high as the picture, with the skin
    /// around it.
    private static let mouthsPerFrame = 24
    /// Mouth pictures of one span, bytes, so that it can be written with a quarter of the memory that a child may have.
    private static let spanBytes = 320 << 20

    let task: SplitTask
    let profile: any DrawingProfile
    let installation: Installation
    let threadCount: Int
    let cancellation: Cancellation
    let meter: ProgressMeter
    let watch: FrameWatch

    var plan: RenderPlan { task.plan }

    /// Does the step.
    ///
    /// - Throws: `RenderFailure` of code `stepUnusable` for files of other steps that are missing, damaged or of another job;
    ///   all that `RenderJob` throws.
    func run() throws -> EngineResult {
        switch task.step {
        case .survey: .step(try survey())
        case .hearing(let count): .step(try hear(spanCount: count))
        case .span(let step): .step(try analyze(step))
        case .planning(let count): .step(try planOutput(spanCount: count))
        case .section(let number, let count): .step(try renderSection(number, of: count))
        case .sound(let count): .step(try encodeSound(sectionCount: count))
        case .joining(let count): .render(try join(sectionCount: count))
        }
    }

    /// Opens the clip, and lays the plan's parts out against it.
    func openClip() throws -> (SourceClip, [Range<Int>?]) {
        let clip = try SourceClip(plan.videoPath)
        return (
            clip,
            try PartRanges.frames(
                plan.parts, frameRate: clip.info.frameRate, clipFrameCount: clip.info.estimatedFrameCount)
        )
    }

    var analyzer: PlanAnalyzer {
        PlanAnalyzer(plan: plan, profile: profile, installation: installation, cancellation: cancellation)
    }

    func read<Record: StepRecord>(_ type: Record.Type, _ name: String, job: String?) throws -> (Record, job: String) {
        let (record, job) = try StepFile.read(type, from: task.input(name), job: job)
        return (record, job)
    }

    func write(_ record: some StepRecord, _ name: String, job: String) throws {
        try StepFile.write(record, job: job, to: task.output(name))
    }

    // MARK: Survey

    private func survey() throws -> StepOutcome {
        try PartRanges.checkSegmentOutput(plan)
        let (clip, ranges) = try openClip()
        let format = try SoundFormat(plan, clip: clip)
        let progress = SoundProgress(partCount: plan.parts.count)
        let wanted = try analyzer.wantedFrames(clip, ranges, format, progress)
        let sounds = try analyzer.measureSounds(format, progress)
        let looked = CountedRanges(ranges: wanted.ranges)
        let cuts = cuts(looked, clip)
        let record = SurveyRecord(
            sounds: sounds, format: format,
            wanted: looked.ranges.map { .init(first: $0.lowerBound, end: $0.upperBound) }, cuts: cuts)
        try write(record, StepNames.survey, job: UUID().uuidString)
        let count = cuts.count + 1
        return StepOutcome(
            next: [.hearing(spanCount: count)] + (0..<count).map { .span(SpanStep(number: $0, count: count)) },
            files: [StepNames.survey])
    }

    private func hear(spanCount: Int) throws -> StepOutcome {
        let (survey, job) = try read(SurveyRecord.self, StepNames.survey, job: nil)
        let (clip, _) = try openClip()
        let findings = try analyzer.hear(located(survey.sounds), clip, frames: survey.wantedRanges)
        try write(HearingRecord(findings: findings), StepNames.hearing, job: job)
        return StepOutcome(next: [.planning(spanCount: spanCount)], files: [StepNames.hearing])
    }

    /// The sounds as they lie on this machine: the survey may have measured them on another one.
    func located(_ sounds: [PartSound]) -> [PartSound] {
        zip(sounds, plan.parts).map { sound, part in
            var sound = sound
            sound.path = part.audioPath
            return sound
        }
    }

    private func cuts(_ looked: CountedRanges, _ clip: SourceClip) -> [Int] {
        let count = looked.count(before: clip.info.estimatedFrameCount)
        // A record of a span holds a picture of every mouth, which a face that fills the frame makes as large as this.
        let mouthBytes = clip.info.width * clip.info.height * 3 / 2 / Self.mouthsPerFrame
        let most = max(1, Self.spanBytes / max(1, mouthBytes))
        let pieces = max(
            task.rule.spanCount(ofSeconds: Double(count) / clip.info.frameRate.value), (count + most - 1) / most)
        return SplitPlaces.pieces(of: 0..<count, count: pieces) { _ in 0 }.dropFirst().compactMap {
            looked.frame(atCount: $0.lowerBound)
        }
    }
}
