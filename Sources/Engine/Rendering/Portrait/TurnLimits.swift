import Face

/// The angles by which the head of a still can be turned before its picture folds, found by trying.
///
/// A still shows one side only: parts that come into view are stretched, parts that go out of view are squeezed, and
/// beyond some angle folded. The angle depends on the picture: smaller for a head near the frame's edge, beside
/// straight lines or other faces, or turned already.
public struct TurnLimits: Sendable {
    // All in radians, positive.

    /// The turn that moves the nose to the right of an upright picture.
    public private(set) var right: Float
    /// The turn that moves the nose to the left of an upright picture.
    public private(set) var left: Float
    /// The nod towards the chest.
    public private(set) var down: Float
    /// The nod away from the chest.
    public private(set) var up: Float
    /// The tilt to either side.
    public private(set) var tilt: Float

    /// The largest limit, in radians: 15°. In Lipsmith's photo study, whose turns did not compress depth as `HeadTurn`
    /// does, frontal photos were clearly broken from 12° on. Unmeasured.
    private static let largest: Float = 15 * .pi / 180
    /// The smallest limit, in radians: 4°, the first fold of a photo turned by 19° (photo study, section 5).
    private static let least: Float = 4 * .pi / 180
    /// The least factor by which an area of the picture may shrink: a cheek that turns away becomes narrow. By eye;
    /// unmeasured.
    private static let leastArea: Float = 0.1
    /// The largest factor by which an area of the picture may grow. Unmeasured.
    private static let mostArea: Float = 2.2
    /// Halvings of the interval from `least` to `largest`: the limit is found to 0.7°.
    private static let steps = 4
    /// The exponent of the easing in `apply`: with 4, half the limit is reached by 98 %, the limit by 84 %. Unmeasured.
    private static let sharpness: Float = 4

    /// Finds the limits of a portrait by turning its head both ways about each axis.
    public init(_ portrait: Portrait) {
        let renderer = PortraitRenderer(portrait)
        func limit(_ turns: (Float) -> [HeadTurn]) -> Float {
            func isSound(_ angle: Float) -> Bool {
                turns(angle).map(renderer.areas).allSatisfy {
                    $0.lowerBound >= Self.leastArea && $0.upperBound <= Self.mostArea
                }
            }
            if isSound(Self.largest) { return Self.largest }
            var (low, high) = (Self.least, Self.largest)
            for _ in 0..<Self.steps {
                let middle = (low + high) / 2
                if isSound(middle) { low = middle } else { high = middle }
            }
            return low
        }
        right = limit { [HeadTurn(yawRadians: $0)] }
        left = limit { [HeadTurn(yawRadians: -$0)] }
        down = limit { [HeadTurn(pitchRadians: $0)] }
        up = limit { [HeadTurn(pitchRadians: -$0)] }
        tilt = limit { [HeadTurn(rollRadians: $0), HeadTurn(rollRadians: -$0)] }
    }

    /// The smaller of both limits in each direction.
    public func narrowed(to other: TurnLimits) -> TurnLimits {
        var result = self
        result.right = min(right, other.right)
        result.left = min(left, other.left)
        result.down = min(down, other.down)
        result.up = min(up, other.up)
        result.tilt = min(tilt, other.tilt)
        return result
    }

    /// The turn within the limits: small turns hardly change, large ones approach the limit. Turns about several axes
    /// at once share it.
    public func apply(_ turn: HeadTurn) -> HeadTurn {
        let (yaw, pitch, roll) = (
            turn.yawRadians / (turn.yawRadians > 0 ? right : left),
            turn.pitchRadians / (turn.pitchRadians > 0 ? down : up), turn.rollRadians / tilt
        )
        let length = (yaw * yaw + pitch * pitch + roll * roll).squareRoot()
        let share = power(1 + power(length, Self.sharpness), -1 / Self.sharpness)
        return HeadTurn(
            yawRadians: turn.yawRadians * share, pitchRadians: turn.pitchRadians * share,
            rollRadians: turn.rollRadians * share, drop: turn.drop)
    }
}
