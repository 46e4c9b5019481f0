import CKernels
import Face
import Media

/// Reads the patch of a face out of frames.
///
/// Allocates nothing once its memory has grown.
struct PatchReader {
    let mesh: PatchMesh
    /// 1 for the pixels of the patch that the mesh covers, 0 for the others.
    let cover: [Float]

    /// The patch of the last frame in grey levels (0 black … 255 white, whatever the frame's range); 0 outside the mesh.
    private(set) var values = [Float](repeating: 0, count: FacePatch.count)
    /// How well each pixel was seen in the last frame: 1 from the front, 0 turned away or outside the frame.
    private(set) var visibility = [Float](repeating: 0, count: FacePatch.count)
    /// Picture pixels a patch pixel in the last frame, the mean over the mesh.
    private(set) var scale: Float = 0

    /// Where each patch pixel lies in the plane that is sampled.
    private var x = [Float](repeating: 0, count: FacePatch.count)
    private var y = [Float](repeating: 0, count: FacePatch.count)
    /// For each triangle how its area compares with the mesh's mean; negative where it is turned over.
    private var ratios: [Float]
    private var shrunk: [UInt8] = []

    /// Triangles of less than the lower share of the mean area count nothing, those of more than the upper one fully
    /// (Lipsmith's watermark study).
    private static let visibleShares: ClosedRange<Float> = 0.2...0.5
    /// Faces whose patch pixels are smaller than this, in picture pixels, hold no mark. Unmeasured.
    private static let leastScale: Float = 0.2
    /// Places further than this from the picture's corner, in pixels, are no places of a face.
    private static let farthest: Float = 1e5

    init(meshPoints: [Int]) {
        mesh = PatchMesh(meshPoints: meshPoints)
        var cover = [Float](repeating: 0, count: FacePatch.count)
        for run in mesh.runs { for column in run.columns { cover[run.row * FacePatch.columns + column] = 1 } }
        self.cover = cover
        ratios = [Float](repeating: 0, count: mesh.triangles.count)
    }

    /// Reads the patch.
    ///
    /// - Parameter points: The mesh's points in pixels of the frame.
    /// - Returns: Whether there is one: `false` where the points are no face that can be read.
    mutating func read(_ frame: VideoFrame, points: [SIMD2<Float>]) -> Bool {
        guard points.count == mesh.places.count, measure(points) else { return false }
        // Pixels are averaged first, so that a patch pixel is the mean of what it covers.
        let factor = max(1, Int(scale.rounded()))
        let plane = frame.luma
        guard let window = window(of: points, in: plane, factor: factor) else { return false }
        locate(points, in: plane)
        if factor == 1 {
            sample(plane.kernelPlane)
        } else {
            let count = Int(window.width) * Int(window.height)
            if shrunk.count < count { shrunk = [UInt8](repeating: 0, count: count) }
            lipsmith_shrink_plane(plane.kernelPlane, window, Int32(factor), &shrunk)
            let middle = Float(factor - 1) / 2
            let (left, top, share) = (Float(window.left) + middle, Float(window.top) + middle, 1 / Float(factor))
            for index in 0..<FacePatch.count {
                x[index] = (x[index] - left) * share
                y[index] = (y[index] - top) * share
            }
            shrunk.withUnsafeBufferPointer { bytes in
                sample(
                    lipsmith_plane(
                        base: bytes.baseAddress!, width: window.width, height: window.height,
                        stride: Int(window.width)))
            }
        }
        let (black, gain): (Float, Float) = frame.isFullRange ? (0, 1) : (16, 255 / 219)
        for index in 0..<FacePatch.count { values[index] = (values[index] - black) * gain * cover[index] }
        return true
    }

    /// Computes `scale` and `ratios`.
    private mutating func measure(_ points: [SIMD2<Float>]) -> Bool {
        var low = SIMD2<Float>(repeating: .infinity)
        var high = -low
        for point in points {
            guard abs(point.x) < Self.farthest, abs(point.y) < Self.farthest else { return false }
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        var seen: Float = 0
        var whole: Float = 0
        for (number, triangle) in mesh.triangles.enumerated() {
            let area = PatchMesh.doubleArea(points[triangle.x], points[triangle.y], points[triangle.z])
            let own = PatchMesh.doubleArea(
                mesh.places[triangle.x], mesh.places[triangle.y], mesh.places[triangle.z])
            ratios[number] = area / own
            seen += abs(area)
            whole += own
        }
        let mean = seen / whole
        guard mean > Self.leastScale * Self.leastScale else { return false }
        scale = mean.squareRoot()
        for number in ratios.indices { ratios[number] /= mean }
        return true
    }

    /// The squares of `factor` pixels around the mesh that lie inside the plane; `nil` where there are none.
    private func window(of points: [SIMD2<Float>], in plane: Plane, factor: Int) -> lipsmith_window? {
        var low = SIMD2<Float>(repeating: .infinity)
        var high = -low
        for triangle in mesh.triangles {
            for corner in 0..<3 {
                low = pointwiseMin(low, points[triangle[corner]])
                high = pointwiseMax(high, points[triangle[corner]])
            }
        }
        let left = max(Int(low.x) - factor, 0) / factor
        let top = max(Int(low.y) - factor, 0) / factor
        let right = min(Int(high.x) / factor + 2, plane.width / factor)
        let bottom = min(Int(high.y) / factor + 2, plane.height / factor)
        guard right - left >= 2, bottom - top >= 2 else { return nil }
        return lipsmith_window(
            left: Int32(left * factor), top: Int32(top * factor), width: Int32(right - left),
            height: Int32(bottom - top))
    }

    /// Computes where the patch's pixels lie in the plane and how well they are seen.
    private mutating func locate(_ points: [SIMD2<Float>], in plane: Plane) {
        let (right, bottom) = (Float(plane.width - 1), Float(plane.height - 1))
        for run in mesh.runs {
            let triangle = mesh.triangles[run.triangle]
            let origin = mesh.places[triangle.x]
            let (b, c) = (mesh.places[triangle.y] - origin, mesh.places[triangle.z] - origin)
            let (pb, pc) = (points[triangle.y] - points[triangle.x], points[triangle.z] - points[triangle.x])
            let area = b.x * c.y - b.y * c.x
            let across = (pb * c.y - pc * b.y) / area
            let down = (pc * b.x - pb * c.x) / area
            let start = points[triangle.x] - across * origin.x + down * (Float(run.row) - origin.y)
            let shares = Self.visibleShares
            let seen = (ratios[run.triangle] - shares.lowerBound) / (shares.upperBound - shares.lowerBound)
            let isSeen = min(max(seen, 0), 1)
            for column in run.columns {
                let index = run.row * FacePatch.columns + column
                let place = start + across * Float(column)
                x[index] = place.x
                y[index] = place.y
                let isInside = place.x > 0 && place.y > 0 && place.x < right && place.y < bottom
                visibility[index] = isInside ? isSeen : 0
            }
        }
    }

    private mutating func sample(_ plane: lipsmith_plane) {
        lipsmith_sample_bilinear(plane, x, y, Int32(FacePatch.count), &values)
    }
}
