import Face
import Media

/// Which piece of a picture becomes the video's frame.
enum Framing {
    /// A video's longer and shorter side are at most this many pixels unless a size is asked for.
    private static let longSide = 1920
    private static let shortSide = 1080
    /// What must be seen besides the mesh's own box: hair above it and room below the chin, in the box's lengths along
    /// the face, and room beside it, in its lengths across.
    private static let headRoom = 0.45
    private static let chinRoom = 0.18
    private static let sideRoom = 0.25
    /// Where the picture is too narrow for all that, this share of it is enough.
    private static let leastRoom = 0.3
    /// Where the eyes of an upright face stand in the frame, from its top.
    private static let eyeHeight = 0.42
    /// The eyes stand this much above the middle of the mesh's box, in its heights.
    private static let eyeRise = 0.15

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
    /// - Parameters:
    ///   - face: The box around the mesh in pixels.
    ///   - down: The direction in the picture from forehead to chin, of length 1.
    static func piece(
        width: Int, height: Int, face: FaceBox, down: SIMD2<Float> = SIMD2(0, 1), size: PictureSize
    ) -> PictureRectangle {
        let (pictureWidth, pictureHeight) = (Double(width), Double(height))
        let aspect = Double(size.width) / Double(size.height)
        var pieceWidth = min(pictureWidth, pictureHeight * aspect)
        var pieceHeight = pieceWidth / aspect
        // A difference of a few pixels is rounding of an even size, not a wish for another shape.
        if abs(pieceWidth - pictureWidth) <= 2, abs(pieceHeight - pictureHeight) <= 2 {
            return PictureRectangle(left: 0, top: 0, width: width, height: height)
        }
        let (faceWidth, faceHeight) = (Double(face.width), Double(face.height))
        let down = SIMD2<Double>(down)
        func head(_ room: Double) -> (left: Double, top: Double, right: Double, bottom: Double) {
            /// The room on the side of the box that lies in a direction of the picture, in lengths of the box.
            func beyond(_ x: Double, _ y: Double) -> Double {
                let (along, across) = (x * down.x + y * down.y, abs(x * down.y - y * down.x))
                return max(-along, 0) * room * headRoom + max(along, 0) * max(room, 0.6) * chinRoom + across * room
                    * sideRoom
            }
            return (
                max(Double(face.left) - beyond(-1, 0) * faceWidth, 0),
                max(Double(face.top) - beyond(0, -1) * faceHeight, 0),
                min(Double(face.right) + beyond(1, 0) * faceWidth, pictureWidth),
                min(Double(face.bottom) + beyond(0, 1) * faceHeight, pictureHeight)
            )
        }
        let least = head(leastRoom)
        let growth = max(1, (least.right - least.left) / pieceWidth, (least.bottom - least.top) / pieceHeight)
        pieceWidth *= growth
        pieceHeight *= growth
        func place(
            _ wanted: Double, length: Double, limit: Double, full: (Double, Double), least: (Double, Double)
        ) -> Double {
            guard length <= limit else { return (limit - length) / 2 }
            let (low, high) = full.1 - full.0 <= length ? full : least
            return min(max(min(max(wanted, high - length), low), 0), limit - length)
        }
        let eyes = SIMD2<Double>(face.center) - down * eyeRise * SIMD2(faceWidth, faceHeight)
        // Hair takes more room than a chin.
        let eyePlace = 0.5 - down * (0.5 - eyeHeight)
        let full = head(1)
        let left = place(
            eyes.x - eyePlace.x * pieceWidth, length: pieceWidth, limit: pictureWidth, full: (full.left, full.right),
            least: (least.left, least.right))
        let top = place(
            eyes.y - eyePlace.y * pieceHeight, length: pieceHeight, limit: pictureHeight, full: (full.top, full.bottom),
            least: (least.top, least.bottom))
        return PictureRectangle(
            left: Int(left.rounded()), top: Int(top.rounded()), width: max(2, Int(pieceWidth.rounded())),
            height: max(2, Int(pieceHeight.rounded())))
    }
}
