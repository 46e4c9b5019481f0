import Face
public import Media

/// What was done and seen, for machines and for whoever wonders about a result.
public struct RenderReport: Codable, Sendable {
    public struct Output: Codable, Sendable {
        /// Frames written.
        public var frames: Int
        /// Frames a second.
        public var frameRate: Rational
        /// The picture's length.
        public var durationSeconds: Double
        /// Pixels.
        public var width: Int
        /// See `width`.
        public var height: Int
    }

    /// Consecutive source frames in which no mouth was drawn.
    public struct Gap: Codable, Hashable, Sendable {
        /// The first and the last source frame.
        public var firstFrame: Int
        /// See `firstFrame`.
        public var lastFrame: Int
        /// Why.
        public var reason: Reason
        /// The first frame as hours, minutes, seconds and frames of the source: `00:00:04:12`.
        public var firstTimecode: String?
        /// The last one, likewise.
        public var lastTimecode: String?
        /// Where the gap is seen: starts and ends in seconds of the output.
        public var outputSeconds: [[Double]]?
        /// The largest turn of the speaker's head to a side, in degrees; `nil` where the speaker is not seen.
        public var largestYawDegrees: Double?
        /// A small picture of its middle, a JPEG as a `data:` address.
        public var thumbnail: String?

        /// Why a frame passed through untouched.
        public enum Reason: String, Codable, Sendable {
            /// No face at all was seen.
            case noFace = "no_face"
            /// Faces were seen, but not the speaker's.
            case speakerNotSeen = "speaker_not_seen"
            /// The speaker was turned too far away, or seen too briefly.
            case notDrawable = "not_drawable"
        }
    }

    /// A part of the plan and what became of it.
    public struct Part: Codable, Hashable, Sendable {
        /// The first frame of the output that belongs to the part, and how many do.
        public var firstFrame: Int
        /// See `firstFrame`.
        public var frames: Int
        /// The first frame of the source that belongs to the part, and how many do; none for a part that replaces
        /// nothing.
        public var firstSourceFrame: Int
        /// See `firstSourceFrame`.
        public var sourceFrames: Int
        /// Seconds of the given sound, after its crop.
        public var soundSeconds: Double
        /// Output frames in which a mouth was drawn.
        public var framesDrawn: Int
        /// The identities of the faces that speak.
        public var speakers: [Int]
    }

    /// A face that was found.
    public struct FoundFace: Codable, Sendable {
        /// The face's number in the clip.
        public var identity: Int
        /// The shot it was seen in.
        public var shot: Int
        /// The source frames it was seen in: first, last and how many.
        public var firstFrame: Int
        /// See `firstFrame`.
        public var lastFrame: Int
        /// See `firstFrame`.
        public var frames: Int
        /// The mean width of the face in pixels.
        public var meanWidthPixels: Double
        /// The mean belief of the mesh network, 0…1.
        public var meanConfidence: Double
        /// Whether this face was made to speak.
        public var isSpeaker: Bool
    }

    /// The wanted mouth.
    public struct Mouth: Codable, Sendable {
        /// The share of frames with speech.
        public var speechShare: Double
        /// Mean and 95th percentile of the opening in the speaker's own range.
        public var meanOpening: Double
        /// See `meanOpening`.
        public var highOpening: Double
        /// Lip closures of p, b and m.
        public var closures: Int
    }

    /// Milliseconds a frame that each stage was busy (not waiting), and seconds in all.
    public struct Timings: Codable, Sendable {
        /// Seconds of the first pass.
        public var analysisSeconds: Double
        /// Seconds of the second pass.
        public var renderSeconds: Double
        /// Decoding in the first pass.
        public var decodeMilliseconds: Double
        /// Detection and mesh.
        public var trackMilliseconds: Double
        /// Choosing mouth pictures.
        public var planMilliseconds: Double
        /// Drawing.
        public var drawMilliseconds: Double
        /// Encoding and writing.
        public var encodeMilliseconds: Double
        /// Measuring what was drawn; `nil` where nothing was measured.
        public var measureMilliseconds: Double?
        /// The whole job.
        public var totalSeconds: Double
        /// Output seconds divided by `totalSeconds`.
        public var timesRealTime: Double
    }

    /// Something the user should know that did not stop the work.
    public struct Warning: Codable, Hashable, Sendable {
        /// A stable name.
        public var code: String
        /// One sentence.
        public var message: String
    }

    /// The output's facts.
    public var output: Output
    /// The part alone, where it was asked for and has any frame.
    public var segmentOutput: Output?
    /// The parts of the plan, in order.
    public var parts: [Part]
    /// Frames of the source that were searched for faces.
    public var sourceFrames: Int
    /// Source frames, of those used, that show a face.
    public var framesWithFace: Int
    /// Output frames in which a mouth was drawn.
    public var framesDrawn: Int
    /// Every face that was found.
    public var faces: [FoundFace]
    /// Where no mouth was drawn.
    public var gaps: [Gap]
    /// The wanted mouth.
    public var mouth: Mouth
    /// Where the time went.
    public var timings: Timings
    /// What to know.
    public var warnings: [Warning]
    /// The form of this report; `nil` where nothing was measured, like all that follows.
    public var schemaVersion: Int?
    /// What was read back.
    public var measures: Measures?
    /// The measures in words.
    public var verdicts: [Verdict]?
    /// The lips over time.
    public var curves: Curves?
    /// The output's sound; `nil` also for a video without any.
    public var sound: Sound?
    /// The texts that were spoken.
    public var texts: [TextNote]?
    /// What had to be assumed.
    public var guesses: [Guess]?
    /// Small pictures in even steps.
    public var thumbnails: [Still]?
}
