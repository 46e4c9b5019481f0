/// What a quick look at media has found, before anything is made of them.
public struct MediaCheck: Codable, Hashable, Sendable {
    /// One face in one sample. Edges are pixels of the picture as it is shown.
    public struct Face: Codable, Hashable, Sendable {
        public var left: Double
        public var top: Double
        public var right: Double
        public var bottom: Double
        /// The turn of the head to the subject's left, in degrees; negative to the right.
        public var yawDegrees: Double
        /// The width along the line of the eyes, in pixels.
        public var widthPixels: Double
        /// How certain the mesh network is that this is a face, 0.5 … 1.
        public var confidence: Double

        public init(
            left: Double, top: Double, right: Double, bottom: Double, yawDegrees: Double, widthPixels: Double,
            confidence: Double
        ) {
            self.left = left
            self.top = top
            self.right = right
            self.bottom = bottom
            self.yawDegrees = yawDegrees
            self.widthPixels = widthPixels
            self.confidence = confidence
        }
    }

    /// One picture that was looked at.
    public struct Sample: Codable, Hashable, Sendable {
        /// The time from the first picture on, in seconds; 0 in a still picture.
        public var seconds: Double
        /// The number of the frame, from 0.
        public var frame: Int
        /// The faces, the largest first.
        public var faces: [Face]

        public init(seconds: Double, frame: Int, faces: [Face]) {
            self.seconds = seconds
            self.frame = frame
            self.faces = faces
        }
    }

    /// A stretch in which no mouth can be drawn.
    public struct Gap: Codable, Hashable, Sendable {
        /// Why.
        public enum Reason: String, Codable, Sendable {
            /// No face is seen.
            case noFace = "no_face"
            /// The largest face is turned away by more than `PictureCheck.largestYawDegrees`.
            case turnedAway = "turned_away"
        }

        public var startSeconds: Double
        public var endSeconds: Double
        public var reason: Reason

        public init(startSeconds: Double, endSeconds: Double, reason: Reason) {
            self.startSeconds = startSeconds
            self.endSeconds = endSeconds
            self.reason = reason
        }
    }

    /// What moving pictures or a still picture show.
    public struct Picture: Codable, Hashable, Sendable {
        /// Whether it is one picture.
        public var isStill: Bool
        /// Length in seconds; 0 for a still picture.
        public var durationSeconds: Double
        /// Width in pixels, as it is shown.
        public var width: Int
        /// Height in pixels, as it is shown.
        public var height: Int
        /// Pictures a second; 0 for a still picture.
        public var frameRate: Double
        /// Pictures; 1 for a still picture.
        public var frameCount: Int
        /// At most one a second and `MediaCheck.mostSamples` in all, evenly spread; none where the size is beyond the limits.
        public var samples: [Sample]
        /// Where shots begin, in seconds. In a clip of which only samples were decoded, each is the time of a sample.
        public var shots: [Double]
        /// In order; each lasts from a sample to the next one that shows a face.
        public var gaps: [Gap]
    }

    /// What a sound is like.
    public struct Sound: Codable, Hashable, Sendable {
        /// Length in seconds.
        public var durationSeconds: Double
        /// Integrated loudness in LUFS; nil where there is nothing to hear.
        public var loudness: Double?
        /// The largest sample in decibels of full scale; nil in digital silence.
        public var peakDecibels: Double?
        /// The share of samples at full scale, 0 … 1.
        public var clippedShare: Double
        /// The share of time below `SoundCheck.silenceDecibels`, 0 … 1.
        public var silentShare: Double
        /// The largest sample of each of up to `SoundCheck.mostPeaks` even steps, 0 … 1.
        public var waveform: [Double]
    }

    /// The most samples of one clip.
    public static let mostSamples = 60

    /// What the file is.
    public var media: MediaSummary
    /// What it shows, where that was asked for.
    public var picture: Picture?
    /// What it sounds like, where that was asked for.
    public var sound: Sound?

    /// What is looked at.
    public enum Subject: String, Codable, CaseIterable, Sendable {
        case picture, sound
    }

    /// Looks at a file.
    ///
    /// - Parameter installation: Where the networks lie.
    /// - Throws: `RenderFailure`: a file that cannot be read, a sound without sound, a missing installation, or a
    ///   cancellation.
    public init(
        _ path: String, looksAt subject: Subject, installation: Installation? = .find(),
        cancellation: Cancellation = Cancellation()
    ) throws {
        do {
            media = try MediaSummary(path: path)
            switch subject {
            case .picture where media.kind != .audio:
                picture = try PictureCheck(installation: installation, cancellation: cancellation).look(at: path, media)
            case .sound where media.hasSound: sound = try SoundCheck.look(at: path, cancellation: cancellation)
            // What the file is says enough.
            case .picture, .sound: break
            }
        } catch { throw RenderFailure(error) }
    }
}
