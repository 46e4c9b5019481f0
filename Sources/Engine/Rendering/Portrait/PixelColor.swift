import Media

/// Converts between a picture's stored luma and chroma, luma over black and chroma around 0, and red, green and blue.
///
/// A value of three components is luma minus that of black and chroma minus 128, in the picture's own range.
struct PixelColor: Sendable {
    /// The stored luma of black: 0 or 16.
    let black: Float
    private let redWeight: Float
    private let blueWeight: Float
    private let lumaScale: Float
    private let chromaScale: Float

    init(_ frame: VideoFrame) {
        black = frame.isFullRange ? 0 : 16
        lumaScale = frame.isFullRange ? 1 : 255 / 219
        chromaScale = frame.isFullRange ? 1 : 255 / 224
        // ITU-R BT.709, BT.2020 and BT.601, the last for everything older.
        (redWeight, blueWeight) =
            switch frame.matrix {
            case "bt709": (0.2126, 0.0722)
            case "bt2020nc": (0.2627, 0.0593)
            default: (0.299, 0.114)
            }
    }

    /// Red, green and blue, 0…255 (not clamped), of a value.
    func rgb(_ value: SIMD3<Float>) -> SIMD3<Float> {
        let luma = value.x * lumaScale
        let blue = luma + value.y * chromaScale * 2 * (1 - blueWeight)
        let red = luma + value.z * chromaScale * 2 * (1 - redWeight)
        let green = (luma - redWeight * red - blueWeight * blue) / (1 - redWeight - blueWeight)
        return SIMD3(red, green, blue)
    }

    /// The value of red, green and blue in 0…255.
    func value(_ rgb: SIMD3<Float>) -> SIMD3<Float> {
        let luma = redWeight * rgb.x + blueWeight * rgb.z + (1 - redWeight - blueWeight) * rgb.y
        return SIMD3(
            luma / lumaScale, (rgb.z - luma) / (2 * (1 - blueWeight)) / chromaScale,
            (rgb.x - luma) / (2 * (1 - redWeight)) / chromaScale)
    }

    /// The value at the nearest pixel; places outside repeat the border.
    func read(_ frame: VideoFrame, _ place: SIMD2<Float>) -> SIMD3<Float> {
        let x = min(max(Int(place.x.rounded()), 0), frame.width - 1)
        let y = min(max(Int(place.y.rounded()), 0), frame.height - 1)
        let (luma, blue, red) = (frame.luma, frame.blueChroma, frame.redChroma)
        return SIMD3(
            Float(luma.base[y * luma.stride + x]) - black,
            Float(blue.base[(y / 2) * blue.stride + x / 2]) - 128,
            Float(red.base[(y / 2) * red.stride + x / 2]) - 128)
    }

    /// The value at a place, interpolated bilinearly; places outside repeat the border.
    func sample(_ frame: VideoFrame, _ place: SIMD2<Float>) -> SIMD3<Float> {
        func bilinear(_ plane: Plane, _ place: SIMD2<Float>) -> Float {
            let x = min(max(place.x, 0), Float(plane.width) - 1.001)
            let y = min(max(place.y, 0), Float(plane.height) - 1.001)
            let (column, row) = (Int(x), Int(y))
            let (tx, ty) = (x - Float(column), y - Float(row))
            let line = plane.base + row * plane.stride + column
            let below = line + plane.stride
            let top = Float(line[0]) + (Float(line[1]) - Float(line[0])) * tx
            let bottom = Float(below[0]) + (Float(below[1]) - Float(below[0])) * tx
            return top + (bottom - top) * ty
        }
        let half = (place - 0.5) / 2
        return SIMD3(
            bilinear(frame.luma, place) - black, bilinear(frame.blueChroma, half) - 128,
            bilinear(frame.redChroma, half) - 128)
    }
}

/// A sample of a picture's values inside a polygon.
struct PolygonSample {
    /// The values, see `PixelColor`.
    private(set) var values: [SIMD3<Float>] = []

    /// Reads up to about 4000 values inside a polygon, whose corners are in pixels.
    init(_ frame: VideoFrame, _ color: PixelColor, _ polygon: [SIMD2<Float>]) {
        var low = SIMD2<Float>(repeating: .infinity)
        var high = -low
        for point in polygon {
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        // A few thousand samples are enough for a median.
        let step = max(1, ((high.x - low.x) * (high.y - low.y) / 4000).squareRoot())
        for y in stride(from: low.y, through: high.y, by: step) {
            for x in stride(from: low.x, through: high.x, by: step)
            where Polygon.contains(SIMD2(x, y), polygon) {
                values.append(color.read(frame, SIMD2(x, y)))
            }
        }
    }

    /// The union of several samples.
    init(_ samples: [PolygonSample]) { values = samples.flatMap(\.values) }

    /// The median of each component; `nil` when the sample is empty.
    var median: SIMD3<Float>? { median(of: values) }

    /// The median of the values whose luma lies between two quantiles, 0…1; `nil` when the sample is empty.
    func median(from low: Float, to high: Float) -> SIMD3<Float>? {
        let sorted = values.sorted { $0.x < $1.x }
        guard !sorted.isEmpty else { return nil }
        let first = Int(low * Float(sorted.count - 1))
        let last = Int((high * Float(sorted.count - 1)).rounded(.up))
        return median(of: Array(sorted[first...max(first, last)]))
    }

    private func median(of values: [SIMD3<Float>]) -> SIMD3<Float>? {
        guard !values.isEmpty else { return nil }
        func middle(_ component: Int) -> Float { values.map { $0[component] }.sorted()[values.count / 2] }
        return SIMD3(middle(0), middle(1), middle(2))
    }
}
