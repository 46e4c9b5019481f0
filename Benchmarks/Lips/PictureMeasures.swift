import Face
import LipSync
import Media

/// Looks at the pixels of drawn mouths and of the clip's own, frame by frame.
struct PictureMeasures {
    /// Ratios are of the output to the clip's own.
    struct Result {
        /// The variance of the luma's Laplacian inside the lips.
        var sharpness = Double.nan
        /// The mean absolute second difference in time of the mouth with the head's pose taken out.
        var flicker = Double.nan
        /// The 95th percentile of it: single frames that jump.
        var jumps = Double.nan
        /// The most samples of one frame that changed outside the drawn region.
        var changedOutside = 0
        /// The gradient across the ring in which old and new are mixed.
        var seam = Double.nan
    }

    private static let columns = 96
    private static let rows = 64
    /// The half-width of the crop whose motion is measured, in distances of the outer eye corners.
    private static let halfWidth: Float = 0.40
    private var sharpness: [(own: Double, drawn: Double)] = []
    private var flicker: [(own: Double, drawn: Double)] = []
    private var seam: [(own: Double, drawn: Double)] = []
    private var changedOutside = 0
    private var past: [(own: [Float], drawn: [Float])] = []

    /// Forgets the frames before: the face was lost.
    mutating func interrupt() { past = [] }

    /// Takes in a frame before and after drawing.
    ///
    /// - Parameters:
    ///   - pose: Of the face, in both.
    ///   - own: The 468 points before drawing, in pixels.
    ///   - drawn: Likewise after it.
    mutating func add(
        _ before: VideoFrame, _ after: VideoFrame, pose: FacePose, own: [SIMD3<Float>], drawn: [SIMD3<Float>]
    ) {
        let (ownLips, drawnLips) = (Self.outline(own), Self.outline(drawn))
        sharpness.append(
            (MouthPixels.detail(before.luma, inside: ownLips), MouthPixels.detail(after.luma, inside: drawnLips)))
        seam.append(
            (
                MouthPixels.gradient(before.luma, around: drawnLips, unit: pose.unitPixels),
                MouthPixels.gradient(after.luma, around: drawnLips, unit: pose.unitPixels)
            ))
        changedOutside = max(changedOutside, Self.changes(from: before, to: after, pose: pose, own: own))
        past.append((Self.crop(before, pose), Self.crop(after, pose)))
        if past.count > 3 { past.removeFirst() }
        guard past.count == 3 else { return }
        flicker.append(
            (Self.secondDifference(past.map(\.own)), Self.secondDifference(past.map(\.drawn))))
    }

    var result: Result {
        func ratio(_ values: [(own: Double, drawn: Double)], _ summary: ([Double]) -> Double) -> Double {
            summary(values.map(\.drawn)) / max(summary(values.map(\.own)), 1e-9)
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
        func high(_ values: [Double]) -> Double { Double(percentile(values.map(Float.init), 0.95)) }
        return Result(
            sharpness: ratio(sharpness, median), flicker: ratio(flicker, mean), jumps: ratio(flicker, high),
            changedOutside: changedOutside, seam: ratio(seam, median))
    }

    private static func outline(_ points: [SIMD3<Float>]) -> [SIMD2<Float>] {
        Landmarks.outerLips.map { SIMD2(points[$0].x, points[$0].y) }
    }

    /// Samples of all planes that differ where nothing may be drawn.
    private static func changes(
        from before: VideoFrame, to after: VideoFrame, pose: FacePose, own: [SIMD3<Float>]
    ) -> Int {
        let lips = Landmarks.lips.map { SIMD2(own[$0].x, own[$0].y) }
        let unit = pose.unitPixels
        let center = lips.reduce(.zero, +) / Float(lips.count) + SIMD2(0, MouthPixels.drawnDrop * unit)
        return MouthPixels.changes(from: before, to: after, center: center, radius: MouthPixels.drawnRadius * unit)
    }

    /// The mouth's luma with the head's pose taken out.
    private static func crop(_ frame: VideoFrame, _ pose: FacePose) -> [Float] {
        let lips = (MeanFace.points[Landmarks.upperLipMiddle] + MeanFace.points[Landmarks.lowerLipMiddle]) / 2
        let size = 2 * halfWidth / Float(columns)
        let corner = lips - SIMD3(halfWidth, Float(rows) / 2 * size, 0)
        let origin = pose.picture(corner)
        let across = pose.picture(corner + SIMD3(size, 0, 0)) - origin
        let down = pose.picture(corner + SIMD3(0, size, 0)) - origin
        return (0..<rows * columns).map {
            MouthPixels.read(frame.luma, origin + across * Float($0 % columns) + down * Float($0 / columns))
        }
    }

    private static func secondDifference(_ crops: [[Float]]) -> Double {
        var sum = 0.0
        for index in crops[0].indices { sum += Double(abs(crops[0][index] - 2 * crops[1][index] + crops[2][index])) }
        return sum / Double(crops[0].count)
    }
}
