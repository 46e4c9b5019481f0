/// What a quick look at a clip or a picture has found.
public struct CheckedPicture: Hashable, Sendable {
    /// One face. Edges are pixels of the picture as it is shown.
    public struct Face: Hashable, Sendable {
        public var box: SpeakerBox
        /// The turn of the head to the subject's left, in degrees; negative to the right.
        public var yawDegrees: Double
        /// The width along the line of the eyes, in pixels.
        public var widthPixels: Double
        /// How certain it is that this is a face, 0 … 1.
        public var confidence: Double

        public init(box: SpeakerBox, yawDegrees: Double, widthPixels: Double, confidence: Double) {
            self.box = box
            self.yawDegrees = yawDegrees
            self.widthPixels = widthPixels
            self.confidence = confidence
        }
    }

    /// One picture that was looked at.
    public struct Sample: Hashable, Sendable {
        /// The time from the first picture on, in seconds.
        public var seconds: Double
        /// The number of the frame, from 0.
        public var frame: Int
        /// The largest first.
        public var faces: [Face]

        public init(seconds: Double, frame: Int, faces: [Face]) {
            self.seconds = seconds
            self.frame = frame
            self.faces = faces
        }
    }

    /// A stretch in which no mouth can be drawn.
    public struct Gap: Hashable, Sendable {
        public enum Reason: String, Hashable, Sendable, CaseIterable {
            /// No face is seen.
            case noFace = "no_face"
            /// The largest face is turned away too far.
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

    /// Video or image.
    public var kind: MediaKind
    /// Length in seconds; nil for an image.
    public var durationSeconds: Double?
    /// In pixels, as it is shown.
    public var width: Int
    /// In pixels, as it is shown.
    public var height: Int
    /// Pictures a second; nil for an image.
    public var frameRate: Double?
    /// Pictures; 1 for an image.
    public var frameCount: Int
    /// Evenly spread; none where the size is beyond the limits.
    public var samples: [Sample]
    /// Where shots begin, in seconds.
    public var shots: [Double]
    public var gaps: [Gap]

    public init(
        kind: MediaKind, durationSeconds: Double? = nil, width: Int, height: Int, frameRate: Double? = nil,
        frameCount: Int = 1, samples: [Sample] = [], shots: [Double] = [], gaps: [Gap] = []
    ) {
        self.kind = kind
        self.durationSeconds = durationSeconds
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.frameCount = frameCount
        self.samples = samples
        self.shots = shots
        self.gaps = gaps
    }
}

/// What a sound is like.
public struct CheckedSound: Hashable, Sendable {
    /// Length in seconds.
    public var durationSeconds: Double
    /// Integrated loudness in LUFS; nil where there is nothing to hear.
    public var loudness: Double?
    /// The largest sample in decibels of full scale; nil in digital silence.
    public var peakDecibels: Double?
    /// The share of samples at full scale, 0 … 1.
    public var clippedShare: Double
    /// The share of time in which there is nothing to hear, 0 … 1.
    public var silentShare: Double
    /// The largest sample of each of even steps, 0 … 1.
    public var waveform: [Double]

    public init(
        durationSeconds: Double, loudness: Double? = nil, peakDecibels: Double? = nil, clippedShare: Double = 0,
        silentShare: Double = 0, waveform: [Double] = []
    ) {
        self.durationSeconds = durationSeconds
        self.loudness = loudness
        self.peakDecibels = peakDecibels
        self.clippedShare = clippedShare
        self.silentShare = silentShare
        self.waveform = waveform
    }
}

/// Looks at media on behalf of an interface, longer than a `MediaInspector` and closer: seconds.
public protocol MediaChecker: Sendable {
    /// What a clip or a picture shows.
    ///
    /// - Parameters:
    ///   - input: Of the kind `video` or `image`.
    ///   - field: Its place in the request.
    /// - Throws: `GenerationError` with `field`: inaccessible, invalid, or that it took too long.
    func picture(
        of input: MediaInput, field: RequestField, organisation: OrganisationID
    ) async throws -> CheckedPicture
    /// What a sound is like: that of any medium with a sound track.
    ///
    /// - Throws: as `picture`.
    func sound(of input: MediaInput, field: RequestField, organisation: OrganisationID) async throws -> CheckedSound
}
