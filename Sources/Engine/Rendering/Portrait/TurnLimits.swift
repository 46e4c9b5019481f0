import Face

/// How far the head of a still can be turned before its picture folds, found by turning it.
///
/// A still has no second side: what comes into view is stretched, what goes out of view is squeezed, and beyond some
/// angle folded. How far that is depends on the picture: a head near the frame's edge, beside straight lines or other
/// faces, or turned already, folds sooner.
public struct TurnLimits: Sendable {
    /// In radians, positive: the nose to the right and to the left of an upright picture.
    public private(set) var right: Float
    /// See `right`.
    public private(set) var left: Float
    /// The nod towards the chest and away from it.
    public private(set) var down: Float
    /// See `down`.
    public private(set) var up: Float
    /// The tilt to either side.
    public private(set) var tilt: Float

    /// No head is turned further, in radians.
    private static let largest: Float = 15 * .pi / 180
    /// What every still bears, in radians.
    private static let least: Float = 4 * .pi / 180
    /// The picture may be squeezed to this share of its area, since a cheek that turns away is narrow, and stretched to
    /// this many times it.
    private static let leastArea: Float = 0.1
    private static let mostArea: Float = 2.2
    private static let steps = 4
    /// How sharply motion is held back: with 4 a turn of half the limit is made by 98 %, one of the limit by 84 %.
    private static let sharpness: Float = 4

    /// Turns the head of a portrait both ways about each axis.
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

    /// What both stills bear.
    public func narrowed(to other: TurnLimits) -> TurnLimits {
        var result = self
        result.right = min(right, other.right)
        result.left = min(left, other.left)
        result.down = min(down, other.down)
        result.up = min(up, other.up)
        result.tilt = min(tilt, other.tilt)
        return result
    }

    /// A turn that the still bears: small ones as they are, large ones eased towards the limit; about several axes at
    /// once they share it.
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
