public import Media
public import Rendering

/// Frames a second as a fraction.
public typealias FrameRate = Rational

/// Everything the engine needs to make a picture speak.
public struct AnimationPlan: Codable, Sendable {
    /// What is shown, in order; at least one.
    public var pictures: [PictureCue]
    /// The sound that shall be spoken: any file with a sound track. Without one somebody or something else must say how
    /// long the video is: `drive` or `durationSeconds`.
    public var audioPath: String?
    /// The seconds of the sound that are used; `nil` for all.
    public var audioRange: TimeRange?
    /// What is known of what is said in the used seconds.
    public var speech: KnownAnalysis?
    /// Silence before the sound, in seconds.
    public var leadSeconds: Double
    /// The length of the video; `nil` for that of the sound, or of the driving video.
    public var durationSeconds: Double?
    /// A video whose head pose, expression and, without a sound of its own, lips the figure takes over.
    public var drivePath: String?
    /// Whether the figure looks where the driver looks; otherwise it moves about the direction that it has in its
    /// picture.
    public var followsDirection = false
    /// Where the MP4 is written. It appears whole or not at all.
    public var outputPath: String
    /// Frames a second.
    public var frameRate: Rational
    /// The output's size; `nil` for the first picture's own, within 1080p.
    public var size: PictureSize?
    /// What the figure feels.
    public var emotion: FacialEmotion
    /// What may move.
    public var region: ExpressionRegion
    /// How much the head moves by itself: 0 not at all, 1 naturally, 2 lively.
    public var motion: Double
    /// What the camera does.
    public var camera: CameraMove
    /// Expressiveness of mouth and emotion, 0…1; 0.5 is natural.
    public var temperature: Double
    /// The seed of everything random: the same plan gives the same frames.
    public var seed: UInt64
    /// x264's constant rate factor, 0 (lossless) … 51.
    public var constantRateFactor: Int
    /// x264's preset, `ultrafast` … `veryslow`.
    public var preset: String
    /// What the output says of itself.
    public var marks = OutputMarks()
    /// Whether the report has measures of what was drawn, which takes a few hundredths of the time.
    public var isMeasured = false
    /// The text that was spoken for the sound, for the report.
    public var texts: [TextNote] = []

    public init(
        pictures: [PictureCue], audioPath: String? = nil, audioRange: TimeRange? = nil, leadSeconds: Double = 0,
        durationSeconds: Double? = nil, drivePath: String? = nil, outputPath: String,
        frameRate: Rational = Rational(25),
        size: PictureSize? = nil, emotion: FacialEmotion = .neutral, region: ExpressionRegion = .head,
        motion: Double = 1,
        camera: CameraMove = .still, temperature: Double = 0.5, seed: UInt64 = 0, constantRateFactor: Int = 17,
        preset: String = "veryfast"
    ) {
        self.pictures = pictures
        self.audioPath = audioPath
        self.audioRange = audioRange
        self.leadSeconds = leadSeconds
        self.durationSeconds = durationSeconds
        self.drivePath = drivePath
        self.outputPath = outputPath
        self.frameRate = frameRate
        self.size = size
        self.emotion = emotion
        self.region = region
        self.motion = motion
        self.camera = camera
        self.temperature = temperature
        self.seed = seed
        self.constantRateFactor = constantRateFactor
        self.preset = preset
    }
}

/// A picture, when it is shown and who speaks in it.
public struct PictureCue: Codable, Hashable, Sendable {
    /// A JPEG, PNG or WebP file.
    public var path: String
    /// A point of the picture inside the face that speaks, in pixels; `nil` for the largest.
    public var speaker: PicturePoint?
    /// When the change from the picture before begins and how long it lasts, in seconds of the video. Of no meaning for
    /// the first picture. `nil`: the pictures share the video evenly; two of them change into each other all the while.
    public var change: PictureChange?
    /// What is known of its faces.
    public var faces: KnownAnalysis?

    public init(path: String, speaker: PicturePoint? = nil, change: PictureChange? = nil) {
        self.path = path
        self.speaker = speaker
        self.change = change
    }
}

/// When one picture turns into the next.
public struct PictureChange: Codable, Hashable, Sendable {
    /// Seconds from the first frame.
    public var startSeconds: Double
    /// How long it lasts.
    public var durationSeconds: Double

    public init(startSeconds: Double, durationSeconds: Double) {
        self.startSeconds = startSeconds
        self.durationSeconds = durationSeconds
    }
}

/// A point in pixels from the upper left corner.
public struct PicturePoint: Codable, Hashable, Sendable {
    /// To the right.
    public var x: Float
    /// Downwards.
    public var y: Float

    public init(x: Float, y: Float) {
        self.x = x
        self.y = y
    }
}

/// A size in pixels.
public struct PictureSize: Codable, Hashable, Sendable {
    /// Across; even.
    public var width: Int
    /// Down; even.
    public var height: Int

    /// Makes a size; odd numbers are rounded down to even ones.
    public init(width: Int, height: Int) {
        self.width = width & ~1
        self.height = height & ~1
    }
}

/// Which parts of a face may change.
public enum ExpressionRegion: String, Codable, CaseIterable, Sendable {
    /// The mouth alone.
    case lips
    /// Mouth, eyes, brows and cheeks.
    case face
    /// Likewise, and the head moves.
    case head
}

/// What the camera does over the length of the video.
public enum CameraMove: String, Codable, CaseIterable, Sendable {
    case still
    case pushIn = "push_in"
    case pullOut = "pull_out"
    case panLeft = "pan_left"
    case panRight = "pan_right"
}
