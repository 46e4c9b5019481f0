import Media

/// Blends a mouth patch into a frame: a soft mask around the lips, and an offset that takes the patch's light to that
/// of the skin around it.
final class PatchBlend {
    /// Distances from the lips' outline, in face units, where the mask is full and where it ends: an outline dilated by
    /// 0.045 and blurred by 0.05.
    private static let fullDistance: Float = -0.04
    private static let endDistance: Float = 0.13
    /// Differences above this are not light but content.
    private static let largestDifference: Float = 60
    private static let offsetSpread: Float = 0.16
    private static let meanWeight: Float = 0.02

    private var mask = CoarseField()
    private var offset = CoarseField()
    private var offsetWeight = CoarseField()
    private var polygon: [SIMD2<Float>] = []
    private let lines = Scratch<Float>()
    private let bands: DetailBands?

    /// - Parameter isFine: Detail is blended by itself, over a narrower ring, and matched to the frame's.
    init(isFine: Bool) { bands = isFine ? DetailBands() : nil }

    /// Blends the last patch drawn by `patch` into `frame`.
    ///
    /// - Parameter strength: 0…1.
    func apply(_ patch: MouthPatch, to frame: VideoFrame, _ placement: MouthPlacement, strength: Float) {
        let unit = placement.unit
        makeMask(patch.region, placement.outline, unit: unit, strength: strength)
        for number in 0..<3 {
            blend(
                patch.values(number), into: frame.plane(number), patch.region, shift: number == 0 ? 0 : 1, unit: unit)
        }
    }

    private func makeMask(_ region: PixelRegion, _ outline: [SIMD2<Float>], unit: Float, strength: Float) {
        mask.resize(width: region.width, height: region.height, cellPixels: max(2, unit / 40))
        polygon.refill(outline) { $0 - SIMD2(Float(region.left), Float(region.top)) }
        for row in 0..<mask.rows {
            for column in 0..<mask.columns {
                let point = SIMD2(Float(column), Float(row)) * mask.cellPixels
                let distance = Polygon.signedDistance(point, polygon) / unit
                let value = smoothStep(Self.endDistance, Self.fullDistance, distance)
                // The patch's own border must not be seen, even where the lips touch the picture's edge.
                mask.values[row * mask.columns + column] = value * strength
            }
        }
    }

    private func blend(
        _ values: UnsafeMutablePointer<Float>, into plane: Plane, _ region: PixelRegion, shift: Int, unit: Float
    ) {
        let (left, top) = (region.left >> shift, region.top >> shift)
        let (width, height) = (region.width >> shift, region.height >> shift)
        let pixelStep = Float(1 << shift)
        let cell = max(Int(unit / 25) >> shift, 2)
        let maskLine = lines.reserve(2 * width)
        let offsetLine = maskLine + width
        offset.resize(width: width, height: height, cellPixels: Float(cell))
        offsetWeight.resize(width: width, height: height, cellPixels: Float(cell))
        let cellCount = offset.columns * offset.rows
        for index in 0..<cellCount {
            offset.values[index] = 0
            offsetWeight.values[index] = 0
        }
        // The eye sees grain in luma alone.
        let bands = shift == 0 ? bands : nil
        if let bands {
            bands.split(values, plane, region, radius: max(1, Int(unit / 90)))
            bands.match(values) { y, line in
                mask.readLine(y: Float(y), count: width, stepPixels: 1, offsetPixels: 0, into: line)
            }
        }
        var sum: Float = 0
        var weight: Float = 0
        for y in 0..<height {
            mask.readLine(
                y: Float(y) * pixelStep, count: width, stepPixels: pixelStep, offsetPixels: 0, into: maskLine)
            addDifferences(
                of: plane.base + (top + y) * plane.stride + left, to: values + y * width, width: width,
                row: y / cell, cell: cell, maskLine, &sum, &weight)
        }
        let mean = sum / max(weight, 1)
        let sigma = Self.offsetSpread * unit / Float(cell << shift)
        offset.blur(sigma: sigma)
        offsetWeight.blur(sigma: sigma)
        for index in 0..<cellCount {
            offset.values[index] =
                (offset.values[index] + Self.meanWeight * mean) / (offsetWeight.values[index] + Self.meanWeight)
        }
        let middle = Float(cell) / 2
        for y in 0..<height {
            mask.readLine(
                y: Float(y) * pixelStep, count: width, stepPixels: pixelStep, offsetPixels: 0, into: maskLine)
            offset.readLine(
                y: Float(y) - middle, count: width, stepPixels: 1, offsetPixels: -middle, into: offsetLine)
            let below = plane.base + (top + y) * plane.stride + left
            let above = values + y * width
            if let bands {
                bands.blend(y, above: above, offset: offsetLine, mask: maskLine, into: below)
                continue
            }
            for x in 0..<width where maskLine[x] > 0 {
                let value = Float(below[x])
                let mouth = min(max(above[x] + offsetLine[x], 0), 255)
                below[x] = UInt8(min(max(value + (mouth - value) * maskLine[x] + 0.5, 0), 255))
            }
        }
    }

    /// Adds what one line's pixels differ by, where the ring shows the same skin in both, to the cells of the offset.
    private func addDifferences(
        of below: UnsafeMutablePointer<UInt8>, to above: UnsafeMutablePointer<Float>, width: Int, row: Int, cell: Int,
        _ mask: UnsafeMutablePointer<Float>, _ sum: inout Float, _ weight: inout Float
    ) {
        let share = 1 / Float(cell * cell)
        var (start, index) = (0, row * offset.columns)
        while start < width {
            let end = min(start + cell, width)
            var (cellSum, cellWeight) = (offset.values[index], offsetWeight.values[index])
            for x in start..<end where mask[x] > 0.02 && mask[x] < 0.6 {
                let difference = min(max(Float(below[x]) - above[x], -Self.largestDifference), Self.largestDifference)
                cellSum += difference * share
                cellWeight += share
                sum += difference
                weight += 1
            }
            (offset.values[index], offsetWeight.values[index]) = (cellSum, cellWeight)
            (start, index) = (end, index + 1)
        }
    }
}
