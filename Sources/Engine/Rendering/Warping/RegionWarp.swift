import CKernels
import Media

/// Moves the pixels of a region of a frame by a grid of motions, in place.
final class RegionWarp {
    /// A pixel whose motion is shorter than this, in pixels, is not resampled, so that it stays exactly as it was.
    /// Below what an 8-bit picture shows; unmeasured.
    private static let stillPixels: Float = 1 / 16

    private let copies = [Scratch<UInt8>(), Scratch<UInt8>(), Scratch<UInt8>()]

    /// Warps a region of a frame in place.
    ///
    /// - Parameters:
    ///   - nodes: For every node of `grid` the vector from the node to the place its content comes from, in face units.
    ///   - grid: Its first node lies on the region's first pixel.
    ///   - frame: Must be writable.
    ///   - unit: The length of one face unit in pixels.
    func apply(_ nodes: [SIMD2<Float>], _ grid: Grid, to frame: VideoFrame, _ region: PixelRegion, unit: Float) {
        for number in 0..<3 {
            warp(
                frame.plane(number), copy: copies[number], by: nodes, on: grid, over: region, unit: unit,
                isChroma: number > 0)
        }
    }

    private func warp(
        _ plane: Plane, copy: Scratch<UInt8>, by nodes: [SIMD2<Float>], on grid: Grid, over region: PixelRegion,
        unit: Float, isChroma: Bool
    ) {
        let shift = isChroma ? 1 : 0
        let (left, top) = (region.left >> shift, region.top >> shift)
        let (width, height) = (region.width >> shift, region.height >> shift)
        let source = copy.reserve(width * height)
        for y in 0..<height {
            (source + y * width).update(from: plane.base + (top + y) * plane.stride + left, count: width)
        }
        let readPlane = lipsmith_plane(
            base: UnsafePointer(source), width: Int32(width), height: Int32(height), stride: width)
        let scale = unit / Float(1 << shift)
        nodes.withUnsafeBytes { nodes in
            let motions = lipsmith_motion_grid(
                nodes: nodes.assumingMemoryBound(to: Float.self).baseAddress!, columns: Int32(grid.columns),
                rows: Int32(grid.rows), cell_pixels: grid.step * scale,
                offset_pixels: isChroma ? PixelRegion.chromaOffsetPixels : 0, scale: scale)
            lipsmith_warp_plane(
                readPlane, lipsmith_window(left: 0, top: 0, width: Int32(width), height: Int32(height)), motions,
                Self.stillPixels, isChroma ? 0 : 1, plane.base + top * plane.stride + left, plane.stride)
        }
    }
}
