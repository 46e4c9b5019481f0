import Media

/// Luma of a mouth patch and of the frame under it, each split into a smooth band and detail.
///
/// Mixing two pictures of the same skin half and half wipes out what differs, which is its grain: the ring around the
/// mouth would be smoother than the skin beside it. So light is mixed over the whole ring and detail over a narrow part
/// of it (Burt and Adelson, ACM Trans. Graphics 2, 217, 1983, with two bands), and the patch's detail is first brought
/// to the strength of the frame's: a head in fast motion is blurred, and resampling has softened the patch.
final class DetailBands {
    /// How much the patch's detail may be weakened and strengthened.
    private static let gain: ClosedRange<Float> = 0.35...1.6
    /// Where in the mask the detail changes over.
    private static let changeStart: Float = 0.35
    private static let changeEnd: Float = 0.65
    /// The part of the mask whose pixels show the same skin in both.
    private static let ring: ClosedRange<Float> = 0.02...0.6

    private let patchDetail = Scratch<Float>()
    private let frameDetail = Scratch<Float>()
    private let line = Scratch<Float>()
    private let smooth = Scratch<Float>()
    private let blurredLines = Scratch<Float>()
    private var width = 0
    private var height = 0

    /// Splits both.
    ///
    /// - Parameters:
    ///   - values: The patch, line by line over `region`.
    ///   - radius: Detail is what a box blur of this radius in pixels takes away.
    func split(_ values: UnsafeMutablePointer<Float>, _ plane: Plane, _ region: PixelRegion, radius: Int) {
        (width, height) = (region.width, region.height)
        let count = width * height
        let patch = patchDetail.reserve(count)
        let frame = frameDetail.reserve(count)
        for y in 0..<height {
            let source = plane.base + (region.top + y) * plane.stride + region.left
            for x in 0..<width { frame[y * width + x] = Float(source[x]) }
        }
        patch.update(from: values, count: count)
        takeSmoothBand(patch, radius: radius)
        takeSmoothBand(frame, radius: radius)
    }

    private func takeSmoothBand(_ values: UnsafeMutablePointer<Float>, radius: Int) {
        let count = width * height
        let blurred = smooth.reserve(count)
        blur(values, into: blurred, radius: radius)
        for index in 0..<count { values[index] -= blurred[index] }
    }

    /// Brings the patch's detail to the strength of the frame's where both show the same skin.
    ///
    /// - Parameter readMask: Writes a line of the mask.
    func match(_ values: UnsafeMutablePointer<Float>, readMask: (Int, UnsafeMutablePointer<Float>) -> Void) {
        let mask = line.reserve(max(width, height))
        let (patch, frame) = (patchDetail.base, frameDetail.base)
        var (ofPatch, ofFrame): (Float, Float) = (1, 1)
        for y in 0..<height {
            readMask(y, mask)
            for x in 0..<width where Self.ring.contains(mask[x]) {
                let at = y * width + x
                ofPatch += patch[at] * patch[at]
                ofFrame += frame[at] * frame[at]
            }
        }
        let ratio = (ofFrame / ofPatch).squareRoot()
        let gain = min(max(ratio, Self.gain.lowerBound), Self.gain.upperBound)
        for index in 0..<width * height {
            values[index] += (gain - 1) * patch[index]
            patch[index] *= gain
        }
    }

    /// Blends one line.
    ///
    /// - Parameters:
    ///   - above: The matched patch.
    ///   - offset: What takes its light to the frame's.
    ///   - mask: 0…1.
    ///   - below: The frame's pixels.
    func blend(
        _ y: Int, above: UnsafeMutablePointer<Float>, offset: UnsafeMutablePointer<Float>,
        mask: UnsafeMutablePointer<Float>, into below: UnsafeMutablePointer<UInt8>
    ) {
        let patch = patchDetail.base + y * width
        let frame = frameDetail.base + y * width
        for x in 0..<width where mask[x] > 0 {
            let value = Float(below[x])
            let detail = patch[x] - frame[x]
            let light = above[x] + offset[x] - value - detail
            let share = smoothStep(Self.changeStart, Self.changeEnd, mask[x])
            below[x] = UInt8(min(max(value + light * mask[x] + detail * share + 0.5, 0), 255))
        }
    }

    /// A box blur along lines, then along columns; the border repeated.
    private func blur(_ source: UnsafeMutablePointer<Float>, into out: UnsafeMutablePointer<Float>, radius: Int) {
        let lines = blurredLines.reserve(width * height)
        let inverse = 1 / Float(2 * radius + 1)
        for y in 0..<height {
            let from = source + y * width
            let to = lines + y * width
            var sum = Float(radius) * from[0]
            for x in 0..<radius { sum += from[min(x, width - 1)] }
            for x in 0..<width {
                sum += from[min(x + radius, width - 1)]
                to[x] = sum * inverse
                sum -= from[max(x - radius, 0)]
            }
        }
        // All columns at once, line by line, as they lie in memory.
        let sums = line.reserve(max(width, height))
        for x in 0..<width { sums[x] = Float(radius) * lines[x] }
        for y in 0..<radius { add(lines + min(y, height - 1) * width, to: sums) }
        for y in 0..<height {
            add(lines + min(y + radius, height - 1) * width, to: sums)
            let to = out + y * width
            let last = lines + max(y - radius, 0) * width
            for x in 0..<width {
                to[x] = sums[x] * inverse
                sums[x] -= last[x]
            }
        }
    }

    private func add(_ values: UnsafeMutablePointer<Float>, to sums: UnsafeMutablePointer<Float>) {
        for x in 0..<width { sums[x] += values[x] }
    }
}
