import Face

/// The kept points of a face over many frames, small enough for hours: 16 bits a coordinate.
///
/// Coordinates are stored in steps of 1/8 pixel for the largest pictures and finer ones for smaller, which is well under
/// the mesh network's own noise.
public struct LandmarkTrack: Sendable {
    /// The number of frames.
    public private(set) var count = 0
    private var values: [Int16] = []
    private let stepsPerPixel: Float
    private let points: [Int]
    private var rowLength: Int { points.count * 3 }

    /// - Parameters:
    ///   - pictureSide: The longer side of the picture in pixels.
    ///   - points: The mesh points that are kept, in the order of their slots.
    public init(pictureSide: Int, points: [Int] = SpeakerPoints.meshPoints) {
        stepsPerPixel = 32_000 / Float(max(pictureSide, 64))
        self.points = points
    }

    /// Adds the points of one frame out of a whole mesh in pixels.
    public mutating func append(_ mesh: [SIMD3<Float>]) {
        for index in points {
            for axis in 0..<3 {
                // A face that leaves the picture may have points beyond it; they are held at the limit.
                let steps = (mesh[index][axis] * stepsPerPixel).rounded()
                values.append(Int16(min(max(steps, -32_767), 32_767)))
            }
        }
        count += 1
    }

    /// A kept point in pixels.
    @inline(__always)
    package func point(_ row: Int, _ slot: Int) -> SIMD3<Float> {
        let at = row * rowLength + slot * 3
        return SIMD3(Float(values[at]), Float(values[at + 1]), Float(values[at + 2])) / stepsPerPixel
    }

    /// Smooths each run of consecutive frame numbers in time, one coordinate after the other.
    package mutating func smooth(frameNumbers: [Int], framesPerSecond: Double) {
        var start = 0
        while start < count {
            var end = start + 1
            while end < count, frameNumbers[end] == frameNumbers[end - 1] + 1 { end += 1 }
            for column in 0..<rowLength {
                var line = (start..<end).map { Float(values[$0 * rowLength + column]) }
                LandmarkSmoother.smooth(&line, rowLength: 1, framesPerSecond: framesPerSecond)
                for (offset, value) in line.enumerated() {
                    values[(start + offset) * rowLength + column] = Int16(
                        min(max(value.rounded(), -32_767), 32_767))
                }
            }
            start = end
        }
    }
}
