import Face
import Media
import Rendering
import Speech

/// Puts the report of a finished job together.
struct ReportBuilder {
    /// Below this many decibels the lips follow the noise as much as the voice.
    private static let noisySoundDecibels: Float = 5

    let plan: RenderPlan
    let info: VideoStreamInfo
    let source: SourceAnalysis
    let faces: [RenderReport.FoundFace]
    let timeline: Timeline
    let scenes: SceneSet
    let track: MouthTrack
    let speech: SpeechAnalysis
    let sound: SoundFacts

    func report(
        analysisSeconds: Double, renderSeconds: Double, planSeconds: Double, pass: RenderPass.Timings
    ) -> RenderReport {
        let outputFrames = Double(max(timeline.frameCount, 1))
        let sourceFrames = Double(max(source.frameCount, 1))
        let duration = Double(timeline.frameCount) / info.frameRate.value
        let total = analysisSeconds + renderSeconds
        return RenderReport(
            output: .init(
                frames: timeline.frameCount, frameRate: info.frameRate, durationSeconds: duration, width: info.width,
                height: info.height),
            sourceFrames: source.frameCount, framesWithFace: source.hasFace.count { $0 },
            framesDrawn: scenes.drawnCount,
            faces: faces, gaps: gaps, mouth: mouth,
            timings: .init(
                analysisSeconds: analysisSeconds, renderSeconds: renderSeconds,
                decodeMilliseconds: source.decodeSeconds * 1000 / sourceFrames,
                trackMilliseconds: source.trackSeconds * 1000 / sourceFrames,
                planMilliseconds: planSeconds * 1000 / outputFrames,
                drawMilliseconds: pass.drawSeconds * 1000 / outputFrames,
                encodeMilliseconds: pass.encodeSeconds * 1000 / outputFrames, totalSeconds: total,
                timesRealTime: duration / max(total, 1e-6)),
            warnings: warnings)
    }

    /// Ranges of source frames that the output uses and that were left untouched.
    private var gaps: [RenderReport.Gap] {
        var isUsed = [Bool](repeating: false, count: source.frameCount)
        var isDrawn = isUsed
        for index in 0..<timeline.frameCount {
            let number = timeline.sourceFrame(at: index)
            isUsed[number] = true
            if let instruction = scenes.instructions[index]?.instruction, instruction.strength > 0 {
                isDrawn[number] = true
            }
        }
        let shown = Set(scenes.scenes.flatMap(\.speaker.frameNumbers))
        var gaps: [RenderReport.Gap] = []
        for number in 0..<source.frameCount where isUsed[number] && !isDrawn[number] {
            let reason: RenderReport.Gap.Reason =
                !source.hasFace[number] ? .noFace : shown.contains(number) ? .notDrawable : .speakerNotSeen
            if let last = gaps.last, last.lastFrame == number - 1, last.reason == reason {
                gaps[gaps.count - 1].lastFrame = number
            } else {
                gaps.append(.init(firstFrame: number, lastFrame: number, reason: reason))
            }
        }
        return gaps
    }

    private var mouth: RenderReport.Mouth {
        let count = Double(max(track.opening.count, 1))
        let sorted = track.opening.sorted()
        return .init(
            speechShare: track.speech.reduce(0) { $0 + Double($1) } / count,
            meanOpening: sorted.reduce(0) { $0 + Double($1) } / count,
            highOpening: sorted.isEmpty ? 0 : Double(sorted[(sorted.count - 1) * 19 / 20]),
            closures: track.closures.count)
    }

    private var warnings: [RenderReport.Warning] {
        var warnings: [RenderReport.Warning] = []
        func warn(_ code: String, _ message: String) { warnings.append(.init(code: code, message: message)) }
        if sound.sampleCount == 0 {
            warn("sound_empty", "The sound is empty; the mouth stays at rest for the length of the video.")
        } else if speech.isDigitallySilent {
            warn("sound_silent", "The sound is silent; the mouth stays at rest.")
        } else if !speech.hasSpeech {
            warn("no_speech", "No speech was recognised in the sound; the mouth stays at rest.")
        } else if speech.signalToNoiseDecibels < Self.noisySoundDecibels {
            warn("sound_noisy", "The sound is very noisy; the lips will follow it poorly.")
        }
        let missing = source.hasFace.count { !$0 }
        if missing > 0 {
            warn(
                "frames_without_face",
                "\(missing) of \(source.frameCount) source frames show no face and pass through.")
        }
        if source.damagedPacketCount > 0 {
            warn("video_damaged", "\(source.damagedPacketCount) damaged parts of the video were skipped.")
        }
        if plan.profile == .mouthBank, scenes.scenes.contains(where: { !$0.bank.hasMovingMouth }) {
            warn(
                "mouth_never_moves",
                "The speaker's mouth hardly moves in the clip; its inside is painted, which looks less real.")
        }
        return warnings
    }
}
