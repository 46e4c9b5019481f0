import Media

/// Everything the engine needs for one video.
public struct RenderPlan: Codable, Sendable {
    /// The clip whose speaker shall speak.
    public var videoPath: String
    /// The sound that shall be spoken: any file with a sound track.
    public var audioPath: String
    /// Where the MP4 is written. It appears whole or not at all.
    public var outputPath: String
    /// What happens when the lengths differ.
    public var syncMode: SyncMode
    /// Who speaks.
    public var speaker: SpeakerChoice
    /// How the mouth is drawn.
    public var profile: EngineProfile
    /// Expressiveness, 0…1; 0.5 is the speaker's own.
    public var temperature: Double
    /// The seed of everything random. The mesh engine draws nothing at random yet; it is kept so that a plan stays
    /// reproducible when it does.
    public var seed: UInt64
    /// x264's constant rate factor, 0 (lossless) … 51.
    public var constantRateFactor: Int
    /// x264's preset, `ultrafast` … `veryslow`.
    public var preset: String

    /// Makes a plan with the defaults of the Sync contract.
    public init(
        videoPath: String, audioPath: String, outputPath: String, syncMode: SyncMode = .bounce,
        speaker: SpeakerChoice = .mostPresent, profile: EngineProfile = .mouthBank, temperature: Double = 0.5,
        seed: UInt64 = 0, constantRateFactor: Int = 17, preset: String = "veryfast"
    ) {
        self.videoPath = videoPath
        self.audioPath = audioPath
        self.outputPath = outputPath
        self.syncMode = syncMode
        self.speaker = speaker
        self.profile = profile
        self.temperature = temperature
        self.seed = seed
        self.constantRateFactor = constantRateFactor
        self.preset = preset
    }
}

/// How the mouth is drawn.
public enum EngineProfile: String, Codable, CaseIterable, Sendable {
    /// The frame's own mouth is bent: fastest.
    case warp
    /// A mouth from the speaker's own pictures is blended over the bent face.
    case mouthBank
}

/// Which face speaks.
public enum SpeakerChoice: Codable, Hashable, Sendable {
    /// In each shot the largest, most present face.
    case mostPresent
    /// The face at a pixel of a source frame; elsewhere the most present one.
    case point(frame: Int, x: Float, y: Float)
    /// The face that overlaps a box of pixels in a source frame most; elsewhere the most present one.
    case box(frame: Int, left: Float, top: Float, right: Float, bottom: Float)
}
