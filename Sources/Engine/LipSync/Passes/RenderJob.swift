import Face
import Foundation
import Media
import Rendering
import Speech
import Time

/// One run of an engine over a clip: both passes. The mouths are planned for the mesh; a profile draws them.
struct RenderJob {
    /// Around a segment this much more of the clip is read: it steadies the track at the edges and gives more pictures
    /// of the speaker's mouth.
    private static let marginSeconds = 2.0

    let plan: RenderPlan
    let profile: any DrawingProfile
    let installation: Installation
    let threadCount: Int
    let cancellation: Cancellation
    let meter: ProgressMeter
    /// `nil` where nobody watches.
    let preview: RenderPreview?

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
        var (source, analyses) = try analyze(clip, ranges, format, models)
        let sounds = analyses.sounds

        let (timeline, frames) = makeTimeline(ranges, sounds, clip: clip, source: source, format: format)
        var selections = try chooseSpeakers(&source, clip: clip, frames: frames, clipSpeech: analyses.clipSpeech)
        let tracks = plan.parts.indices.map { track(ofPart: $0, analyses.speech[$0], timeline, clip) }
        let planClock = BusyClock()
        let scenes = planClock.measure { planScenes(&selections, tracks: tracks, timeline: timeline, clip: clip) }
        guard scenes.drawnCount > 0 || frames.allSatisfy(\.isEmpty) else { throw Self.neverDrawable }
        let gaps = GapFinder(source: source, timeline: timeline, scenes: scenes, frameRate: clip.info.frameRate).find()
        let measurement =
            plan.isMeasured
            ? try? RenderMeasurement(
                scenes, timeline: timeline, tracks: tracks, speech: analyses.speech,
                framesPerSecond: clip.info.frameRate.value, gapFrames: gaps.map(\.outputFrame),
                models: models.models()) : nil
        let analysed = ContinuousClock.now
        let pass = RenderPass(
            plan: plan, clip: clip, timeline: timeline,
            drawing: try profile.drawing(
                DrawingContext(
                    scenes: scenes, timeline: timeline, parts: plan.parts, installation: installation,
                    cancellation: cancellation)),
            sounds: sounds, format: format, threadCount: threadCount, cancellation: cancellation,
            measurement: measurement, preview: preview)
        meter.begin(.rendering, from: ProgressMeter.analysisShare, to: 1)
        // A part without frames has no video of its own.
        let writesSegment = timeline.pieces.contains { $0.part != nil }
        let outcome = try pass.run(
            to: output.temporaryPath, segmentPath: writesSegment ? segmentOutput?.temporaryPath : nil,
            kept: source.takeFrames()
        ) { meter.report(done: $0, expected: timeline.frameCount) }
        let measured = measurement?.outcome(
            ofFile: output.temporaryPath, sound: outcome.sound, speech: analyses.speech)
        try publish(output, writesSegment ? segmentOutput : nil)
        let end = ContinuousClock.now
        return ReportBuilder(
            plan: plan, usesPictures: profile.usesPictures, clip: clip, source: source, faces: selections.faces,
            speakers: selections.speakers, timeline: timeline, scenes: scenes, gaps: gaps, tracks: tracks,
            speech: analyses.speech, sounds: sounds, format: format,
            isClipSoundDamaged: outcome.isClipSoundDamaged || analyses.isClipSpeechDamaged
        ).report(
            analysisSeconds: (analysed - start).inSeconds, renderSeconds: (end - analysed).inSeconds,
            planSeconds: planClock.seconds, pass: outcome.timings, measured: measured)
    }

    private static let neverDrawable = RenderFailure(
        .noFaceFound, message: "The speaker's face is never seen well enough in the frames that are used.",
        suggestion: "Use a clip in which the face looks towards the camera.")

    private func publish(_ output: PendingFile, _ segmentOutput: PendingFile?) throws {
        if cancellation.isCancelled {
            output.discard()
            segmentOutput?.discard()
            throw RenderFailure.cancelled
        }
        do { try segmentOutput?.publish() } catch {
            output.discard()
            throw error
        }
        try output.publish()
    }

    // MARK: Analysis

    /// What the sounds have told.
    private struct SpeechAnalyses: Sendable {
        var sounds: [PartSound] = []
        /// One for each part.
        var speech: [SpeechAnalysis] = []
        /// The clip's own sound, where it tells who speaks.
        var clipSpeech: SpeechEnvelope?
        var isClipSpeechDamaged = false
    }

    /// Reads the sounds on one thread while others load the networks and follow the picture: only the end of what is
    /// looked at depends on how long the sounds are.
    private func analyze(
        _ clip: SourceClip, _ ranges: [Range<Int>?], _ format: SoundFormat, _ models: LazyFaceModels
    ) throws -> (SourceAnalysis, SpeechAnalyses) {
        let progress = SoundProgress(partCount: plan.parts.count)
        // A speaker in a frame that the clip has not is refused before anything is read.
        let wanted = try WantedFrames(
            plan.parts, frames: ranges, of: clip, marginSeconds: Self.marginSeconds, sounds: progress,
            sampleRate: format.sampleRate)
        let group = ThreadGroup { cancellation.cancel() }
        let analyses = group.future("speech") {
            defer { progress.close() }
            return try analyzeSpeech(clip, wanted: wanted, format: format, progress: progress)
        }
        var source = SourceAnalysis()
        do {
            meter.begin(.analysing, from: 0, to: ProgressMeter.analysisShare)
            if wanted.next(from: 0) != nil {
                source = try sourceAnalyzer(try models.models()).analyze(clip, wanted) {
                    meter.report(done: $0, expected: $1)
                }
            }
        } catch {
            group.fail(error)
        }
        try group.wait()
        guard let analyses = analyses.value else { throw RenderFailure.cancelled }
        return (source, analyses)
    }

    private func analyzeSpeech(
        _ clip: SourceClip, wanted: WantedFrames, format: SoundFormat, progress: SoundProgress
    ) throws -> SpeechAnalyses {
        var result = SpeechAnalyses()
        result.sounds = try SoundAnalysis.measure(
            plan.parts, format: format, cancellation: cancellation, progress: progress)
        let encoder = try installation.loadSpeechEncoder()
        result.speech = try result.sounds.map {
            try SoundAnalysis.analyze($0, encoder: encoder, cancellation: cancellation)
        }
        if plan.parts.contains(where: { $0.speaker == .automatic }) {
            let frames = wanted.ranges
            result.clipSpeech = try SpeechEnvelope(clip, frames: frames, cancellation: cancellation)
            result.isClipSpeechDamaged =
                result.clipSpeech?.isDamaged ?? (clip.reader.audio != nil && !frames.isEmpty)
        }
        return result
    }

    private func sourceAnalyzer(_ models: FaceModels) throws -> SourceAnalyzer {
        SourceAnalyzer(
            models: models, cancellation: cancellation,
            keepsPictures: profile.usesPictures, keepsManyPictures: profile.keepsManyPictures,
            keepsThumbnails: plan.parts.contains(where: \.keepsOccluders),
            keepsExpression: plan.parts.contains { $0.expression != nil }, keepsFrames: true)
    }

    // MARK: Planning

    /// The output's frames, and the source frames of each part.
    private func makeTimeline(
        _ ranges: [Range<Int>?], _ sounds: [PartSound], clip: SourceClip, source: SourceAnalysis,
        format: SoundFormat
    ) -> (OutputTimeline, [Range<Int>]) {
        // A damaged clip may end before its time stamps promise.
        let clipEnd = source.endFrame ?? clip.info.estimatedFrameCount
        let frames = ranges.map { $0?.clamped(to: 0..<clipEnd) ?? 0..<source.wholeCount }
        let parts = plan.parts.indices.map { index in
            OutputTimeline.Part(
                frames: frames[index], mode: plan.parts[index].syncMode, sampleCount: sounds[index].samples.count)
        }
        let frameRate = clip.info.frameRate
        let timeline =
            ranges[0] == nil
            ? OutputTimeline(whole: parts[0], frameRate: frameRate, sampleRate: format.sampleRate)
            : OutputTimeline(
                parts: parts, clipFrameCount: clipEnd, frameRate: frameRate, sampleRate: format.sampleRate)
        return (timeline, frames)
    }

    private struct Selections {
        var records: [FaceRecord]
        /// `nil` for a part that replaces nothing.
        var parts: [SpeakerTimeline?]
        var faces: [RenderReport.FoundFace]
        var speakers: [[Int]]

        /// Tracks and pictures are large: they are handed on, not copied.
        mutating func takeRecords() -> [FaceRecord] {
            defer { records = [] }
            return records
        }
    }

    private func chooseSpeakers(
        _ source: inout SourceAnalysis, clip: SourceClip, frames: [Range<Int>], clipSpeech: SpeechEnvelope?
    ) throws -> Selections {
        let framesPerSecond = clip.info.frameRate.value
        let records = source.records.credible(framesPerSecond: framesPerSecond, frameCount: source.readCount)
        guard !records.isEmpty || frames.allSatisfy(\.isEmpty) else {
            throw RenderFailure(
                .noFaceFound, message: "No face was found in \(source.readCount) frames.",
                suggestion: "Use a clip in which a human face is seen from the front, at least 40 pixels wide.")
        }
        let parts = try zip(plan.parts, frames).map { part, frames -> SpeakerTimeline? in
            guard !frames.isEmpty else { return nil }
            return try part.speaker.select(
                records,
                SelectionContext(
                    frames: frames, clipFrameCount: clip.info.estimatedFrameCount, framesPerSecond: framesPerSecond,
                    clipSpeech: clipSpeech))
        }
        let speakers = parts.map { part in Set((part?.records ?? []).map { records[$0].identity }).sorted() }
        let speaking = Set(speakers.flatMap { $0 })
        let faces = source.records.map { RenderReport.FoundFace($0, isSpeaker: speaking.contains($0.identity)) }
        source.records = []
        return Selections(records: records, parts: parts, faces: faces, speakers: speakers)
    }

    private func planScenes(
        _ selections: inout Selections, tracks: [MouthTrack], timeline: OutputTimeline, clip: SourceClip
    ) -> SceneSet {
        let parts = plan.parts.indices.map { index in
            selections.parts[index].map {
                SceneSet.PartPlan(
                    selection: $0, track: tracks[index],
                    expression: PartExpression(plan.parts[index], track: tracks[index], seed: plan.seed))
            }
        }
        return SceneSet(
            records: selections.takeRecords(), parts: parts, keepsOccluders: plan.parts.map(\.keepsOccluders),
            timeline: timeline, usesPictures: profile.usesPictures, framesPerSecond: clip.info.frameRate.value)
    }

    private func track(
        ofPart index: Int, _ speech: SpeechAnalysis, _ timeline: OutputTimeline, _ clip: SourceClip
    ) -> MouthTrack {
        let piece = timeline.pieces.first { $0.part == index }
        return MouthModel.track(
            speech, frameRate: clip.info.frameRate, frameCount: piece?.timeline.frameCount ?? 0,
            options: MouthTrackOptions(
                temperature: plan.parts[index].temperature, restWidth: MouthRange.restWidth,
                restJaw: MouthRange.restJaw))
    }
}
