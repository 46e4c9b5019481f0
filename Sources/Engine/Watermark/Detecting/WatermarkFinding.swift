/// What a search for the mark has found in a file.
public struct WatermarkFinding: Codable, Sendable {
    /// Why nothing is said of a mark, or not much.
    public enum Obstacle: String, Codable, Sendable {
        /// A picture that stands still has no swing.
        case stillPicture
        /// No face was seen.
        case noFace
        /// The face was seen for too short a time: less than about 2.5 seconds do for few clips.
        case tooShort
    }

    /// The score, and what it says.
    public var score: WatermarkScore
    /// Whether the mark was found in the mirrored picture.
    public var isMirrored: Bool
    /// Why nothing was found, where that says little; `nil` where a mark was found, and where one would have been.
    public var obstacle: Obstacle?
    /// The number of frames in which a face was examined.
    public var frameCount: Int
    /// The time from the first to the last of them in seconds.
    public var durationSeconds: Double
    /// The median width of the examined face in pixels; 0 without one.
    public var faceWidthPixels: Double
}
