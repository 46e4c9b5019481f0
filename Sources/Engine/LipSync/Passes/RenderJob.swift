import Face
import Foundation
import Media
import Rendering
import Speech

/// One run of the embedded engine.
struct RenderJob {
    /// Around a segment this much more of the clip is read: it steadies the track at the edges and gives more pictures
    /// of the speaker's mouth.
    private static let marginSeconds = 2.0

    let plan: RenderPlan
    let installation: Installation
    let cancellation: Cancellation
    let meter: ProgressMeter

    func run() throws -> RenderReport {
        let start = ContinuousClock.now
        try PartLayout.checkSegmentOutput(plan)
        try OutputPlaces.check(plan.outputPlaces, inputs: plan.inputPaths)
        let output = try PendingFile(plan.outputPath)
        let segmentOutput = try plan.segmentOutputPath.map(PendingFile.init)
        // The clip is opened before the sounds are read, so that a wrong clip is refused at once.
        let clip = try SourceClip(plan.videoPath)
        let layout = try PartLayout.frames(
            plan.parts, frameRate: clip.info.frameRate, clipFrameCount: clip.info.estimatedFrameCount)
        let format = try SoundFormat(plan, clip: clip)
        var (source, heard) = try analyze(clip, layout, format)
        let sounds = heard.sounds

        let (timeline, frames) = lay(out: layout, sounds, clip, source, format)
        var selections = try chooseSpeakers(&source, clip, frames, heard.clipSpeech)
        let tracks = plan.parts.indices.map { track(ofPart: $0, heard.speech[$0], timeline, clip) }
        let planClock = BusyClock()
        let scenes = planClock.measure {
            SceneSet(
                records: selections.takeRecords(),
                parts: plan.parts.indices.map { index in
                    selections.parts[index].map {
                        SceneSet.PartPlan(
                            selection: $0, track: tracks[index],
                            expression: PartExpression(plan.parts[index], track: tracks[index], seed: plan.seed))
                    }
                },
                keepsOccluders: plan.parts.map(\.keepsOccluders),
                timeline: timeline, profile: plan.profile, framesPerSecond: clip.info.frameRate.value)
        }
        guard scenes.drawnCount > 0 || frames.allSatisfy(\.isEmpty) else {
            throw RenderFailure(
                .noFaceFound, message: "The speaker's face is never seen well enough in the frames that are used.",
                suggestion: "Use a clip in which the face looks towards the camera.")
        }
        let analysed = ContinuousClock.now
        let clipSoundDamage = Later<Bool>()
        let pass = RenderPass(
            plan: plan, clip: clip, timeline: timeline, scenes: scenes, sounds: sounds, format: format,
            cancellation: cancellation, clipSoundDamage: clipSoundDamage)
        meter.begin(.rendering, from: ProgressMeter.analysisShare, to: 1)
        // A part without frames has no video of its own.
        let writesSegment = timeline.pieces.contains { $0.part != nil }
        let timings = try pass.run(
            to: output.temporaryPath, segmentPath: writesSegment ? segmentOutput?.temporaryPath : nil,
            kept: source.takeFrames()
        ) { meter.report(done: $0, expected: timeline.frameCount) }
        try publish(output, writesSegment ? segmentOutput : nil)
        let end = ContinuousClock.now
        return ReportBuilder(
            plan: plan, clip: clip, source: source, faces: selections.faces, speakers: selections.speakers,
            timeline: timeline, scenes: scenes, tracks: tracks, speech: heard.speech, sounds: sounds, format: format,
            isClipSoundDamaged: clipSoundDamage.value == true || heard.isClipSpeechDamaged
        ).report(
            analysisSeconds: (analysed - start).seconds, renderSeconds: (end - analysed).seconds,
            planSeconds: planClock.seconds, pass: timings)
    }

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

    private struct Heard: Sendable {
        var sounds: [PartSound] = []
        var speech: [SpeechAnalysis] = []
        var clipSpeech: SpeechEnvelope?
        var isClipSpeechDamaged = false
    }

    /// The source frames that have to be seen, ascending and apart.
    ///
    /// - Parameter sampleCounts: How many samples of each part's sound are used.
    private func wantedFrames(
        _ clip: SourceClip, _ layout: [Range<Int>?], _ sampleCounts: [Int], _ format: SoundFormat
    ) throws -> [Range<Int>] {
        let framesPerSecond = clip.info.frameRate.value
        let clipFrames = 0..<clip.info.estimatedFrameCount
        let margin = Int((Self.marginSeconds * framesPerSecond).rounded())
        let reach = Int((SpeakerChoice.pointReachSeconds * framesPerSecond).rounded())
        var wanted: [Range<Int>] = []
        for (index, part) in plan.parts.enumerated() {
            let needed = Timeline.neededSourceFrames(
                mode: part.syncMode, frameRate: clip.info.frameRate, sampleCount: sampleCounts[index],
                sampleRate: format.sampleRate)
            if let frames = layout[index] {
                if frames.isEmpty { continue }
                let end = min(frames.upperBound, frames.lowerBound + (needed ?? frames.count))
                wanted.append((frames.lowerBound - margin..<end + margin).clamped(to: clipFrames))
            } else {
                // The end of a whole clip is where reading ends, whatever its time stamps promise.
                wanted.append(0..<(needed ?? .max))
            }
            if let pointed = try part.speaker.pointedFrame(
                part: layout[index] ?? clipFrames, clipFrameCount: clipFrames.count)
            {
                wanted.append((pointed - reach..<pointed + reach + 1).clamped(to: clipFrames))
            }
        }
        return wanted.merged()
    }

    /// Hears the sounds on one thread while others follow the picture.
    private func analyze(
        _ clip: SourceClip, _ layout: [Range<Int>?], _ format: SoundFormat
    ) throws -> (SourceAnalysis, Heard) {
        let heard = Later<Heard>()
        let progress = SoundProgress(partCount: plan.parts.count)
        let group = ThreadGroup { cancellation.cancel() }
        group.start("speech") {
            defer { progress.close() }
            var result = Heard()
            result.sounds = try SoundAnalysis.measure(
                plan.parts, format: format, cancellation: cancellation, progress: progress)
            let encoder = try installation.loadSpeechEncoder()
            result.speech = try result.sounds.map {
                try SoundAnalysis.analyze($0, encoder: encoder, cancellation: cancellation)
            }
            if plan.parts.contains(where: { $0.speaker == .automatic }) {
                let frames = try wantedFrames(clip, layout, result.sounds.map(\.samples.count), format)
                result.clipSpeech = try SpeechEnvelope(clip, frames: frames, cancellation: cancellation)
                result.isClipSpeechDamaged =
                    result.clipSpeech?.isDamaged ?? (clip.reader.audio != nil && !frames.isEmpty)
            }
            heard.value = result
        }
        var source = SourceAnalysis()
        do {
            source = try analyzeSource(clip, layout, format, progress)
        } catch {
            group.fail(error)
        }
        try group.wait()
        guard let heard = heard.value else { throw RenderFailure.cancelled }
        return (source, heard)
    }

    private func analyzeSource(
        _ clip: SourceClip, _ layout: [Range<Int>?], _ format: SoundFormat, _ progress: SoundProgress
    ) throws -> SourceAnalysis {
        meter.begin(.analysing, from: 0, to: ProgressMeter.analysisShare)
        let clipFrames = 0..<clip.info.estimatedFrameCount
        // A place that is not in the clip is refused before anything is read.
        let pointed = try zip(plan.parts, layout).map { part, frames in
            try part.speaker.pointedFrame(part: frames ?? clipFrames, clipFrameCount: clipFrames.count)
        }
        if layout == [nil], pointed == [nil], plan.parts[0].syncMode.endsWithSound {
            return try analyzeWhole(clip, format, progress)
        }
        guard let counts = progress.waitForCounts() else { return SourceAnalysis() }
        let ranges = try wantedFrames(clip, layout, counts, format)
        guard !ranges.isEmpty else { return SourceAnalysis() }
        return try sourceAnalyzer().analyze(clip, ranges: ranges) { meter.report(done: $0, expected: $1) }
    }

    /// Reads a clip from its first frame as far as its sound goes, however far that will be.
    private func analyzeWhole(
        _ clip: SourceClip, _ format: SoundFormat, _ progress: SoundProgress
    ) throws -> SourceAnalysis {
        let rate = clip.info.frameRate
        @Sendable func frames(_ sampleCount: Int) -> Int {
            Timeline.frames(ofSamples: sampleCount, sampleRate: format.sampleRate, frameRate: rate)
        }
        return try sourceAnalyzer().analyze(
            clip, ranges: [0..<Int.max],
            isWanted: { number in
                // With an empty sound the whole clip is looked at.
                progress.waits(forPart: 0) { count, isMeasured in frames(count) > number || isMeasured && count == 0 }
            },
            expectedCount: {
                let count = progress.count(ofPart: 0) ?? 0
                return count > 0 ? frames(count) : .max
            }, onFrame: { meter.report(done: $0, expected: $1) })
    }

    /// Loading the networks takes most of a second, in which the other core already listens.
    private func sourceAnalyzer() throws -> SourceAnalyzer {
        SourceAnalyzer(
            models: try installation.loadFaceModels(), cancellation: cancellation,
            keepsPictures: plan.profile.usesPictures, keepsManyPictures: plan.profile == .mouthBankFine,
            keepsThumbnails: plan.parts.contains(where: \.keepsOccluders),
            keepsExpression: plan.parts.contains { $0.expression != nil })
    }

    // MARK: Planning

    /// The output's frames, and the source frames of each part.
    private func lay(
        out layout: [Range<Int>?], _ sounds: [PartSound], _ clip: SourceClip, _ source: SourceAnalysis,
        _ format: SoundFormat
    ) -> (OutputTimeline, [Range<Int>]) {
        // A damaged clip may end before its time stamps promise.
        let clipEnd = source.endFrame ?? clip.info.estimatedFrameCount
        let frames = layout.map { $0?.clamped(to: 0..<clipEnd) ?? 0..<source.wholeCount }
        let parts = plan.parts.indices.map { index in
            OutputTimeline.Part(
                frames: frames[index], mode: plan.parts[index].syncMode, sampleCount: sounds[index].samples.count)
        }
        let frameRate = clip.info.frameRate
        let timeline =
            layout[0] == nil
            ? OutputTimeline(whole: parts[0], frameRate: frameRate, sampleRate: format.sampleRate)
            : OutputTimeline(
                parts: parts, clipFrameCount: clipEnd, frameRate: frameRate, sampleRate: format.sampleRate)
        return (timeline, frames)
    }

    private struct Selections {
        var records: [FaceRecord]
        /// `nil` for a part that replaces nothing.
        var parts: [SpeakerSelection?]
        var faces: [RenderReport.FoundFace]
        var speakers: [[Int]]

        /// Tracks and pictures are large: they are handed on, not copied.
        mutating func takeRecords() -> [FaceRecord] {
            defer { records = [] }
            return records
        }
    }

    private func chooseSpeakers(
        _ source: inout SourceAnalysis, _ clip: SourceClip, _ frames: [Range<Int>], _ clipSpeech: SpeechEnvelope?
    ) throws -> Selections {
        let framesPerSecond = clip.info.frameRate.value
        let records = source.records.credible(framesPerSecond: framesPerSecond, frameCount: source.readCount)
        guard !records.isEmpty || frames.allSatisfy(\.isEmpty) else {
            throw RenderFailure(
                .noFaceFound, message: "No face was found in \(source.readCount) frames.",
                suggestion: "Use a clip in which a human face is seen from the front, at least 40 pixels wide.")
        }
        let parts = try zip(plan.parts, frames).map { part, frames -> SpeakerSelection? in
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

extension [Range<Int>] {
    /// The same numbers in ascending ranges that neither overlap nor touch.
    func merged() -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = result.last, range.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
