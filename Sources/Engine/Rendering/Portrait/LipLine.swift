import Face
import Media

/// Finds the line along which shut lips touch, and whether lips that the mesh reports as shut are parted.
///
/// Method and numbers are those of Lipsmith's photo study, section 3. Lengths are in face units.
enum LipLine {
    /// From this gap on the lips are open: the mesh reports up to 0.03 for shut lips.
    static let shutGap: Float = 0.045
    /// Below this gap the lips are shut; between the two the picture decides.
    private static let surelyShutGap: Float = 0.012
    /// The line is searched within this distance of the mesh's, to either side. A wider search (0.05) jumps to the
    /// lower edge of glossy lips.
    private static let reach: Float = 0.032
    /// Steps of the search across the line, 0.002 face units apart.
    private static let steps = 33

    /// Whether a still's mouth is open. Between `surelyShutGap` and `shutGap` it is when more than 15 % of the samples
    /// in the middle of the slit look like teeth.
    static func isOpen(_ frame: VideoFrame, _ face: PortraitFace, _ colors: PortraitColors) -> Bool {
        let gap = face.shape[Landmarks.lowerLipMiddle].y - face.shape[Landmarks.upperLipMiddle].y
        if gap >= shutGap { return true }
        if gap < surelyShutGap { return false }
        // Teeth in the slit are brighter and greyer than the lips.
        let lip =
            PolygonSample(
                frame, colors.color,
                (Landmarks.lowerOuterLip + Landmarks.lowerInnerLip.reversed()).map(face.pixel)
            ).median ?? colors.lip
        func saturation(_ value: SIMD3<Float>) -> Float {
            let rgb = colors.color.rgb(value)
            return (rgb.max() - rgb.min()) / max(rgb.max(), 1)
        }
        let lipSaturation = saturation(lip)
        var (bright, count) = (0, 0)
        for place in 2...6 {
            let upper = face.pixel(Landmarks.upperInnerLip[place])
            let lower = face.pixel(Landmarks.lowerInnerLip[place])
            for step in 0...8 {
                let t = 0.15 + 0.7 * Float(step) / 8
                let value = colors.color.read(frame, upper + (lower - upper) * t)
                count += 1
                if value.x > 1.15 * lip.x, saturation(value) < 0.75 * lipSaturation { bright += 1 }
            }
        }
        return Float(bright) / Float(count) > 0.15
    }

    /// The line between shut lips: the darkest path near the mesh's inner lips, by dynamic programming.
    static func find(_ frame: VideoFrame, _ face: PortraitFace, _ axes: FeatureAxes) -> FeatureLine {
        var line = FeatureLine(through: middles(face, axes))
        let columns = FeatureLine.columnCount
        let stepLength = 2 * reach / Float(steps - 1)
        var luma = [Float](repeating: 0, count: columns * steps)
        for column in 0..<columns {
            for step in 0..<steps {
                let v = line.values[column] - reach + Float(step) * stepLength
                luma[column * steps + step] = blurred(frame, axes, SIMD2(line.u(column), v))
            }
        }
        let sorted = luma.sorted()
        let (low, high) = (sorted[sorted.count / 20], sorted[(sorted.count - 1) * 19 / 20])
        func cost(_ column: Int, _ step: Int) -> Float {
            let offset = (Float(step) - Float(steps - 1) / 2) / (Float(steps - 1) / 2)
            return (luma[column * steps + step] - low) / max(high - low, 8) + 0.35 * offset * offset
        }
        var total = (0..<steps).map { cost(0, $0) }
        var origins: [[Int]] = []
        for column in 1..<columns {
            var next = [Float](repeating: 0, count: steps)
            var origin = [Int](repeating: 0, count: steps)
            for step in 0..<steps {
                var best = Float.infinity
                for from in max(0, step - 5)...min(steps - 1, step + 5) {
                    let value = total[from] + 0.06 * Float((step - from) * (step - from))
                    if value < best {
                        best = value
                        origin[step] = from
                    }
                }
                next[step] = best + cost(column, step)
            }
            total = next
            origins.append(origin)
        }
        var step = total.indices.min { total[$0] < total[$1] }!
        var offsets = [Float](repeating: 0, count: columns)
        for column in stride(from: columns - 1, through: 0, by: -1) {
            let fromEnd = Float(min(column, columns - 1 - column)) / Float(columns - 1)
            offsets[column] = (Float(step) * stepLength - reach) * smoothStep(0, 0.1, fromEnd)
            if column > 0 { step = origins[column - 1][step] }
        }
        for column in 0..<columns { line.values[column] += offsets[column] }
        line.smooth(sigma: 3)
        return line
    }

    private static func middles(_ face: PortraitFace, _ axes: FeatureAxes) -> [SIMD2<Float>] {
        let pairs = zip(Landmarks.upperInnerLip, Landmarks.lowerInnerLip).map {
            (axes.place(face.pixel($0)) + axes.place(face.pixel($1))) / 2
        }
        return [axes.place(face.pixel(78))] + pairs + [axes.place(face.pixel(308))]
    }

    private static func blurred(_ frame: VideoFrame, _ axes: FeatureAxes, _ place: SIMD2<Float>) -> Float {
        let luma = frame.luma
        var sum: Float = 0
        for dv in -1...1 {
            for du in -1...1 {
                let p = axes.pixel(place + SIMD2(Float(du), Float(dv)) * 0.006)
                let x = min(max(Int(p.x.rounded()), 0), luma.width - 1)
                let y = min(max(Int(p.y.rounded()), 0), luma.height - 1)
                sum += Float(luma.base[y * luma.stride + x])
            }
        }
        return sum / 9
    }

    /// The face with both inner lip edges moved onto a line.
    static func closing(_ face: PortraitFace, on line: FeatureLine, _ axes: FeatureAxes) -> PortraitFace {
        var places: [Int: SIMD2<Float>] = [:]
        for (upper, lower) in zip(Landmarks.upperInnerLip, Landmarks.lowerInnerLip) {
            let u = (axes.place(face.pixel(upper)).x + axes.place(face.pixel(lower)).x) / 2
            let place = axes.pixel(SIMD2(u, line.value(u)))
            places[upper] = place
            places[lower] = place
        }
        return face.moving(places, sharingDepth: zip(Landmarks.upperInnerLip, Landmarks.lowerInnerLip).map { ($0, $1) })
    }
}
