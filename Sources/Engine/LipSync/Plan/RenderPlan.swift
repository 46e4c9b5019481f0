/// Everything the engine needs for one video.
public struct RenderPlan: Codable, Sendable {
    /// The clip whose speaker shall speak.
    public var videoPath: String
    /// Where the whole video, an MP4, is written. It appears whole or not at all.
    public var outputPath: String
    /// Where the re-synced part alone is written, as an MP4 of its own. Only with exactly one part that has a range.
    public var segmentOutputPath: String?
    /// What is re-synced: at least one, sorted by start and not overlapping; either one without a range or all with one.
    public var parts: [RenderPart]
    /// How the mouth is drawn.
    public var profile: EngineProfile
    /// The seed of everything random. Only the head motion of an expression with the region `head` depends on it; it is kept so that a plan stays
    /// reproducible when it does.
    public var seed: UInt64
    /// x264's constant rate factor, 0 (lossless) … 51.
    public var constantRateFactor: Int
    /// x264's preset, `ultrafast` … `veryslow`.
    public var preset: String
    /// What the output says of itself.
    public var marks = OutputMarks()
    /// Whether the report has measures of what was drawn, which takes a few hundredths of the time.
    public var isMeasured = false
    /// The texts that were spoken for the sounds, for the report.
    public var texts: [TextNote] = []

    /// Makes a plan for a whole clip, with the defaults of the Sync contract.
    public init(
        videoPath: String, audioPath: String, outputPath: String, syncMode: LengthRule = .bounce,
        speaker: SpeakerChoice = .mostPresent, profile: EngineProfile = .mouthBank, temperature: Double = 0.5,
        seed: UInt64 = 0, constantRateFactor: Int = 17, preset: String = "veryfast"
    ) {
        self.init(
            videoPath: videoPath, outputPath: outputPath,
            parts: [
                RenderPart(audioPath: audioPath, syncMode: syncMode, speaker: speaker, temperature: temperature)
            ],
            profile: profile, seed: seed, constantRateFactor: constantRateFactor, preset: preset)
    }

    /// Makes a plan of parts.
    public init(
        videoPath: String, outputPath: String, segmentOutputPath: String? = nil, parts: [RenderPart],
        profile: EngineProfile = .mouthBank, seed: UInt64 = 0, constantRateFactor: Int = 17,
        preset: String = "veryfast"
    ) {
        self.videoPath = videoPath
        self.outputPath = outputPath
        self.segmentOutputPath = segmentOutputPath
        self.parts = parts
        self.profile = profile
        self.seed = seed
        self.constantRateFactor = constantRateFactor
        self.preset = preset
    }
}

extension RenderPlan {
    /// The same plan on another machine.
    ///
    /// - Parameters:
    ///   - input: Gives the new path of the clip or of a sound.
    ///   - outputFolder: Where the outputs are written, under their names.
    public func moved(inputs input: (String) -> String, outputFolder: String) -> RenderPlan {
        func output(_ path: String) -> String { "\(outputFolder)/\(path.split(separator: "/").last ?? "output.mp4")" }
        var plan = self
        plan.videoPath = input(videoPath)
        plan.outputPath = output(outputPath)
        plan.segmentOutputPath = segmentOutputPath.map(output)
        for index in plan.parts.indices { plan.parts[index].audioPath = input(parts[index].audioPath) }
        return plan
    }
}

/// A part of the clip and what is said in it.
public struct RenderPart: Codable, Sendable {
    /// The part of the clip; `nil` for the whole. A range without length replaces nothing.
    public var range: SourceRange?
    /// The sound that shall be spoken: any file with a sound track.
    public var audioPath: String
    /// The seconds of the sound that are used; `nil` for all.
    public var audioRange: TimeRange?
    /// What happens when the part and its sound differ in length.
    public var syncMode: LengthRule
    /// Who speaks.
    public var speaker: SpeakerChoice
    /// Expressiveness, 0…1; 0.5 is the speaker's own.
    public var temperature: Double
    /// Whether a hand or a microphone before the mouth is left in the picture instead of being painted over.
    public var keepsOccluders: Bool
    /// A feeling that the speaker shall show besides; `nil` leaves the face as it is.
    public var expression: FacialExpression?

    /// Makes a part with the defaults of the Sync contract.
    public init(
        range: SourceRange? = nil, audioPath: String, audioRange: TimeRange? = nil, syncMode: LengthRule = .bounce,
        speaker: SpeakerChoice = .mostPresent, temperature: Double = 0.5, keepsOccluders: Bool = false,
        expression: FacialExpression? = nil
    ) {
        self.range = range
        self.audioPath = audioPath
        self.audioRange = audioRange
        self.syncMode = syncMode
        self.speaker = speaker
        self.temperature = temperature
        self.keepsOccluders = keepsOccluders
        self.expression = expression
    }
}

/// A part of the clip; the end is no part of it.
public enum SourceRange: Codable, Hashable, Sendable {
    /// From a time to a time, in seconds from the clip's first frame.
    case seconds(Double, Double)
    /// From a frame to a frame of the clip, counted from 0 at its constant rate.
    case frames(Int, Int)
}

/// A part of a sound, in seconds from its first sample; the end is no part of it.
public struct TimeRange: Codable, Hashable, Sendable {
    /// Where the part begins.
    public var startSeconds: Double
    /// Where the part ends.
    public var endSeconds: Double

    public init(startSeconds: Double, endSeconds: Double) {
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
    }
}

/// Which face speaks.
public enum SpeakerChoice: Codable, Hashable, Sendable {
    /// In each shot the largest, most present face.
    case mostPresent
    /// In each shot the face whose mouth moves with the clip's own sound; without sound or a clear winner the most
    /// present one.
    case automatic
    /// The face at a pixel of a source frame, counted from the part's first frame if `isRelativeToPart`; in other shots
    /// the most present one.
    case point(frame: Int, x: Float, y: Float, isRelativeToPart: Bool = false)
    /// The face that overlaps the frame's box most, box by box: one for each source frame from the clip's first. Frames
    /// without a box, and those beyond the list, are left as they are.
    case boxes([PixelBox?])
}

/// A box in a source frame, in pixels from the upper left corner.
public struct PixelBox: Codable, Hashable, Sendable {
    /// The left edge.
    public var left: Float
    /// The upper edge.
    public var top: Float
    /// The right edge.
    public var right: Float
    /// The lower edge.
    public var bottom: Float

    public init(left: Float, top: Float, right: Float, bottom: Float) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }
}
