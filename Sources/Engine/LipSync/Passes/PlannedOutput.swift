import Face
import Media
import Rendering
import Speech

/// Everything about an output that is settled before its first frame is drawn, made of both analyses and nothing else.
struct PlannedOutput: Sendable {
    let timeline: OutputTimeline
    /// Every face that was found.
    let faces: [RenderReport.FoundFace]
    /// The identities that speak in each part.
    let speakers: [[Int]]
    /// One for each part.
    let tracks: [MouthTrack]
    let scenes: SceneSet
    /// Each with the output frame that shows its middle.
    let gaps: [(gap: RenderReport.Gap, outputFrame: Int)]
    /// Where a visible label hides least of the faces.
    let labelCorner: VisibleLabel.Corner
    /// Seconds that the choice of mouths took.
    let planSeconds: Double

    /// Plans an output.
    ///
    /// - Parameters:
    ///   - ranges: The frames of each part; `nil` for a part that is the whole clip.
    ///   - source: Gives its records away: tracks and pictures are large.
    /// - Throws: `RenderFailure` of code `noFaceFound` or `faceSelectionInvalid`.
    init(
        _ plan: RenderPlan, profile: any DrawingProfile, clip: VideoStreamInfo, ranges: [Range<Int>?],
        format: SoundFormat, source: inout SourceAnalysis, findings: SoundFindings
    ) throws {
        labelCorner =
            plan.marks.label?.corner(
                avoiding: source.records.flatMap(\.boxes), width: clip.width, height: clip.height) ?? .topRight
        let (timeline, frames) = Self.timeline(plan, ranges, findings.sounds, clip, source, format)
        var selections = try Self.chooseSpeakers(
            plan, &source, clip: clip, frames: frames, clipSpeech: findings.clipSpeech)
        let tracks = plan.parts.indices.map { Self.track(of: plan.parts[$0], $0, findings.speech[$0], timeline, clip) }
        let clock = BusyClock()
        let scenes = clock.measure {
            Self.planScenes(plan, profile, &selections, tracks: tracks, timeline: timeline, clip: clip)
        }
        guard scenes.drawnCount > 0 || frames.allSatisfy(\.isEmpty) else { throw Self.neverDrawable }
        self.timeline = timeline
        self.tracks = tracks
        self.scenes = scenes
        faces = selections.faces
        speakers = selections.speakers
        planSeconds = clock.seconds
        gaps = GapFinder(source: source, timeline: timeline, scenes: scenes, frameRate: clip.frameRate).find()
    }

    private static let neverDrawable = RenderFailure(
        .noFaceFound, message: "The speaker's face is never seen well enough in the frames that are used.",
        suggestion: "Use a clip in which the face looks towards the camera.")

    /// The output's frames, and the source frames of each part.
    private static func timeline(
        _ plan: RenderPlan, _ ranges: [Range<Int>?], _ sounds: [PartSound], _ clip: VideoStreamInfo,
        _ source: SourceAnalysis, _ format: SoundFormat
    ) -> (OutputTimeline, [Range<Int>]) {
        // A damaged clip may end before its time stamps promise.
        let clipEnd = source.endFrame ?? clip.estimatedFrameCount
        let frames = ranges.map { $0?.clamped(to: 0..<clipEnd) ?? 0..<source.wholeCount }
        let parts = plan.parts.indices.map { index in
            OutputTimeline.Part(
                frames: frames[index], mode: plan.parts[index].syncMode, sampleCount: sounds[index].samples.count)
        }
        let timeline =
            ranges[0] == nil
            ? OutputTimeline(whole: parts[0], frameRate: clip.frameRate, sampleRate: format.sampleRate)
            : OutputTimeline(
                parts: parts, clipFrameCount: clipEnd, frameRate: clip.frameRate, sampleRate: format.sampleRate)
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

    private static func chooseSpeakers(
        _ plan: RenderPlan, _ source: inout SourceAnalysis, clip: VideoStreamInfo, frames: [Range<Int>],
        clipSpeech: SpeechEnvelope?
    ) throws -> Selections {
        let framesPerSecond = clip.frameRate.value
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
                    frames: frames, clipFrameCount: clip.estimatedFrameCount, framesPerSecond: framesPerSecond,
                    clipSpeech: clipSpeech))
        }
        let speakers = parts.map { part in Set((part?.records ?? []).map { records[$0].identity }).sorted() }
        let speaking = Set(speakers.flatMap { $0 })
        let faces = source.records.map { RenderReport.FoundFace($0, isSpeaker: speaking.contains($0.identity)) }
        source.records = []
        return Selections(records: records, parts: parts, faces: faces, speakers: speakers)
    }

    private static func planScenes(
        _ plan: RenderPlan, _ profile: any DrawingProfile, _ selections: inout Selections, tracks: [MouthTrack],
        timeline: OutputTimeline, clip: VideoStreamInfo
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
            timeline: timeline, usesPictures: profile.usesPictures, framesPerSecond: clip.frameRate.value)
    }

    private static func track(
        of part: RenderPart, _ index: Int, _ speech: SpeechAnalysis, _ timeline: OutputTimeline,
        _ clip: VideoStreamInfo
    ) -> MouthTrack {
        let piece = timeline.pieces.first { $0.part == index }
        return MouthModel.track(
            speech, frameRate: clip.frameRate, frameCount: piece?.timeline.frameCount ?? 0,
            options: MouthTrackOptions(
                temperature: part.temperature, restWidth: MouthRange.restWidth, restJaw: MouthRange.restJaw))
    }
}
