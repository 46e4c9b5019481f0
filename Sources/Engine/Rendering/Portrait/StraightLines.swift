import Media

/// Finds long straight edges of a still: door frames, shelves, flag poles. Bent by a moving head they would give the
/// picture away, so that points on them are held where they are.
///
/// Edges are grown from pixels whose gradients point the same way (after von Gioi, Jakubowicz, Morel and Randall, IPOL 2,
/// 35, 2012, without its statistical test: only long and very straight edges matter here).
struct StraightLines {
    /// The picture is looked at with this many pixels in a face unit.
    private static let resolution: Float = 64
    /// Face units.
    private static let leastLength: Float = 0.8
    static let pointSpacing: Float = 0.13
    /// In pixels of the small picture.
    private static let largestDeviation: Float = 0.45
    private static let sliceLength: Float = 4
    private static let leastGradient: Float = 14
    /// The cosine of 22.5°: gradients within it point the same way.
    private static let sameWay: Float = 0.924
    private static let mostPoints = 96

    /// Points on the lines of a region, in pixels of the still.
    let points: [SIMD2<Float>]

    /// - Parameter unit: Pixels in a face unit.
    init(_ frame: VideoFrame, region: PixelRegion, unit: Float) {
        let scale = max(unit / Self.resolution, 1)
        let small = SmallPicture(frame, region: region, scale: scale)
        var lines = Self.lines(small).filter { $0.length >= Self.leastLength * unit / scale }
        // What is near the head would bend most.
        let middle = SIMD2(Float(small.width), Float(small.height)) / 2
        lines.sort { $0.distance(from: middle) < $1.distance(from: middle) }
        let spacing = Self.pointSpacing * unit / scale
        let origin = SIMD2(Float(region.left), Float(region.top))
        var found: [SIMD2<Float>] = []
        for line in lines where found.count < Self.mostPoints {
            let count = max(2, Int(line.length / spacing))
            for index in 0...count {
                let place = line.start + (line.end - line.start) * (Float(index) / Float(count))
                found.append(origin + (place + 0.5) * scale - 0.5)
            }
        }
        points = Array(found.prefix(Self.mostPoints))
    }

    private struct Line {
        var start: SIMD2<Float>
        var end: SIMD2<Float>
        var length: Float {
            let d = end - start
            return (d * d).sum().squareRoot()
        }

        func distance(from point: SIMD2<Float>) -> Float {
            let way = end - start
            let t = min(max(((point - start) * way).sum() / max((way * way).sum(), 1e-3), 0), 1)
            let d = point - start - way * t
            return (d * d).sum().squareRoot()
        }
    }

    private static func lines(_ picture: SmallPicture) -> [Line] {
        let (width, height) = (picture.width, picture.height)
        guard width > 4, height > 4 else { return [] }
        var gradients = [SIMD2<Float>](repeating: .zero, count: width * height)
        var magnitudes = [Float](repeating: 0, count: width * height)
        for y in 1..<height - 1 {
            for x in 1..<width - 1 {
                func at(_ dx: Int, _ dy: Int) -> Float { picture.values[(y + dy) * width + x + dx] }
                let gx = (at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1)) / 4
                let gy = (at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1)) / 4
                let size = (gx * gx + gy * gy).squareRoot()
                guard size >= leastGradient else { continue }
                magnitudes[y * width + x] = size
                gradients[y * width + x] = SIMD2(gx, gy) / size
            }
        }
        var lines: [Line] = []
        let seeds = magnitudes.indices.filter { magnitudes[$0] > 0 }.sorted { magnitudes[$0] > magnitudes[$1] }
        for seed in seeds where magnitudes[seed] > 0 {
            var members = [seed]
            var direction = gradients[seed]
            magnitudes[seed] = 0
            var next = 0
            while next < members.count {
                let (x, y) = (members[next] % width, members[next] / width)
                next += 1
                for dy in -1...1 {
                    for dx in -1...1 {
                        let index = (y + dy) * width + x + dx
                        guard magnitudes.indices.contains(index), magnitudes[index] > 0,
                            (gradients[index] * direction).sum() > sameWay
                        else { continue }
                        magnitudes[index] = 0
                        members.append(index)
                        direction += (gradients[index] - direction) / Float(members.count)
                        direction /= max((direction * direction).sum().squareRoot(), 1e-3)
                    }
                }
            }
            if members.count > 24, let line = line(through: members, width: width, direction) { lines.append(line) }
        }
        return lines
    }

    /// The line across the mean gradient, if the members lie on it.
    private static func line(through members: [Int], width: Int, _ direction: SIMD2<Float>) -> Line? {
        let places = members.map { SIMD2(Float($0 % width), Float($0 / width)) }
        let center = places.reduce(.zero, +) / Float(places.count)
        // The direction of the least spread across, by the moments of the places.
        var (xx, xy, yy): (Float, Float, Float) = (0, 0, 0)
        for place in places {
            let d = place - center
            xx += d.x * d.x
            xy += d.x * d.y
            yy += d.y * d.y
        }
        let angle = 0.5 * arcTangent(2 * xy, xx - yy)
        let along = SIMD2(cosine(angle), sine(angle))
        let across = SIMD2(-along.y, along.x)
        guard abs((across * direction).sum()) > sameWay else { return nil }
        // An edge is two or three pixels thick; only its middle has to be straight, slice by slice.
        let lengths = places.map { (($0 - center) * along).sum() }
        let (low, high) = (lengths.min() ?? 0, lengths.max() ?? 0)
        var slices = [(sum: Float, count: Float)](repeating: (0, 0), count: Int((high - low) / sliceLength) + 1)
        for (place, length) in zip(places, lengths) {
            let slice = Int((length - low) / sliceLength)
            slices[slice].sum += ((place - center) * across).sum()
            slices[slice].count += 1
        }
        let means = slices.filter { $0.count > 0 }.map { $0.sum / $0.count }
        let deviation = (means.reduce(0) { $0 + $1 * $1 } / Float(means.count)).squareRoot()
        guard deviation <= largestDeviation, Float(means.count) * sliceLength > 0.8 * (high - low) else { return nil }
        return Line(start: center + along * low, end: center + along * high)
    }

    /// A region's luma at a small scale.
    private struct SmallPicture {
        let width: Int
        let height: Int
        var values: [Float] = []

        init(_ frame: VideoFrame, region: PixelRegion, scale: Float) {
            width = max(Int(Float(region.width) / scale), 0)
            height = max(Int(Float(region.height) / scale), 0)
            let luma = frame.luma
            values.reserveCapacity(width * height)
            for y in 0..<height {
                let rows =
                    region.top + Int(Float(y) * scale)..<region.top
                    + max(Int(Float(y + 1) * scale), Int(Float(y) * scale) + 1)
                for x in 0..<width {
                    let first = region.left + Int(Float(x) * scale)
                    let columns = first..<region.left + max(Int(Float(x + 1) * scale), Int(Float(x) * scale) + 1)
                    var sum = 0
                    for row in rows { for column in columns { sum += Int(luma.base[row * luma.stride + column]) } }
                    values.append(Float(sum) / Float(rows.count * columns.count))
                }
            }
        }
    }
}
