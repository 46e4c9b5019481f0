import Face

/// The lower face as a small picture: where the mark lives, whatever the face's place in a frame.
///
/// Its pixels lie on a square grid in canonical space (`FacePose`). They are 1.3 to 4 picture pixels wide for most
/// faces. Size and area are those of Lipsmith's watermark study.
package enum FacePatch {
    package static let columns = 96
    package static let rows = 64
    package static let count = columns * rows

    /// The width of a patch pixel in canonical units: 96 of them span −0.66…0.66.
    static let pixelUnits: Float = 0.01375
    /// The patch's upper left corner in canonical units; it ends at 1.34, at the tip of the chin.
    private static let corner = SIMD2<Float>(-0.66, 0.46)

    /// The places of the 468 points of the mean face in patch pixels; whole numbers are centres of pixels.
    package static let places: [SIMD2<Float>] = MeanFace.points.map { place(SIMD2($0.x, $0.y)) }

    /// A place in canonical units as one in patch pixels.
    static func place(_ point: SIMD2<Float>) -> SIMD2<Float> { (point - corner) / pixelUnits - 0.5 }
}
