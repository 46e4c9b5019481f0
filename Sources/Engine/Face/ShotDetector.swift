package import Media
import Records

/// Detects the first frame of a new shot: the frame's luma thumbnail differs much from that of the frame before.
package struct ShotDetector: Equatable, Sendable {
    /// Cells of the thumbnail: 16 to 9, coarse enough that motion within a shot changes few cells. Unmeasured.
    private static let columns = 32
    private static let rows = 18
    /// Mean absolute difference of thumbnails, of 255. Fast pans of the development clips stay below 15; cuts between
    /// different pictures begin at about 25.
    private static let cutDifference: Float = 22

    private var previous: [Float] = []

    package init() {}

    /// Whether the frame begins a new shot; true for the first frame. Frames are given in order.
    package mutating func isFirstOfShot(_ frame: VideoFrame) -> Bool {
        let current = Self.thumbnail(frame.luma)
        defer { previous = current }
        guard !previous.isEmpty else { return true }
        var sum: Float = 0
        for index in current.indices { sum += abs(current[index] - previous[index]) }
        return sum / Float(current.count) > Self.cutDifference
    }

    private static func thumbnail(_ plane: Plane) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(columns * rows)
        for row in 0..<rows {
            let yRange = (row * plane.height / rows)..<((row + 1) * plane.height / rows)
            for column in 0..<columns {
                let xRange = (column * plane.width / columns)..<((column + 1) * plane.width / columns)
                values.append(plane.mean(xRange, yRange, step: 4))
            }
        }
        return values
    }
}

extension ShotDetector: Codable {
    private enum CodingKeys: CodingKey { case previous }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        previous = try members.decodePacked(Float.self, forKey: .previous)
        guard previous.isEmpty || previous.count == Self.columns * Self.rows else {
            throw DecodingError.dataCorruptedError(
                forKey: .previous, in: members, debugDescription: "a thumbnail of \(previous.count) cells")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodePacked(previous, forKey: .previous)
    }
}
