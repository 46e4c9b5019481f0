import Media
import Rendering
import Speech

/// Puts the report of a finished animation together.
struct AnimationReport {
    let plan: AnimationPlan
    let scene: PortraitScene
    let speech: SpeechAnalysis?
    let sound: AnimationSound?

    func report(
        preparationSeconds: Double, renderSeconds: Double, pass: FramePipeline.Timings,
        warnings: [RenderReport.Warning],
        measured: MeasurePlan.Outcome?
    ) -> RenderReport {
        let stills = scene.stills
        let frames = scene.frameCount
        let count = Double(max(frames, 1))
        let seconds = Double(frames) / plan.frameRate.value
        let total = preparationSeconds + renderSeconds
        var report = RenderReport(
            output: .init(
                frames: frames, frameRate: plan.frameRate, durationSeconds: seconds, width: stills[0].size.width,
                height: stills[0].size.height),
            segmentOutput: nil,
            parts: [
                .init(
                    firstFrame: 0, frames: frames, firstSourceFrame: 0, sourceFrames: stills.count,
                    soundSeconds: sound.map { Double($0.sound.samples.count) / Double($0.format.sampleRate) } ?? 0,
                    framesDrawn: frames, speakers: [0])
            ],
            sourceFrames: stills.count, framesWithFace: stills.count { $0.landmarks != nil }, framesDrawn: frames,
            faces: faces, gaps: [], mouth: mouth,
            timings: .init(
                analysisSeconds: preparationSeconds, renderSeconds: renderSeconds, decodeMilliseconds: 0,
                trackMilliseconds: 0, planMilliseconds: 0, drawMilliseconds: pass.transformSeconds * 1000 / count,
                encodeMilliseconds: pass.sinkSeconds * 1000 / count, totalSeconds: total,
                timesRealTime: seconds / max(total, 1e-6)),
            warnings: stills.flatMap(\.warnings) + motionWarnings + warnings + soundWarnings)
        if let measured {
            report.take(measured, gapFrames: [], texts: plan.texts)
            report.guesses = RenderGuesses.of(plan, stills: stills)
        }
        return report
    }

    private var faces: [RenderReport.FoundFace] {
        scene.stills.indices.filter { scene.stills[$0].landmarks != nil }.map {
            .init(
                identity: $0, shot: $0, firstFrame: $0, lastFrame: $0, frames: 1,
                meanWidthPixels: Double(scene.stills[$0].facePixels),
                meanConfidence: Double(scene.stills[$0].confidence), isSpeaker: true)
        }
    }

    private var mouth: RenderReport.Mouth {
        let track = scene.poses.track
        let sorted = track.opening.sorted()
        let count = Double(max(sorted.count, 1))
        return .init(
            speechShare: track.speech.reduce(0) { $0 + Double($1) } / count,
            meanOpening: sorted.reduce(0) { $0 + Double($1) } / count,
            highOpening: sorted.isEmpty ? 0 : Double(sorted[(sorted.count - 1) * 19 / 20]),
            closures: track.closures.count)
    }

    private var motionWarnings: [RenderReport.Warning] {
        guard scene.portraits.contains(where: { $0?.canMove == false }) else { return [] }
        return [
            .init(code: "face_cannot_move", message: "A face is too small or too bent to be moved; it stands still.")
        ]
    }

    private var soundWarnings: [RenderReport.Warning] {
        let ofFile = sound.map { SourceWarnings.of($0.sound, format: $0.format) } ?? []
        return ofFile + speechWarnings
    }

    private var speechWarnings: [RenderReport.Warning] {
        guard let speech, plan.audioPath != nil else { return [] }
        if speech.isDigitallySilent {
            return [.init(code: "sound_silent", message: "The sound is silent; the mouth stays at rest.")]
        }
        guard speech.hasSpeech else {
            return [
                .init(code: "no_speech", message: "No speech was heard in the sound; the mouth stays at rest.")
            ]
        }
        return []
    }
}
