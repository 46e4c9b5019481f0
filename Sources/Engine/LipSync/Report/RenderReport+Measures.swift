extension RenderReport {
    /// The version of the form that `docs/report.schema.json` describes. Fields are only ever added to one.
    public static let schemaVersion = 1

    /// What was read back from the drawn frames and from the output. A member is `nil` where it cannot be measured.
    public struct Measures: Codable, Hashable, Sendable {
        /// Frames in which the lips were read back: at most a seventh of the output's.
        public var framesMeasured: Int
        /// How far the lips part, in shares of the speaker's own range: 0 is shut, 1 the 95th percentile.
        public var opening: Following?
        /// How far the corners are apart, in shares of the speaker's own range.
        public var width: Following?
        /// Where lips must meet.
        public var closures: Closures?
        /// Frames in which nobody speaks.
        public var rest: Rest?
        /// By how many milliseconds the drawn lips are late against the track of the sound.
        public var offsetMilliseconds: Int?
        /// How sharp the edges inside the lips are, whatever their contrast, drawn against filmed.
        public var sharpness: Double?
        /// The gradient across the edge of what was drawn, against the filmed one.
        public var seam: Double?
        /// The change of the skin around the lips from frame to frame, against the filmed one.
        public var flicker: Double?
        /// The picture outside the drawn region.
        public var outside: Outside?
    }

    /// How drawn lips follow a wanted curve.
    public struct Following: Codable, Hashable, Sendable {
        /// Pearson's correlation, −1…1; `nil` where one of the curves is constant.
        public var correlation: Double?
        /// The mean of the wanted curve over the measured frames.
        public var wantedMean: Double
        /// The mean of the drawn one.
        public var drawnMean: Double
    }

    /// The lip closures of p, b and m.
    public struct Closures: Codable, Hashable, Sendable {
        /// A closure that is not seen.
        public struct Missed: Codable, Hashable, Sendable {
            /// The output frame that should show it.
            public var frame: Int
            /// Its time in the output.
            public var seconds: Double
        }

        /// Closures of the sound that fall into drawn frames.
        public var wanted: Int
        /// Of them, those whose frame was read back.
        public var measured: Int
        /// Of those, the ones in which the lips meet.
        public var shown: Int
        public var missed: [Missed]
    }

    /// Mouths where nobody speaks.
    public struct Rest: Codable, Hashable, Sendable {
        /// Measured frames in which nobody speaks: at least 0.2 s away from what the lips follow as speech, or within a pause
        /// of the sound itself.
        public var silentFrames: Int
        /// Of them, those in which the mouth is shut.
        public var restingFrames: Int
    }

    /// What must not change.
    public struct Outside: Codable, Hashable, Sendable {
        /// Compared frames.
        public var frames: Int
        /// Samples that differ from the source's before encoding, in the frame with the most.
        public var changedSamples: Int
        /// The peak signal-to-noise ratio of the encoded luma to the source's; `nil` where it was not compared, and 100 at
        /// most.
        public var psnrDecibels: Double?
    }

    /// A measure in words.
    public struct Verdict: Codable, Hashable, Sendable {
        /// How good a value is.
        public enum Level: String, Codable, Sendable {
            case good, fair, poor
        }

        /// The name of the measure.
        public var measure: String
        public var level: Level
        /// One sentence.
        public var sentence: String
    }

    /// What the lips were to do over the output's time, and what they do.
    public struct Curves: Codable, Hashable, Sendable {
        /// A frame that was read back.
        public struct Drawn: Codable, Hashable, Sendable {
            /// The output frame.
            public var frame: Int
            /// As `Measures.opening`.
            public var opening: Double
            /// As `Measures.width`.
            public var width: Double
        }

        /// A closure of the sound.
        public struct Closure: Codable, Hashable, Sendable {
            public var startSeconds: Double
            public var endSeconds: Double
            /// Whether the lips are seen to meet; `nil` where they were not read back.
            public var isShown: Bool?
        }

        /// A known phone of the sound.
        public struct Phone: Codable, Hashable, Sendable {
            public var startSeconds: Double
            public var endSeconds: Double
            /// In ARPAbet.
            public var name: String
        }

        /// The frames between two points of the curves.
        public var framesPerPoint: Int
        /// The wanted opening, as `Measures.opening`; 0 where nothing was to be drawn.
        public var opening: [Double]
        /// The wanted width, likewise.
        public var width: [Double]
        /// How much is spoken, 0…1.
        public var speech: [Double]
        public var drawn: [Drawn]
        public var closures: [Closure]
        /// Empty where phones are not known.
        public var phones: [Phone]
    }

    /// The sound of the output.
    public struct Sound: Codable, Hashable, Sendable {
        public var durationSeconds: Double
        /// Integrated loudness in LUFS; `nil` for silence.
        public var loudness: Double?
        /// The largest peak between samples, in dBTP; `nil` for silence.
        public var truePeakDecibels: Double?
        /// Samples at full scale, where three or more follow each other.
        public var clippedSamples: Int
        /// The share of hundredths of a second below −50 dB (root mean square).
        public var silentShare: Double
        /// The share of the output's frames with speech.
        public var speechShare: Double
        /// Speech over background in decibels; `nil` where it was not heard.
        public var signalToNoiseDecibels: Double?
        /// The largest sample of even steps of the output's time, 0…1.
        public var waveform: [Double]
    }

    /// Something that was not said and had to be assumed.
    public struct Guess: Codable, Hashable, Sendable {
        /// `speaker`, `orientation`, `soundTrack` or `frameRate`.
        public var subject: String
        /// One sentence.
        public var sentence: String
    }

    /// A small picture of the output.
    public struct Still: Codable, Hashable, Sendable {
        /// The output frame.
        public var frame: Int
        /// Its time in the output.
        public var seconds: Double
        /// A JPEG as a `data:` address.
        public var picture: String
    }
}
