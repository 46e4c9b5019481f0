import Face
public import Media

/// A transition from one still to another. Both faces are warped onto common points in between (shape, size and place)
/// and brought to a common light; meanwhile the detail of the first is replaced by that of the second, first within the
/// face, whose points coincide, then around it, from the head outwards.
public struct PortraitMorph: Sendable {
    private let start: Portrait
    private let end: Portrait

    // No measurement of these values is recorded. Times are shares of the transition, 0…1.

    /// Faces whose angles in the picture differ by more than this, in radians (34°), are not morphed: the pictures in
    /// between would be rotated out of the frame.
    private static let largestTurn: Float = 0.6
    /// Faces whose sizes differ by more than this factor are not morphed, for the same reason.
    private static let largestZoom: Float = 4
    /// The time in which the detail of the face changes.
    private static let faceChange: ClosedRange<Float> = 0.28...0.68
    /// The time at which places next to the face begin to change.
    private static let nearChange: Float = 0.38
    /// How much later the farthest places begin.
    private static let farDelay: Float = 0.22
    /// The time that the change of a place outside the face takes.
    private static let placeDuration: Float = 0.2
    /// The distance from the face's outline from which on places begin last, in face units.
    private static let farDistance: Float = 3
    /// The faces' difference in light is applied up to this distance from the outline, in face units.
    private static let lightReach: Float = 0.5
    /// The standard deviation of the blur of that difference, in face units.
    private static let lightSpread: Float = 0.28

    /// `nil` when the faces differ too much in size or angle.
    ///
    /// - Parameters:
    ///   - start: Must have the same picture size as `end`.
    public init?(from start: Portrait, to end: Portrait) {
        let (a, b) = (
            FacePlace(start.face.landmarks, unit: start.unitPixels), FacePlace(end.face.landmarks, unit: end.unitPixels)
        )
        let zoom = max(a.unit / b.unit, b.unit / a.unit)
        guard abs(FacePlace.near(b.angle, a.angle) - a.angle) <= Self.largestTurn, zoom <= Self.largestZoom else {
            return nil
        }
        self.start = start
        self.end = end
    }

    /// Draws one picture of the transition.
    ///
    /// - Parameters:
    ///   - share: The time, 0 for the start … 1 for the end; motion is eased at both ends.
    ///   - pose: The pose in which both faces are drawn.
    ///   - renderers: Renderers of the start and of the end portrait.
    /// - Throws: `MediaError` when there is no memory for a picture.
    public func draw(
        _ share: Float, _ pose: PortraitPose, _ renderers: (PortraitRenderer, PortraitRenderer)
    ) throws -> VideoFrame {
        if share <= 0 { return try renderers.0.draw(pose) }
        if share >= 1 { return try renderers.1.draw(pose) }
        let frames = (try renderers.0.draw(pose), try renderers.1.draw(pose))
        let eased = share * share * share * (10 + share * (6 * share - 15))
        let faces = (renderers.0.places, renderers.1.places)
        let places = (
            FacePlace(faces.0, unit: start.unitPixels), FacePlace(faces.1, unit: end.unitPixels)
        )
        let between = places.0.mixed(with: places.1, share: eased)
        let points = faces.0.indices.map { index in
            let (a, b) = (places.0.normalized(faces.0[index]), places.1.normalized(faces.1[index]))
            return between.pixel(a + (b - a) * eased)
        }
        let first = try MorphWarp.apply(frames.0, (faces.0, places.0), to: (points, between))
        let second = try MorphWarp.apply(frames.1, (faces.1, places.1), to: (points, between))
        return try blend(
            first, second, share: share, outline: PortraitPoints.oval.map { points[$0] }, unit: between.unit)
    }

    /// Blends the second picture into the first.
    private func blend(
        _ first: VideoFrame, _ second: VideoFrame, share: Float, outline: [SIMD2<Float>], unit: Float
    ) throws -> VideoFrame {
        try first.makeWritable()
        let cell = max(2, 2 * Int(unit / 24))
        var inside = CoarseField()
        inside.resize(width: first.width, height: first.height, cellPixels: Float(cell))
        var (near, change) = (inside, inside)
        for row in 0..<change.rows {
            for column in 0..<change.columns {
                let distance = Polygon.signedDistance(SIMD2(Float(column), Float(row)) * Float(cell), outline) / unit
                let at = row * change.columns + column
                inside.values[at] = smoothStep(0, -0.12, distance)
                near.values[at] = smoothStep(Self.lightReach, 0.05, distance)
                change.values[at] = Self.change(share, distance: distance)
            }
        }
        let light = smoothStep(0, 1, share)
        for number in 0..<3 {
            let difference = Self.lightDifference(
                first, second, number, inside: inside, near: near, cell: cell, unit: unit)
            Self.blend(
                first.plane(number), second.plane(number), difference: difference, change: change,
                shift: number == 0 ? 0 : 1, light: light)
        }
        return first
    }

    /// How far the detail of a place has changed at a time, 0…1.
    ///
    /// - Parameter distance: From the face's outline in face units, negative inside.
    private static func change(_ share: Float, distance: Float) -> Float {
        let outside = smoothStep(0, 0.25, distance)
        let begin = nearChange + farDelay * smoothStep(0, farDistance, distance)
        let (from, to) = (
            faceChange.lowerBound + (begin - faceChange.lowerBound) * outside,
            faceChange.upperBound + (begin + placeDuration - faceChange.upperBound) * outside
        )
        return smoothStep(from, to, share)
    }

    /// The blurred difference of one plane from the first to the second face.
    private static func lightDifference(
        _ first: VideoFrame, _ second: VideoFrame, _ number: Int, inside: CoarseField, near: CoarseField, cell: Int,
        unit: Float
    ) -> CoarseField {
        let shift = number == 0 ? 0 : 1
        let (a, b) = (first.plane(number), second.plane(number))
        var (sum, weight) = (inside, inside)
        let reach = max(cell >> (shift + 1), 1)
        for row in 0..<inside.rows {
            for column in 0..<inside.columns {
                let at = row * inside.columns + column
                guard inside.values[at] > 0 else { continue }
                let (x, y) = ((column * cell) >> shift, (row * cell) >> shift)
                let columns = min(max(x - reach, 0), a.width - 1)..<min(x + reach, a.width)
                let rows = min(max(y - reach, 0), a.height - 1)..<min(y + reach, a.height)
                guard !columns.isEmpty, !rows.isEmpty else { continue }
                var total = 0
                for line in rows {
                    let (p, q) = (a.base + line * a.stride, b.base + line * b.stride)
                    for x in columns { total += Int(q[x]) - Int(p[x]) }
                }
                sum.values[at] *= Float(total) / Float(columns.count * rows.count)
            }
        }
        let sigma = lightSpread * unit / Float(cell)
        sum.blur(sigma: sigma)
        weight.blur(sigma: sigma)
        for at in 0..<inside.rows * inside.columns {
            sum.values[at] = near.values[at] * sum.values[at] / max(weight.values[at], 1e-3)
        }
        return sum
    }

    private static func blend(
        _ target: Plane, _ other: Plane, difference: CoarseField, change: CoarseField, shift: Int, light: Float
    ) {
        var lines = [Float](repeating: 0, count: 2 * target.width)
        lines.withUnsafeMutableBufferPointer { lines in
            let lit = lines.baseAddress!
            let changed = lit + target.width
            let step = Float(1 << shift)
            for row in 0..<target.height {
                let y = Float(row) * step
                difference.readLine(y: y, count: target.width, stepPixels: step, offsetPixels: 0, into: lit)
                change.readLine(y: y, count: target.width, stepPixels: step, offsetPixels: 0, into: changed)
                let (p, q) = (target.base + row * target.stride, other.base + row * other.stride)
                for x in 0..<target.width {
                    let (a, b) = (Float(p[x]), Float(q[x]))
                    let value = a + light * lit[x] + changed[x] * (b - a - lit[x])
                    p[x] = UInt8(min(max(value + 0.5, 0), 255))
                }
            }
        }
    }
}

/// Place, size and angle of a face in a picture.
struct FacePlace {
    /// The middle between the outer eye corners, in pixels.
    let eyes: SIMD2<Float>
    /// The length of one face unit in pixels.
    let unit: Float
    /// The direction of the line between the outer eye corners, clockwise in radians.
    let angle: Float

    private var along: SIMD2<Float> { SIMD2(cosine(angle), sine(angle)) }

    /// - Parameters:
    ///   - points: The 468 points in pixels.
    ///   - unit: The length of one face unit in pixels.
    init(_ points: [SIMD2<Float>], unit: Float) {
        let (right, left) = (points[Landmarks.rightEyeOuter], points[Landmarks.leftEyeOuter])
        eyes = (right + left) / 2
        angle = arcTangent((left - right).y, (left - right).x)
        self.unit = unit
    }

    /// - Parameter landmarks: The 468 points in pixels, with their depths.
    init(_ landmarks: [SIMD3<Float>], unit: Float) { self.init(landmarks.map { SIMD2($0.x, $0.y) }, unit: unit) }

    private init(eyes: SIMD2<Float>, unit: Float, angle: Float) {
        self.eyes = eyes
        self.unit = unit
        self.angle = angle
    }

    /// A pixel in the face's own coordinates: face units across and down from the middle of the eyes.
    func normalized(_ pixel: SIMD2<Float>) -> SIMD2<Float> {
        let offset = (pixel - eyes) / unit
        return SIMD2((offset * along).sum(), offset.y * along.x - offset.x * along.y)
    }

    /// The pixel at a place in the face's own coordinates.
    func pixel(_ place: SIMD2<Float>) -> SIMD2<Float> {
        eyes + SIMD2(along.x * place.x - along.y * place.y, along.y * place.x + along.x * place.y) * unit
    }

    /// The interpolation between this place (share 0) and another (share 1); sizes are interpolated geometrically.
    func mixed(with other: FacePlace, share: Float) -> FacePlace {
        FacePlace(
            eyes: eyes + (other.eyes - eyes) * share, unit: unit * power(other.unit / unit, share),
            angle: angle + (Self.near(other.angle, angle) - angle) * share)
    }

    /// The angle plus a multiple of 2π that is within half a turn of `other`.
    static func near(_ angle: Float, _ other: Float) -> Float {
        other + (angle - other).remainder(dividingBy: 2 * .pi)
    }
}
