/// What the mouth does in one frame, in three numbers.
public struct MouthCurves: Codable, Hashable, Sendable {
    /// How far the lips are apart; 0 is shut.
    public var opening: Float
    /// How much wider than at rest the mouth is.
    public var width: Float
    /// How far the jaw has dropped from rest.
    public var jaw: Float

    /// All three in one unit: mouth widths (the distance of the corners of the shut mouth), or shares of a speaker's
    /// own range where said so.
    public init(opening: Float = 0, width: Float = 0, jaw: Float = 0) {
        self.opening = opening
        self.width = width
        self.jaw = jaw
    }

    static func + (a: Self, b: Self) -> Self {
        Self(opening: a.opening + b.opening, width: a.width + b.width, jaw: a.jaw + b.jaw)
    }

    static func - (a: Self, b: Self) -> Self {
        Self(opening: a.opening - b.opening, width: a.width - b.width, jaw: a.jaw - b.jaw)
    }

    static func * (a: Self, factor: Float) -> Self {
        Self(opening: a.opening * factor, width: a.width * factor, jaw: a.jaw * factor)
    }
}
