import Face
import Media
import Speech

/// What the sounds of a plan have told.
struct SoundFindings: Codable, Sendable {
    var sounds: [PartSound] = []
    /// One for each part.
    var speech: [SpeechAnalysis] = []
    /// The clip's own sound, where it tells who speaks.
    var clipSpeech: SpeechEnvelope?
    var isClipSpeechDamaged = false
}

/// The first pass over what a plan names: its sounds, and the pictures of its clip.
struct PlanAnalyzer: Sendable {
    /// Around a segment this much more of the clip is read: it steadies the track at the edges and gives more pictures
    /// of the speaker's mouth.
    private static let marginSeconds = 2.0

    let plan: RenderPlan
    let profile: any DrawingProfile
    let installation: Installation
    let cancellation: Cancellation

    /// Reads the sounds on one thread while others load the networks and follow the picture: only the end of what is
    /// looked at depends on how long the sounds are.
    func analyze(
        _ clip: SourceClip, _ ranges: [Range<Int>?], _ format: SoundFormat, _ models: LazyFaceModels,
        meter: ProgressMeter
    ) throws -> (SourceAnalysis, SoundFindings) {
        let progress = SoundProgress(partCount: plan.parts.count)
        // A speaker in a frame that the clip has not is refused before anything is read.
        let wanted = try wantedFrames(clip, ranges, format, progress)
        let group = ThreadGroup { cancellation.cancel() }
        let findings = group.future("speech") {
            defer { progress.close() }
            let sounds = try measureSounds(format, progress)
            return try hear(sounds, clip, frames: wanted.ranges)
        }
        var source = SourceAnalysis()
        do {
            meter.begin(.analysing, from: 0, to: ProgressMeter.analysisShare)
            if wanted.next(from: 0) != nil {
                source = try sourceAnalyzer(try models.models(), keepsFrames: true).analyze(clip, wanted) {
                    meter.report(done: $0, expected: $1)
                }
            }
        } catch {
            group.fail(error)
        }
        try group.wait()
        guard let findings = findings.value else { throw RenderFailure.cancelled }
        return (source, findings)
    }

    /// The frames of the clip that the plan's parts need.
    ///
    /// - Parameters:
    ///   - ranges: Those of each part; `nil` for a part that is the whole clip.
    ///   - progress: Is told the lengths of the parts' sounds.
    /// - Throws: `RenderFailure` of code `faceSelectionInvalid` for a speaker chosen in a frame that the clip has not.
    func wantedFrames(
        _ clip: SourceClip, _ ranges: [Range<Int>?], _ format: SoundFormat, _ progress: SoundProgress
    ) throws -> WantedFrames {
        try WantedFrames(
            plan.parts, frames: ranges, of: clip, marginSeconds: Self.marginSeconds, sounds: progress,
            sampleRate: format.sampleRate)
    }

    /// The sounds with their lengths.
    func measureSounds(_ format: SoundFormat, _ progress: SoundProgress) throws -> [PartSound] {
        try SoundAnalysis.measure(plan.parts, format: format, cancellation: cancellation, progress: progress)
    }

    /// Hears what is said in the sounds.
    ///
    /// - Parameter frames: Those of the clip that are looked at; its own sound may tell who speaks in them.
    func hear(_ sounds: [PartSound], _ clip: SourceClip, frames: [Range<Int>]) throws -> SoundFindings {
        var result = SoundFindings()
        result.sounds = sounds
        let encoder = try installation.loadSpeechEncoder()
        result.speech = try result.sounds.map {
            try SoundAnalysis.analyze($0, encoder: encoder, cancellation: cancellation)
        }
        if plan.parts.contains(where: { $0.speaker == .automatic }) {
            result.clipSpeech = try SpeechEnvelope(clip, frames: frames, cancellation: cancellation)
            result.isClipSpeechDamaged =
                result.clipSpeech?.isDamaged ?? (clip.reader.audio != nil && !frames.isEmpty)
        }
        return result
    }

    /// Reads the pictures.
    ///
    /// - Parameter keepsFrames: Whether the frames themselves are kept, where all of them fit into memory.
    func sourceAnalyzer(_ models: FaceModels, keepsFrames: Bool) -> SourceAnalyzer {
        SourceAnalyzer(
            models: models, cancellation: cancellation,
            keepsPictures: profile.usesPictures, keepsManyPictures: profile.keepsManyPictures,
            keepsThumbnails: plan.parts.contains(where: \.keepsOccluders),
            keepsExpression: plan.parts.contains { $0.expression != nil }, keepsFrames: keepsFrames)
    }
}
