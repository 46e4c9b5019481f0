import Face
import Media

/// Which piece of a picture becomes the video's frame.
enum Framing {
    /// A video's longer and shorter side are at most this many pixels unless a size is asked for.
    private static let longSide = 1920
    private static let shortSide = 1080
    /// What must be seen besides the mesh's own box, in face heights: hair above, room below the chin.
    private static let headRoom = 0.45
    private static let chinRoom = 0.18
    private static let sideRoom = 0.25
    /// Where the picture is too narrow for all that, this share of it is enough.
    private static let leastRoom = 0.3
    /// Where the eyes stand in the frame, from its top.
    private static let eyeHeight = 0.42

    /// The size of a video of a picture that nobody asked another size of.
    static func naturalSize(width: Int, height: Int) -> PictureSize {
        let (long, short) = (Double(max(width, height)), Double(min(width, height)))
        let scale = min(1, Double(longSide) / long, Double(shortSide) / short)
        return PictureSize(
            width: max(2, Int((Double(width) * scale).rounded())),
            height: max(2, Int((Double(height) * scale).rounded())))
    }

    /// The piece with the shape of `size`: as much of the picture as fits, moved so that the face keeps head room and
    /// its chin. Where the picture is too narrow for both, the piece reaches beyond it.
    ///
    /// - Parameter face: The box around the mesh in pixels.
    static func piece(width: Int, height: Int, face: FaceBox, size: PictureSize) -> PictureRectangle {
        let (pictureWidth, pictureHeight) = (Double(width), Double(height))
        let aspect = Double(size.width) / Double(size.height)
        var pieceWidth = min(pictureWidth, pictureHeight * aspect)
        var pieceHeight = pieceWidth / aspect
        // A difference of a few pixels is rounding of an even size, not a wish for another shape.
        if abs(pieceWidth - pictureWidth) <= 2, abs(pieceHeight - pictureHeight) <= 2 {
            return PictureRectangle(left: 0, top: 0, width: width, height: height)
        }
        let (faceWidth, faceHeight) = (Double(face.width), Double(face.height))
        func head(_ room: Double) -> (left: Double, top: Double, right: Double, bottom: Double) {
            (
                max(Double(face.left) - room * sideRoom * faceWidth, 0),
                max(Double(face.top) - room * headRoom * faceHeight, 0),
                min(Double(face.right) + room * sideRoom * faceWidth, pictureWidth),
                min(Double(face.bottom) + max(room, 0.6) * chinRoom * faceHeight, pictureHeight)
            )
        }
        let least = head(leastRoom)
        let growth = max(1, (least.right - least.left) / pieceWidth, (least.bottom - least.top) / pieceHeight)
        pieceWidth *= growth
        pieceHeight *= growth
        func place(
            _ wanted: Double, _ length: Double, _ limit: Double, _ full: (Double, Double), _ least: (Double, Double)
        ) -> Double {
            guard length <= limit else { return (limit - length) / 2 }
            let (low, high) = full.1 - full.0 <= length ? full : least
            return min(max(min(max(wanted, high - length), low), 0), limit - length)
        }
        let center = Double(face.center.x)
        let eyes = Double(face.top) + 0.35 * faceHeight
        let full = head(1)
        let left = place(
            center - pieceWidth / 2, pieceWidth, pictureWidth, (full.left, full.right), (least.left, least.right))
        let top = place(
            eyes - eyeHeight * pieceHeight, pieceHeight, pictureHeight, (full.top, full.bottom),
            (least.top, least.bottom))
        return PictureRectangle(
            left: Int(left.rounded()), top: Int(top.rounded()), width: max(2, Int(pieceWidth.rounded())),
            height: max(2, Int(pieceHeight.rounded())))
    }
}
