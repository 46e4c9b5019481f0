import Face

/// Where in the patch the mark may be, and how strongly: 0…1 for each pixel.
///
/// The mark fades out towards the outline of the face, the opening of the mouth, the nose and the border of the patch.
package struct PatchWindow: Sendable {
    /// One value for each pixel, row by row.
    package let values: [Float]

    /// The window of Lipsmith's mark: an ellipse round the mouth, inside which redrawn faces really change.
    package static let standard = PatchWindow(isNarrow: true)
    /// The whole lower face, cheeks included: only to measure what the ellipse costs.
    package static let wide = PatchWindow(isNarrow: false)

    /// The outline of the lower face from ear to ear by the chin, as points of the mesh.
    static let oval = [
        234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
    ]
    /// The lower edge of the nose, as points of the mesh.
    private static let nose = [98, 97, 2, 326, 327, 358, 4, 129]

    // Lipsmith's watermark study. Fades are in patch pixels.
    private static let ovalFade: ClosedRange<Float> = 1.5...6
    private static let mouthFade: ClosedRange<Float> = 1...3.5
    private static let noseFade: ClosedRange<Float> = 0...3
    private static let borderFade: ClosedRange<Float> = 0...5
    /// Middle and half axes of the ellipse in canonical units. On four clips of five seconds the whole lower face gave
    /// scores higher by 0.6 on average over five treatments, by 0.3 at constant rate factor 28; axes of 0.50 and 0.46 gave lower ones,
    /// 0.62 and 0.54 none that were better (WatermarkBenchmark).
    private static let ellipseCenter = SIMD2<Float>(0, 0.86)
    private static let ellipseAxes = SIMD2<Float>(0.56, 0.50)
    /// The ellipse's fade, in shares of its half axes from the edge. Unmeasured.
    private static let ellipseFade: ClosedRange<Float> = 0...0.12

    private init(isNarrow: Bool) {
        let outlines = [Self.oval, Landmarks.innerLips, Self.nose].map { points in
            Polygon(corners: points.map { FacePatch.places[$0] })
        }
        let center = FacePatch.place(Self.ellipseCenter)
        let axes = Self.ellipseAxes / FacePatch.pixelUnits
        values = (0..<FacePatch.count).map { index in
            let (column, row) = (index % FacePatch.columns, index / FacePatch.columns)
            let place = SIMD2(Float(column), Float(row))
            let border = min(column + 1, FacePatch.columns - column, row + 1, FacePatch.rows - row)
            var value = Self.rise(Self.borderFade, Float(border))
            if isNarrow {
                let offset = (place - center) / axes
                value *= Self.rise(Self.ellipseFade, 1 - (offset * offset).sum().squareRoot())
            }
            guard value > 0 else { return 0 }
            return value * Self.rise(Self.ovalFade, outlines[0].depth(place))
                * Self.rise(Self.mouthFade, -outlines[1].depth(place))
                * Self.rise(Self.noseFade, -outlines[2].depth(place))
        }
    }

    /// 0 below the range, 1 above it, smooth between.
    private static func rise(_ range: ClosedRange<Float>, _ value: Float) -> Float {
        let share = min(max((value - range.lowerBound) / (range.upperBound - range.lowerBound), 0), 1)
        return share * share * (3 - 2 * share)
    }
}
