import Face

/// Selected mesh points of a face over many frames, one row a frame, stored with 16 bits a coordinate so that hours fit
/// in memory.
///
/// Coordinates are stored in steps of 1/8 pixel for the largest pictures and finer steps for smaller ones, well below
/// the mesh network's own noise.
public struct LandmarkTrack: Sendable {
    /// The number of rows.
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

    /// Appends the points of one frame, taken from a mesh of 468 points in pixels.
    public mutating func append(_ mesh: [SIMD3<Float>]) {
        for index in points {
            for axis in 0..<3 {
                // A face that leaves the picture may have points beyond it; they are clamped.
                let steps = (mesh[index][axis] * stepsPerPixel).rounded()
                values.append(Int16(min(max(steps, -32_767), 32_767)))
            }
        }
        count += 1
    }

    /// The point in a slot of a row, in pixels.
    @inline(__always)
    package func point(_ row: Int, _ slot: Int) -> SIMD3<Float> {
        let at = row * rowLength + slot * 3
        return SIMD3(Float(values[at]), Float(values[at + 1]), Float(values[at + 2])) / stepsPerPixel
    }

    /// Smooths each run of consecutive frame numbers in time (`LandmarkSmoother`).
    ///
    /// - Parameter frameNumbers: Ascending, one for each row.
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
