import Face
import Records

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

    /// Appends the rows of another track of the same points in pictures of the same size.
    package mutating func append(_ other: LandmarkTrack) {
        precondition(other.points == points && other.stepsPerPixel == stepsPerPixel, "tracks of two kinds")
        values += other.values
        count += other.count
    }

    /// Some of the rows, in the given order.
    package func selecting(_ rows: [Int]) -> LandmarkTrack {
        var selected = self
        selected.values = rows.flatMap { values[$0 * rowLength..<($0 + 1) * rowLength] }
        selected.count = rows.count
        return selected
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

extension LandmarkTrack: Codable {
    private enum CodingKeys: CodingKey { case values, stepsPerPixel, points }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        values = try members.decodePacked(Int16.self, forKey: .values)
        stepsPerPixel = try members.decode(Float.self, forKey: .stepsPerPixel)
        points = try members.decodePacked(Int.self, forKey: .points)
        count = points.isEmpty ? 0 : values.count / (3 * points.count)
        guard count * 3 * points.count == values.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .values, in: members, debugDescription: "rows of different lengths")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodePacked(values, forKey: .values)
        try members.encode(stepsPerPixel, forKey: .stepsPerPixel)
        try members.encodePacked(points, forKey: .points)
    }
}
