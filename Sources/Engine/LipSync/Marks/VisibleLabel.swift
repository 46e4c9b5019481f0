import Face

/// A small label in a corner of a video that says to people that it was made by a machine: “AI” and a word in their language,
/// white on dark, so that it is read on any picture.
public struct VisibleLabel: Codable, Hashable, Sendable {
    /// When it is seen.
    public enum Time: String, Codable, CaseIterable, Sendable {
        /// From the first to the last frame.
        case always = "corner"
        /// In the first five seconds.
        case start
    }

    public var time: Time
    /// One of `languages`.
    public var language: String

    public init(_ time: Time, language: String) {
        self.time = time
        self.language = language
    }

    /// The languages that there are texts in.
    public static let languages = LabelPictures.all.keys.sorted()

    /// How long it is seen at the start, in seconds: two subtitles' worth.
    static let startSeconds = 5.0

    /// Where it stands, the usual place first.
    enum Corner: String, Codable, CaseIterable, Sendable {
        case topRight, topLeft, bottomRight, bottomLeft
    }

    /// The corner that hides least of the faces of a video: the first of those that hide nothing.
    ///
    /// - Parameter faces: Where faces are seen, in pixels.
    func corner(avoiding faces: [FaceBox], width: Int, height: Int) -> Corner {
        let size = LabelPicture(self, pictureWidth: width, pictureHeight: height)
        let hidden = Corner.allCases.map { corner -> (corner: Corner, area: Float) in
            let place = size.place(corner, pictureWidth: width, pictureHeight: height)
            let area = faces.reduce(Float(0)) { sum, face in
                let across = min(face.right, Float(place.left + size.width)) - max(face.left, Float(place.left))
                let down = min(face.bottom, Float(place.top + size.height)) - max(face.top, Float(place.top))
                return sum + max(across, 0) * max(down, 0)
            }
            return (corner, area)
        }
        // Of equal ones the first.
        return hidden.min { $0.area < $1.area }?.corner ?? .topRight
    }
}
