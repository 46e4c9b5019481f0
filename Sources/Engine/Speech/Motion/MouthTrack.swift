public import Media

/// What the mouth shall do in each output frame, in unit scale: 0 is the speaker's 5th percentile, 1 the 95th.
///
/// `MouthModel.track` makes one from a sound; `MouthPlanner` turns it into a speaker's own shapes.
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

    /// The four curves need one value per frame each.
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

/// Settings of `MouthModel`: liveliness, and the mouth's shape at rest.
public struct MouthTrackOptions: Codable, Hashable, Sendable {
    /// Liveliness, 0…1: a gain on motion away from rest of 0.45 + 1.05 × temperature. 0.5 is the median speaker of
    /// Lipsmith's speech-to-mouth study, 0 and 1 are its 10th and 90th percentile.
    public var temperature: Double
    /// Opening in silence, unit scale: 0.05 looks shut, 0.12 is the slightly parted rest of real mouths (the study).
    public var restOpening: Float
    /// Width in silence, unit scale.
    ///
    /// The study asks for the face's own resting value. The default lies between its fit for silence (0.62) and the
    /// value of the stretched curves in silence (0.85), so that the corners do not jump at a pause.
    public var restWidth: Float
    /// Jaw in silence, unit scale; the default lies between the study's fit (0.30) and the stretched curves (0), for
    /// the same reason.
    public var restJaw: Float

    /// - Parameter temperature: Is limited to 0…1.
    public init(temperature: Double = 0.5, restOpening: Float = 0.05, restWidth: Float = 0.75, restJaw: Float = 0.12) {
        self.temperature = max(0, min(1, temperature))
        self.restOpening = restOpening
        self.restWidth = restWidth
        self.restJaw = restJaw
    }
}
