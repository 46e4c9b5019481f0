import Media

/// The mouth's target per output frame, in unit scale: 0 = the speaker's 5th percentile, 1 = the 95th.
public struct MouthTrack: Codable, Sendable {
    /// Output frames per second.
    public var frameRate: Rational
    /// Distance of the inner lips, 0…1.9, with forced closures and the silence rule applied.
    public var opening: [Float]
    /// Distance of the mouth's corners, about −0.5…1.5; rounded lips are at 0.
    public var width: [Float]
    /// Distance of the chin below the nose, about −0.3…1.6.
    public var jaw: [Float]
    /// How much the mouth speaks, 0…1, smoothed; 0 = at rest.
    public var speech: [Float]
    /// The cores of p b m that must be seen shut, in seconds of the sound (not shifted by the track's start).
    public var closures: [ClosedRange<Double>]

    /// Makes a track; the four curves have one value per frame.
    public init(
        frameRate: Rational, opening: [Float], width: [Float], jaw: [Float], speech: [Float],
        closures: [ClosedRange<Double>]
    ) {
        self.frameRate = frameRate
        self.opening = opening
        self.width = width
        self.jaw = jaw
        self.speech = speech
        self.closures = closures
    }
}

/// How a mouth model turns speech into motion.
public struct MouthTrackOptions: Codable, Hashable, Sendable {
    /// Liveliness, 0…1: a gain on motion away from rest of 0.45 + 1.05 × temperature; 0.5 is the median speaker.
    public var temperature: Double
    /// Opening in silence, unit scale: 0.05 looks shut, 0.12 is the real mouth's slightly parted rest.
    public var restOpening: Float
    /// Width in silence, unit scale.
    ///
    /// The study wants the face's own resting value. The default lies between its fit for silence (0.62) and where
    /// the stretched curves settle in silence (0.85), so that the corners do not jump at a pause.
    public var restWidth: Float
    /// Jaw in silence, unit scale; the default lies between the fit (0.30) and the stretched curves (0), likewise.
    public var restJaw: Float

    /// Makes options; the defaults are for a natural look. The temperature is kept within 0…1.
    public init(temperature: Double = 0.5, restOpening: Float = 0.05, restWidth: Float = 0.75, restJaw: Float = 0.12) {
        self.temperature = max(0, min(1, temperature))
        self.restOpening = restOpening
        self.restWidth = restWidth
        self.restJaw = restJaw
    }
}
