import Face
import Foundation
import Media
import Rendering
import Speech

/// One run of the embedded engine that makes a picture speak.
struct AnimationJob {
    /// The drawing is most of the work; looking at a picture is quick.
    private static let preparationShare = 0.1
    private static let longestSeconds = 7200.0

    let plan: AnimationPlan
    let installation: Installation
    let cancellation: Cancellation
    let meter: ProgressMeter

    func run() throws -> RenderReport {
        let start = ContinuousClock.now
        let output = try PendingFile(plan.outputPath)
        meter.begin(.analysing, from: 0, to: Self.preparationShare)
        let sound = try plan.audioPath.map {
            try AnimationSound(
                path: $0, range: plan.audioRange, leadSeconds: plan.leadSeconds, cancellation: cancellation)
        }
        let (stills, speech) = try prepare(sound)
        let portraits = stills.map { still in
            Portrait(
                still: still.frame, landmarks: still.landmarks,
                obstacles: still.others.flatMap { $0 }.map { SIMD2($0.x, $0.y) })
        }
        let (frameCount, sampleCount) = length(sound)
        let track = track(speech, sound, frameCount: frameCount)
        let score = AnimationScore(plan, track: track, face: portraits[0])
        let prepared = ContinuousClock.now
        meter.begin(.rendering, from: Self.preparationShare, to: 1)
        let pass = AnimationPass(
            plan: plan, size: stills[0].size, frameCount: frameCount, sound: sound, sampleCount: sampleCount,
            cancellation: cancellation)
        let timings = try pass.run(to: output.temporaryPath) {
            let renderer = PortraitRenderer(portraits[0])
            return { try renderer.draw(score.pose(at: $0)) }
        } onFrame: {
            meter.report(done: $0, expected: frameCount)
        }
        if cancellation.isCancelled {
            output.discard()
            throw RenderFailure.cancelled
        }
        try output.publish()
        return report(
            stills, portraits, score, speech, frameCount: frameCount, sound: sound,
            preparationSeconds: (prepared - start).seconds, renderSeconds: (.now - prepared).seconds, timings)
    }

    /// Looks at the pictures while another thread listens.
    private func prepare(_ sound: AnimationSound?) throws -> ([StillFace], SpeechAnalysis?) {
        let heard = Later<SpeechAnalysis>()
        let group = ThreadGroup { cancellation.cancel() }
        if let sound { group.start("speech") { heard.value = try sound.analyze(cancellation) } }
        var stills: [StillFace] = []
        do {
            let models = try installation.loadFaceModels()
            for cue in plan.pictures {
                stills.append(try StillFace(cue, size: stills.first?.size ?? plan.size, models: models))
            }
        } catch {
            group.fail(error)
        }
        try group.wait()
        guard !stills.isEmpty else { throw RenderFailure.cancelled }
        return (stills, heard.value)
    }

    /// Frames of the video and samples of its sound.
    private func length(_ sound: AnimationSound?) -> (frames: Int, samples: Int) {
        let rate = plan.frameRate
        if let seconds = plan.durationSeconds {
            let frames = max(1, Int((seconds * rate.value).rounded()))
            let sampleRate = sound?.format.sampleRate ?? 1
            return (frames, Rational(sampleRate * rate.denominator, rate.numerator).scaled(frames))
        }
        guard let sound else { return (1, 0) }
        let frames = Timeline.frames(
            ofSamples: sound.sampleCount, sampleRate: sound.format.sampleRate, frameRate: rate)
        return (frames, sound.sampleCount)
    }

    private func track(_ speech: SpeechAnalysis?, _ sound: AnimationSound?, frameCount: Int) -> MouthTrack {
        let silence = SpeechAnalysis(
            durationSeconds: 0, phones: [], levels: [], hasSpeech: false, isDigitallySilent: true,
            signalToNoiseDecibels: 0)
        return RuleMouthModel.track(
            speech ?? silence, frameRate: plan.frameRate, frameCount: frameCount,
            startSeconds: -(sound?.leadSeconds ?? 0),
            options: MouthTrackOptions(
                temperature: plan.temperature, restOpening: 0, restWidth: MouthRange.median.restWidth,
                restJaw: MouthRange.median.restJaw))
    }

    private func report(
        _ stills: [StillFace], _ portraits: [Portrait], _ score: AnimationScore, _ speech: SpeechAnalysis?,
        frameCount: Int, sound: AnimationSound?, preparationSeconds: Double, renderSeconds: Double,
        _ timings: RenderPass.Timings
    ) -> RenderReport {
        let seconds = Double(frameCount) / plan.frameRate.value
        let total = preparationSeconds + renderSeconds
        let count = Double(max(frameCount, 1))
        let sorted = score.track.opening.sorted()
        var warnings = stills.flatMap(\.warnings)
        if let speech, speech.isDigitallySilent {
            warnings.append(.init(code: "sound_silent", message: "The sound is silent; the mouth stays at rest."))
        } else if let speech, !speech.hasSpeech {
            warnings.append(
                .init(code: "no_speech", message: "No speech was recognised in the sound; the mouth stays at rest."))
        }
        return RenderReport(
            output: .init(
                frames: frameCount, frameRate: plan.frameRate, durationSeconds: seconds, width: stills[0].size.width,
                height: stills[0].size.height),
            segmentOutput: nil,
            parts: [
                .init(
                    firstFrame: 0, frames: frameCount, firstSourceFrame: 0, sourceFrames: 1,
                    soundSeconds: sound.map { Double($0.sound.samples.count) / Double($0.format.sampleRate) } ?? 0,
                    framesDrawn: frameCount, speakers: [0])
            ],
            sourceFrames: stills.count, framesWithFace: stills.count, framesDrawn: frameCount,
            faces: stills.indices.map {
                .init(
                    identity: $0, shot: $0, firstFrame: $0, lastFrame: $0, frames: 1,
                    meanWidthPixels: Double(stills[$0].facePixels), meanConfidence: Double(stills[$0].confidence),
                    isSpeaker: true)
            }, gaps: [],
            mouth: .init(
                speechShare: score.track.speech.reduce(0) { $0 + Double($1) } / count,
                meanOpening: sorted.reduce(0) { $0 + Double($1) } / count,
                highOpening: sorted.isEmpty ? 0 : Double(sorted[(sorted.count - 1) * 19 / 20]),
                closures: score.track.closures.count),
            timings: .init(
                analysisSeconds: preparationSeconds, renderSeconds: renderSeconds, decodeMilliseconds: 0,
                trackMilliseconds: 0, planMilliseconds: 0, drawMilliseconds: timings.drawSeconds * 1000 / count,
                encodeMilliseconds: timings.encodeSeconds * 1000 / count, totalSeconds: total,
                timesRealTime: seconds / max(total, 1e-6)),
            warnings: warnings)
    }
}
