import Face
public import Media
import Records

/// Masks of the things that cover one speaker's mouth, frame by frame, with which they are restored after drawing.
public struct OccluderMasks: Sendable {
    /// For each row of the scene with a covered cell: how much of each cell is covered, 0…255.
    private var covers: [Int: [UInt8]]
    /// For each of these rows: the share of the new mouth that may be shown, 0…1.
    private var strengths: [Int: Float]
    /// Source frames in which part of the mouth is covered; their pictures must not be used as mouths.
    public let coveredFrames: Set<Int>

    /// Detections shorter than about this are dropped, and gaps shorter than this are filled, in seconds. Unmeasured.
    private static let flashSeconds = 0.07
    /// Where most of the mouth is covered, the new mouth fades out and in over this time on either side, in seconds.
    /// Unmeasured. Masks are softened by one frame only, since they must follow what moves.
    private static let fadeSeconds = 0.1
    /// The covered share of the mouth from which the new mouth fades out. Unmeasured.
    private static let coverStart: Float = 0.45
    /// The covered share of the mouth from which the new mouth is not shown. Unmeasured.
    private static let coverEnd: Float = 0.75

    /// Finds the things that cover a face (`OccluderFinder`).
    ///
    /// - Parameters:
    ///   - thumbnails: One for each row of the face's scene.
    ///   - frameNumbers: The rows' source frames, ascending.
    package init(_ thumbnails: [FaceThumbnail], frameNumbers: [Int], framesPerSecond: Double) {
        let found = OccluderFinder(thumbnails, frameNumbers: frameNumbers, framesPerSecond: framesPerSecond).find()
        let steady = Self.steady(
            found, count: thumbnails.count, reach: max(1, Int((Self.flashSeconds * framesPerSecond).rounded())))
        let fade = max(1, Int((Self.fadeSeconds * framesPerSecond).rounded()))
        var covers: [Int: [UInt8]] = [:]
        var strengths: [Int: Float] = [:]
        let mouth = Set(FaceThumbnailZones.mouth)
        let shares = steady.mapValues { Float($0.intersection(mouth).count) / Float(mouth.count) }
        let touched = Set(steady.keys.flatMap { max($0 - fade, 0)...min($0 + fade, thumbnails.count - 1) })
        for row in touched {
            let window = max(row - fade, 0)...min(row + fade, thumbnails.count - 1)
            var cover = [Float](repeating: 0, count: FaceThumbnail.cellCount)
            var weights: Float = 0
            var strength: Float = 0
            for other in window {
                let weight = Float(fade + 1 - abs(other - row))
                weights += weight
                strength += weight * smoothStep(Self.coverEnd, Self.coverStart, shares[other] ?? 0)
                if abs(other - row) == 1 { for cell in steady[other] ?? [] { cover[cell] += 0.25 } }
            }
            // In the row itself a covered cell counts fully, so that moving things are followed.
            for cell in steady[row] ?? [] { cover[cell] = 1 }
            covers[row] = FaceThumbnailZones.nearestFace.map { UInt8(cover[$0] * 255) }
            strengths[row] = strength / weights
        }
        self.covers = covers
        self.strengths = strengths
        coveredFrames = Set(
            steady.filter { !$0.value.isDisjoint(with: mouth) }.keys.map { frameNumbers[$0] })
    }

    /// Whether something covers part of the face in a row of the scene.
    public func covers(row: Int) -> Bool { covers[row] != nil }

    /// The masks of some rows, which count from 0 in the given order.
    package func selecting(_ rows: [Int]) -> OccluderMasks {
        var selected = self
        selected.covers = [:]
        selected.strengths = [:]
        for (place, row) in rows.enumerated() {
            selected.covers[place] = covers[row]
            selected.strengths[place] = strengths[row]
        }
        return selected
    }

    /// The share of the new mouth that may be shown in a row, 0…1.
    public func strength(row: Int) -> Float { strengths[row] ?? 1 }

    /// The covered share of the mouth in a row, 0…1.
    package func mouthShare(row: Int) -> Float {
        guard let cover = covers[row] else { return 0 }
        return FaceThumbnailZones.mouth.reduce(0) { $0 + Float(cover[$1]) / 255 }
            / Float(FaceThumbnailZones.mouth.count)
    }

    /// Restores the pixels of what covers the mouth in a drawn frame.
    ///
    /// - Parameters:
    ///   - original: The frame as it was before the mouth was drawn.
    ///   - frame: The drawn frame: writable, of equal size.
    public func restore(_ original: VideoFrame, into frame: VideoFrame, scene: SpeakerScene, row: Int) {
        guard let cover = covers[row] else { return }
        let pose = scene.poses[row]
        let origin = pose.picture(FaceThumbnail.corner)
        let across = pose.picture(FaceThumbnail.corner + SIMD3(FaceThumbnail.cell, 0, 0)) - origin
        let down = pose.picture(FaceThumbnail.corner + SIMD3(0, FaceThumbnail.cell, 0)) - origin
        let determinant = across.x * down.y - across.y * down.x
        guard abs(determinant) > 1e-6 else { return }
        // The whole region that drawing may change lies within this distance of the mouth.
        let middle = origin + across * Float(FaceThumbnail.columns) / 2 + down * Float(FaceThumbnail.rows) / 2
        let reach = SIMD2<Float>(repeating: 2 * pose.unitPixels)
        let region = PixelRegion(
            from: middle - reach, to: middle + reach, pictureWidth: frame.width, pictureHeight: frame.height)
        guard !region.isEmpty else { return }
        let planes = [
            (frame.luma, original.luma, 0), (frame.blueChroma, original.blueChroma, 1),
            (frame.redChroma, original.redChroma, 1),
        ]
        for (plane, source, shift) in planes {
            for y in region.top >> shift..<(region.top + region.height) >> shift {
                let line = plane.base + y * plane.stride
                let kept = source.base + y * source.stride
                for x in region.left >> shift..<(region.left + region.width) >> shift where line[x] != kept[x] {
                    let offset = SIMD2(Float(x << shift), Float(y << shift)) - origin
                    let column = (offset.x * down.y - offset.y * down.x) / determinant
                    let row = (offset.y * across.x - offset.x * across.y) / determinant
                    let share = smoothStep(0.25, 0.65, Self.value(cover, column - 0.5, row - 0.5))
                    let value = Float(line[x]) + (Float(kept[x]) - Float(line[x])) * share
                    line[x] = UInt8(min(max(value + 0.5, 0), 255))
                }
            }
        }
    }

    /// A cover interpolated between the middles of its cells, 0…1; the border is repeated outside.
    private static func value(_ cover: [UInt8], _ column: Float, _ row: Float) -> Float {
        let x = min(max(column, 0), Float(FaceThumbnail.columns) - 1.001)
        let y = min(max(row, 0), Float(FaceThumbnail.rows) - 1.001)
        let (left, top) = (Int(x), Int(y))
        let (across, down) = (x - Float(left), y - Float(top))
        let at = top * FaceThumbnail.columns + left
        let upper = Float(cover[at]) + (Float(cover[at + 1]) - Float(cover[at])) * across
        let below = at + FaceThumbnail.columns
        let lower = Float(cover[below]) + (Float(cover[below + 1]) - Float(cover[below])) * across
        return (upper + (lower - upper) * down) / 255
    }

    /// Drops detections that are too short and fills gaps in time.
    private static func steady(_ found: [Int: Set<Int>], count: Int, reach: Int) -> [Int: Set<Int>] {
        guard !found.isEmpty else { return [:] }
        // A frame counts when more than half of the frames around it, itself included, have a detection.
        let rows = Set(found.keys.flatMap { max($0 - reach, 0)...min($0 + reach, count - 1) })
        var result: [Int: Set<Int>] = [:]
        for row in rows {
            let window = max(row - reach, 0)...min(row + reach, count - 1)
            let hits = window.compactMap { found[$0] }
            guard hits.count * 2 > window.count else { continue }
            result[row] = found[row] ?? hits.dropFirst().reduce(hits[0]) { $0.intersection($1) }
        }
        return result
    }
}

extension OccluderMasks: Codable {
    private enum CodingKeys: CodingKey { case rows, covers, strengths, coveredFrames }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let rows = try members.decodePacked(Int.self, forKey: .rows)
        let cells = try members.decodePacked(UInt8.self, forKey: .covers)
        let shares = try members.decodePacked(Float.self, forKey: .strengths)
        coveredFrames = Set(try members.decodePacked(Int.self, forKey: .coveredFrames))
        guard cells.count == rows.count * FaceThumbnail.cellCount, shares.count == rows.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .covers, in: members, debugDescription: "masks of \(rows.count) rows")
        }
        covers = [:]
        strengths = [:]
        for (place, row) in rows.enumerated() {
            covers[row] = Array(cells[place * FaceThumbnail.cellCount..<(place + 1) * FaceThumbnail.cellCount])
            strengths[row] = shares[place]
        }
    }

    public func encode(to encoder: any Encoder) throws {
        let rows = covers.keys.sorted()
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodePacked(rows, forKey: .rows)
        try members.encodePacked(rows.flatMap { covers[$0] ?? [] }, forKey: .covers)
        try members.encodePacked(rows.map { strength(row: $0) }, forKey: .strengths)
        try members.encodePacked(coveredFrames.sorted(), forKey: .coveredFrames)
    }
}
