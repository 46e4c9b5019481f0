import Face
import Foundation
import Media
import Rendering
import Speech
import Time

/// One run of the embedded engine that makes a picture speak.
struct AnimationJob {
    /// The drawing is most of the work; looking at a picture is quick.
    private static let preparationShare = 0.1

    let plan: AnimationPlan
    let installation: Installation
    let threadCount: Int
    let cancellation: Cancellation
    let meter: ProgressMeter
    let watch: FrameWatch

    func run() throws -> RenderReport {
        guard (1...EngineLimits.pictures).contains(plan.pictures.count) else {
            throw RenderFailure(
                .tooManyPictures, message: "A video is made of 1 to \(EngineLimits.pictures) pictures.",
                suggestion: "Leave some out, or make several videos.")
        }
        let start = ContinuousClock.now
        try OutputPlaces.check(plan.outputPlaces, inputs: plan.inputPaths)
        let output = try PendingFile(plan.outputPath)
        meter.begin(.analysing, from: 0, to: Self.preparationShare)
        let sound = try plan.audioPath.map {
            try AnimationSound(
                path: $0, range: plan.audioRange, leadSeconds: plan.leadSeconds, cancellation: cancellation)
        }
        let models = LazyFaceModels(installation)
        let prepared = try prepare(sound, models)
        let voice = try sound ?? drivingSound(prepared.drive)
        let (frameCount, sampleCount) = length(voice, prepared.drive)
        let scene = try makeScene(
            prepared, track: track(sound == nil ? nil : prepared.speech, sound, frameCount: frameCount))
        let measurePlan =
            plan.isMeasured
            ? MeasurePlan(
                scene, soundStartSeconds: sound?.leadSeconds ?? 0,
                phones: prepared.speech.map { $0.phonesAreExact ? $0.phones : [] } ?? []) : nil
        let measurement = try? measurePlan.map {
            try RenderMeasurement($0.frames, scene: scene, reader: FaceReader(models.models()))
        }
        let preparedAt = ContinuousClock.now
        meter.begin(.rendering, from: Self.preparationShare, to: 1)
        let pass = AnimationPass(
            plan: plan, size: prepared.stills[0].size, frameCount: frameCount, sound: voice, sampleCount: sampleCount,
            threadCount: threadCount, cancellation: cancellation, isSoundMeasured: measurement != nil)
        let finish = FrameFinish(label: label(prepared), watch: watch, framesPerSecond: plan.frameRate.value)
        let outcome = try pass.run(to: output.temporaryPath) {
            let drawer = PortraitDrawer(scene)
            return { index in
                let frame = try drawer.draw(index)
                measurement?.look(index, at: frame)
                try finish.finish(index, frame)
                return frame
            }
        } onFrame: {
            meter.report(done: $0, expected: frameCount)
        }
        if cancellation.isCancelled {
            output.discard()
            throw RenderFailure.cancelled
        }
        let speech = prepared.speech.map { [$0] } ?? []
        let measured = measurement.flatMap { measurement in
            measurePlan?.outcome(
                measurement.readings, ofFile: output.temporaryPath,
                heard: outcome.sound.flatMap { measurePlan?.heard($0, speech: speech) })
        }
        try output.publish()
        return AnimationReport(plan: plan, scene: scene, speech: prepared.speech, sound: voice)
            .report(
                preparationSeconds: (preparedAt - start).inSeconds, renderSeconds: (.now - preparedAt).inSeconds,
                pass: outcome.timings, warnings: prepared.drive?.warnings ?? [], measured: measured)
    }

    /// What is laid over the frames of the output; `nil` for nothing.
    private func label(_ prepared: Prepared) -> LabelDrawing? {
        plan.marks.label.map { label in
            let size = prepared.stills[0].size
            let faces = prepared.stills.compactMap { $0.landmarks.map(FaceBox.init(around:)) }
            return LabelDrawing(
                label, label.corner(avoiding: faces, width: size.width, height: size.height), width: size.width,
                height: size.height, framesPerSecond: plan.frameRate.value)
        }
    }

    private func makeScene(_ prepared: Prepared, track: MouthTrack) throws -> PortraitScene {
        let portraits = try prepared.stills.map { still -> Portrait? in
            try cancellation.check()
            return still.landmarks.map {
                Portrait(still: still.frame, landmarks: $0, obstacles: still.outlinesOfOthers)
            }
        }
        let figures = portraits.compactMap { $0 }
        guard !figures.isEmpty else { throw RenderFailure.cancelled }
        let poses = PoseTrack(plan, track: track, portraits: figures, drive: prepared.drive)
        return PortraitScene(
            plan, stills: prepared.stills, portraits: portraits, poses: poses, frameCount: track.opening.count)
    }

    private struct Prepared: Sendable {
        var stills: [StillFace] = []
        var drive: DrivingPerformance?
        var speech: SpeechAnalysis?
    }

    /// Looks at the pictures and the driving video while another thread listens.
    private func prepare(_ sound: AnimationSound?, _ models: LazyFaceModels) throws -> Prepared {
        let group = ThreadGroup { cancellation.cancel() }
        let speech = sound.map { sound in
            group.future("speech") {
                try sound.analyze(plan.speech, encoder: installation.loadSpeechEncoder, cancellation: cancellation)
            }
        }
        var prepared = Prepared()
        do {
            for (index, cue) in plan.pictures.enumerated() {
                let size = prepared.stills.first?.size ?? plan.size
                prepared.stills.append(try StillFace(cue, size: size, needsFace: index == 0, models: models))
            }
            prepared.drive = try plan.drivePath.map { path in
                let own = prepared.stills.first?.landmarks.map { HeadTurn(FacePose(of: $0)) }
                return try DrivingPerformance(
                    path, from: plan.followsDirection ? own : nil, models: try models.models(),
                    cancellation: cancellation)
            }
        } catch {
            group.fail(error)
        }
        try group.wait()
        guard !prepared.stills.isEmpty else { throw RenderFailure.cancelled }
        prepared.speech = speech?.value
        return prepared
    }

    /// Without a voice of its own the figure speaks with the driver's.
    private func drivingSound(_ drive: DrivingPerformance?) throws -> AnimationSound? {
        guard let drive, drive.hasSound, let path = plan.drivePath else { return nil }
        do {
            return try AnimationSound(path: path, range: nil, leadSeconds: 0, cancellation: cancellation)
        } catch let error as MediaError where error.code == .audioInvalid {
            // A track without a sample that can be heard is the same as none.
            return nil
        }
    }

    /// Frames of the video and samples of its sound.
    private func length(_ sound: AnimationSound?, _ drive: DrivingPerformance?) -> (frames: Int, samples: Int) {
        let rate = plan.frameRate
        let asked = plan.durationSeconds ?? (plan.audioPath == nil ? drive?.durationSeconds : nil)
        guard let sound, asked == nil else {
            let frames = max(1, Int(((asked ?? 0) * rate.value).rounded()))
            let sampleRate = sound?.format.sampleRate ?? 1
            return (frames, Rational(sampleRate * rate.denominator, rate.numerator).scaled(frames))
        }
        let frames = Timeline.frames(
            ofSamples: sound.sampleCount, sampleRate: sound.format.sampleRate, frameRate: rate)
        return (frames, sound.sampleCount)
    }

    private func track(_ speech: SpeechAnalysis?, _ sound: AnimationSound?, frameCount: Int) -> MouthTrack {
        let silence = SpeechAnalysis(
            durationSeconds: 0, phones: [], levels: [], hasSpeech: false, isDigitallySilent: true,
            signalToNoiseDecibels: 0)
        return MouthModel.track(
            speech ?? silence, frameRate: plan.frameRate, frameCount: frameCount,
            startSeconds: -(sound?.leadSeconds ?? 0),
            options: MouthTrackOptions(
                temperature: plan.temperature, restOpening: 0, restWidth: MouthRange.restWidth,
                restJaw: MouthRange.restJaw))
    }
}
