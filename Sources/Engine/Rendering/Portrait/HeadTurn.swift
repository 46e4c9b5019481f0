/// How a head has moved away from the pose of its still.
public struct HeadTurn: Codable, Hashable, Sendable {
    /// In radians, positive when the nose moves right in the picture.
    public var yawRadians: Float
    /// In radians, positive downwards.
    public var pitchRadians: Float
    /// In radians, positive clockwise in the picture.
    public var rollRadians: Float
    /// Downwards, in distances of the outer eye corners.
    public var drop: Float

    /// Makes a turn; the default is the still's own pose.
    public init(yawRadians: Float = 0, pitchRadians: Float = 0, rollRadians: Float = 0, drop: Float = 0) {
        self.yawRadians = yawRadians
        self.pitchRadians = pitchRadians
        self.rollRadians = rollRadians
        self.drop = drop
    }

    /// A head turns about the top of the neck, here in canonical space.
    private static let neck = SIMD3<Float>(0, 1.3, 0.75)
    /// Where a cheek becomes the side of the head its depth grows six times as fast as its distance from the nose. Turned
    /// as it is, it would be hidden from some 8° on; a still cannot hide it, but would fold. So points deeper than the
    /// first number go with those before them, as if they were no deeper than the sum of both.
    private static let flatDepth: (start: Float, reach: Float) = (0.08, 0.25)

    /// Moves a point of canonical space.
    ///
    /// - Parameter share: How much of the turn the point takes part in, 0…1.
    func apply(_ point: SIMD3<Float>, share: Float = 1) -> SIMD3<Float> {
        let (start, reach) = Self.flatDepth
        var flat = point
        if point.z > start { flat.z = start + reach * hyperbolicTangent((point.z - start) / reach) }
        var p = flat - Self.neck
        let (yaw, pitch, roll) = (yawRadians * share, pitchRadians * share, rollRadians * share)
        p = SIMD3(p.x * cosine(yaw) - p.z * sine(yaw), p.y, p.x * sine(yaw) + p.z * cosine(yaw))
        p = SIMD3(p.x, p.y * cosine(pitch) - p.z * sine(pitch), p.y * sine(pitch) + p.z * cosine(pitch))
        p = SIMD3(p.x * cosine(roll) - p.y * sine(roll), p.x * sine(roll) + p.y * cosine(roll), p.z)
        p.y += drop * share
        return point + (p + Self.neck - flat)
    }

    static func + (a: Self, b: Self) -> Self {
        Self(
            yawRadians: a.yawRadians + b.yawRadians, pitchRadians: a.pitchRadians + b.pitchRadians,
            rollRadians: a.rollRadians + b.rollRadians, drop: a.drop + b.drop)
    }

    static func * (a: Self, factor: Float) -> Self { a.scaled(by: factor) }

    /// The turn between this and another, at a share of the way.
    public func mixed(with other: HeadTurn, share: Float) -> HeadTurn {
        HeadTurn(
            yawRadians: yawRadians + (other.yawRadians - yawRadians) * share,
            pitchRadians: pitchRadians + (other.pitchRadians - pitchRadians) * share,
            rollRadians: rollRadians + (other.rollRadians - rollRadians) * share,
            drop: drop + (other.drop - drop) * share)
    }

    /// The same turn, more or less of it.
    public func scaled(by factor: Float) -> HeadTurn { HeadTurn().mixed(with: self, share: factor) }
}
