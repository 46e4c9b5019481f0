/// The state of a mouth in one frame: opening, width and jaw.
///
/// All three are in mouth widths (the distance of the corners of the shut mouth), relative to the shut mouth, unless
/// said to be shares of a speaker's own range (0 the 5th, 1 the 95th percentile).
public struct MouthCurves: BitwiseCopyable, Codable, Hashable, Sendable {
    /// Distance of the inner lips; 0 is shut.
    public var opening: Float
    /// Distance of the corners, minus that at rest.
    public var width: Float
    /// Distance of the chin below the nose, minus that at rest.
    public var jaw: Float

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
