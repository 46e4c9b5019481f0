import Face
import Media

/// Two stills on the way from one to the other: the faces meet point by point in shape, size and place, and in light;
/// then the one's detail gives way to the other's, first in the face, whose points lie on each other, then around it,
/// from the head outwards.
public struct PortraitMorph: Sendable {
    private let start: Portrait
    private let end: Portrait

    /// Faces that lie otherwise by more than this, in radians, or are larger by more than this factor, do not meet: the
    /// picture between them would be turned out of its frame.
    private static let largestTurn: Float = 0.6
    private static let largestZoom: Float = 4
    /// When the detail of the face changes.
    private static let faceChange: ClosedRange<Float> = 0.28...0.68
    /// When what is next to the face changes, how much later the farthest does, how long each place takes, and how far
    /// from the outline the farthest begins, in face units.
    private static let nearChange: Float = 0.38
    private static let farDelay: Float = 0.22
    private static let placeDuration: Float = 0.2
    private static let farDistance: Float = 3
    /// The light of the faces is taken over this far beyond their outline, in face units, and blurred by this much.
    private static let lightReach: Float = 0.5
    private static let lightSpread: Float = 0.28

    /// - Parameters:
    ///   - start: Of the same size as `end`.
    /// - Returns: `nil` where the faces are too unlike in size or direction to meet.
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

    /// Draws a moment of the change.
    ///
    /// - Parameters:
    ///   - share: 0 is the start, 1 the end; motion begins and ends slowly.
    ///   - pose: What the figure does besides.
    ///   - renderers: Of the start and of the end.
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

    /// Lays the second picture over the first.
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
                first.plane(number), second.plane(number), difference, change, shift: number == 0 ? 0 : 1, light: light)
        }
        return first
    }

    /// How far a place has changed, 0…1.
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

    /// By how much the second face is lighter than the first, without its detail.
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
        _ target: Plane, _ other: Plane, _ difference: CoarseField, _ change: CoarseField, shift: Int, light: Float
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

/// Where a face lies in a picture, how large it is, and how it is turned there.
struct FacePlace {
    /// The middle between the outer eye corners, in pixels.
    let eyes: SIMD2<Float>
    /// Pixels in a face unit.
    let unit: Float
    /// Of the line between the outer eye corners: clockwise, in radians.
    let angle: Float

    private var along: SIMD2<Float> { SIMD2(cosine(angle), sine(angle)) }

    /// - Parameters:
    ///   - points: The 468 points in pixels.
    ///   - unit: Pixels in a face unit.
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

    /// A pixel in face units, across and down from between the eyes.
    func normalized(_ pixel: SIMD2<Float>) -> SIMD2<Float> {
        let offset = (pixel - eyes) / unit
        return SIMD2((offset * along).sum(), offset.y * along.x - offset.x * along.y)
    }

    /// Back again.
    func pixel(_ place: SIMD2<Float>) -> SIMD2<Float> {
        eyes + SIMD2(along.x * place.x - along.y * place.y, along.y * place.x + along.x * place.y) * unit
    }

    /// A place on the way to another.
    func mixed(with other: FacePlace, share: Float) -> FacePlace {
        FacePlace(
            eyes: eyes + (other.eyes - eyes) * share, unit: unit * power(other.unit / unit, share),
            angle: angle + (Self.near(other.angle, angle) - angle) * share)
    }

    /// The same angle within half a turn of another.
    static func near(_ angle: Float, _ other: Float) -> Float {
        other + (angle - other).remainder(dividingBy: 2 * .pi)
    }
}
