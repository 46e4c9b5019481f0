import Face
package import Media
import Records

/// A small picture of the face between nose and chin, stabilised by the face's pose: the same cell shows the same skin
/// in every frame, wherever the head is.
///
/// Cells lie in a plane of canonical space through the mouth, so that the map between cells and pixels is affine; the
/// error of the plane for turned heads is small compared with a cell.
package struct FaceThumbnail: Sendable {
    /// Cells in a row: with `cell`, 1.32 canonical units, wider than the face at the mouth.
    package static let columns = 22
    /// Rows: 0.96 canonical units, from the nose to below the chin.
    package static let rows = 16
    package static let cellCount = columns * rows
    /// The side of a cell in canonical units: about a fifth of a shut mouth's width. Unmeasured trade of detail against
    /// noise and time.
    static let cell: Float = 0.06

    /// The upper left corner of the first cell in canonical space; its z is the depth of the plane.
    static let corner: SIMD3<Float> = {
        let lips = (MeanFace.points[Landmarks.upperLipMiddle] + MeanFace.points[Landmarks.lowerLipMiddle]) / 2
        let chin = MeanFace.points[Landmarks.chin]
        return SIMD3(lips.x - cell * Float(columns) / 2, chin.y + 0.06 - cell * Float(rows), lips.z)
    }()

    /// Luma of all cells row by row, then blue, then red chroma; 0…255.
    package var values: [UInt8]

    /// Reads the face of one frame.
    ///
    /// - Parameter landmarks: The 468 points in pixels.
    package init(_ frame: VideoFrame, landmarks: [SIMD3<Float>]) {
        let pose = FacePose(of: landmarks)
        values = [UInt8](repeating: 0, count: 3 * Self.cellCount)
        let origin = pose.picture(Self.corner)
        let across = pose.picture(Self.corner + SIMD3(Self.cell, 0, 0)) - origin
        let down = pose.picture(Self.corner + SIMD3(0, Self.cell, 0)) - origin
        // Samples about two pixels apart, at most 6 × 6 in a cell, are enough for a mean.
        let steps = min(max(Int((across * across).sum().squareRoot() / 2), 1), 6)
        let share = 1 / Float(steps)
        for (plane, number, shift) in [(frame.luma, 0, 0), (frame.blueChroma, 1, 1), (frame.redChroma, 2, 1)] {
            for row in 0..<Self.rows {
                for column in 0..<Self.columns {
                    var sum = 0
                    for j in 0..<steps {
                        for i in 0..<steps {
                            let place =
                                origin + across * (Float(column) + (Float(i) + 0.5) * share)
                                + down * (Float(row) + (Float(j) + 0.5) * share)
                            let x = min(max(Int(place.x) >> shift, 0), plane.width - 1)
                            let y = min(max(Int(place.y) >> shift, 0), plane.height - 1)
                            sum += Int(plane.base[y * plane.stride + x])
                        }
                    }
                    values[number * Self.cellCount + row * Self.columns + column] = UInt8(sum / (steps * steps))
                }
            }
        }
    }
}

extension FaceThumbnail: Codable {
    private enum CodingKeys: CodingKey { case values }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        values = try members.decodePacked(UInt8.self, forKey: .values)
        guard values.count == 3 * Self.cellCount else {
            throw DecodingError.dataCorruptedError(
                forKey: .values, in: members, debugDescription: "a thumbnail of \(values.count) values")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodePacked(values, forKey: .values)
    }
}
