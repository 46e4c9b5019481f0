/// The motion of a head relative to its pose in the still (or in the filmed frame).
public struct HeadTurn: Codable, Hashable, Sendable {
    /// The turn in radians, positive when the nose moves to the right of the picture.
    public var yawRadians: Float
    /// The nod in radians, positive towards the chest.
    public var pitchRadians: Float
    /// The tilt in radians, positive clockwise in the picture.
    public var rollRadians: Float
    /// The shift downwards in face units (distances of the outer eye corners).
    public var drop: Float

    /// The default is no motion.
    public init(yawRadians: Float = 0, pitchRadians: Float = 0, rollRadians: Float = 0, drop: Float = 0) {
        self.yawRadians = yawRadians
        self.pitchRadians = pitchRadians
        self.rollRadians = rollRadians
        self.drop = drop
    }

    /// The centre of rotation, the top of the neck, in canonical space: Lipsmith's photo study, section 5.
    private static let neck = SIMD3<Float>(0, 1.3, 0.75)
    /// Depths (canonical z) over `start` are compressed before the rotation, to `start + reach` at most. At the side of
    /// the head depth grows six times as fast as the distance from the nose; turned unchanged, it would be hidden from
    /// about 8° on, and the warp of a still would fold there. The values were chosen with the turn limits of 15°;
    /// unmeasured.
    private static let flatDepth: (start: Float, reach: Float) = (0.08, 0.25)

    /// The place of a point of canonical space after the motion.
    ///
    /// - Parameter share: The share of the motion that the point takes part in, 0…1.
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

    /// The linear interpolation between this motion (share 0) and another (share 1).
    public func mixed(with other: HeadTurn, share: Float) -> HeadTurn {
        HeadTurn(
            yawRadians: yawRadians + (other.yawRadians - yawRadians) * share,
            pitchRadians: pitchRadians + (other.pitchRadians - pitchRadians) * share,
            rollRadians: rollRadians + (other.rollRadians - rollRadians) * share,
            drop: drop + (other.drop - drop) * share)
    }

    /// The motion with all its parts multiplied by `factor`.
    public func scaled(by factor: Float) -> HeadTurn { HeadTurn().mixed(with: self, share: factor) }
}
