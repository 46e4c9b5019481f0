import Face
import Media
import Rendering
import Speech

/// Puts the report of a finished job together.
struct ReportBuilder {
    /// Below this many decibels the lips follow the noise as much as the voice.
    private static let noisySoundDecibels: Float = 5

    let plan: RenderPlan
    /// Mouths were made of the speaker's own pictures.
    let usesPictures: Bool
    let clip: SourceClip
    let source: SourceAnalysis
    let planned: PlannedOutput
    let findings: SoundFindings
    let format: SoundFormat
    /// The clip's own sound, where it was heard or listened to.
    let isClipSoundDamaged: Bool

    private var timeline: OutputTimeline { planned.timeline }
    private var scenes: SceneSet { planned.scenes }
    private var sounds: [PartSound] { findings.sounds }

    func report(
        analysisSeconds: Double, renderSeconds: Double, pass: FramePipeline.Timings?,
        measured: MeasurePlan.Outcome?
    ) -> RenderReport {
        let outputFrames = Double(max(timeline.frameCount, 1))
        let sourceFrames = Double(max(source.readCount, 1))
        let whole = output(timeline.frameCount)
        let total = analysisSeconds + renderSeconds
        var report = RenderReport(
            output: whole, segmentOutput: segmentOutput, parts: parts, sourceFrames: source.readCount,
            framesWithFace: source.faceCount, framesDrawn: scenes.drawnCount, faces: planned.faces,
            gaps: planned.gaps.map(\.gap),
            mouth: mouth,
            timings: .init(
                analysisSeconds: analysisSeconds, renderSeconds: renderSeconds,
                decodeMilliseconds: source.decodeSeconds * 1000 / sourceFrames,
                trackMilliseconds: source.trackSeconds * 1000 / sourceFrames,
                planMilliseconds: planned.planSeconds * 1000 / outputFrames,
                drawMilliseconds: (pass?.transformSeconds ?? 0) * 1000 / outputFrames,
                encodeMilliseconds: (pass?.sinkSeconds ?? 0) * 1000 / outputFrames, totalSeconds: total,
                timesRealTime: whole.durationSeconds / max(total, 1e-6)),
            warnings: warnings)
        if let measured {
            report.take(measured, gapFrames: planned.gaps.map(\.outputFrame), texts: plan.texts)
            report.guesses = RenderGuesses.of(plan, clip, faces: planned.faces, sounds: sounds)
        }
        return report
    }

    private func output(_ frames: Int) -> RenderReport.Output {
        .init(
            frames: frames, frameRate: clip.info.frameRate,
            durationSeconds: Double(frames) / clip.info.frameRate.value, width: clip.info.width,
            height: clip.info.height)
    }

    private var segmentOutput: RenderReport.Output? {
        guard plan.segmentOutputPath != nil, let piece = timeline.pieces.first(where: { $0.part != nil }) else {
            return nil
        }
        return output(piece.timeline.frameCount)
    }

    private var parts: [RenderReport.Part] {
        plan.parts.indices.map { index in
            let piece = timeline.pieces.first { $0.part == index }
            return .init(
                firstFrame: piece?.firstFrame ?? 0, frames: piece?.timeline.frameCount ?? 0,
                firstSourceFrame: piece?.firstSourceFrame ?? 0, sourceFrames: piece?.timeline.sourceFrameCount ?? 0,
                soundSeconds: Double(sounds[index].samples.count) / Double(format.sampleRate),
                framesDrawn: piece.map { scenes.drawnCount(in: $0.frames) } ?? 0, speakers: planned.speakers[index])
        }
    }

    private var mouth: RenderReport.Mouth {
        let tracks = planned.tracks
        let sorted = tracks.flatMap(\.opening).sorted()
        let count = Double(max(sorted.count, 1))
        return .init(
            speechShare: tracks.reduce(0) { $0 + $1.speech.reduce(0) { $0 + Double($1) } } / count,
            meanOpening: sorted.reduce(0) { $0 + Double($1) } / count,
            highOpening: sorted.isEmpty ? 0 : Double(sorted[(sorted.count - 1) * 19 / 20]),
            closures: tracks.reduce(0) { $0 + $1.closures.count })
    }

    private var warnings: [RenderReport.Warning] {
        var warnings: [RenderReport.Warning] = []
        func warn(_ code: String, _ message: String) {
            add(.init(code: code, message: message))
        }
        func add(_ warning: RenderReport.Warning) {
            if !warnings.contains(where: { $0.code == warning.code }) { warnings.append(warning) }
        }
        for sound in sounds { SourceWarnings.of(sound, format: format).forEach(add) }
        for (sound, speech) in zip(sounds, findings.speech) {
            if sound.samples.isEmpty {
                warn("sound_empty", "The sound is empty; the mouth stays at rest for the length of the video.")
            } else if speech.isDigitallySilent {
                warn("sound_silent", "The sound is silent; the mouth stays at rest.")
            } else if !speech.hasSpeech {
                warn("no_speech", "No speech was heard in the sound; the mouth stays at rest.")
            } else if speech.signalToNoiseDecibels < Self.noisySoundDecibels {
                warn("sound_noisy", "The sound is very noisy; the lips will follow it poorly.")
            }
        }
        let missing = source.readCount - source.faceCount
        if missing > 0 {
            warn(
                "frames_without_face",
                "\(missing) of \(source.readCount) source frames show no face and pass through.")
        }
        let undrawable = planned.gaps.map(\.gap).filter { $0.reason == .notDrawable }
            .reduce(0) { $0 + $1.lastFrame - $1.firstFrame + 1 }
        if undrawable > 0 {
            warn(
                "frames_not_drawable",
                "In \(undrawable) source frames the speaker is turned too far away or covered; they pass through.")
        }
        SourceWarnings.of(clip, endFrame: source.endFrame, damagedPacketCount: source.damagedPacketCount).forEach(add)
        if isClipSoundDamaged { add(SourceWarnings.clipSoundDamaged) }
        if usesPictures, scenes.scenes.contains(where: { !$0.bank.hasMovingMouth }) {
            warn(
                "mouth_never_moves",
                "The speaker's mouth hardly moves in the clip; its inside is painted, which looks less real.")
        }
        return warnings
    }
}
