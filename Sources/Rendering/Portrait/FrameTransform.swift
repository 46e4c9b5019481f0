import CKernels
import Media

/// A frame enlarged or shrunk about a point and moved.
public struct FrameTransform: Hashable, Sendable {
    /// A point of the frame, in pixels.
    public var from: SIMD2<Float>
    /// Where it goes, in pixels.
    public var to: SIMD2<Float>
    /// How much larger everything becomes.
    public var zoom: Float

    /// Makes a transform; the default changes nothing.
    public init(from: SIMD2<Float> = .zero, to: SIMD2<Float> = .zero, zoom: Float = 1) {
        self.from = from
        self.to = to
        self.zoom = zoom
    }

    /// The frame as it is seen after the transform; what comes from outside repeats its border.
    ///
    /// - Throws: `MediaError` when there is no memory for a picture.
    public func apply(_ frame: VideoFrame) throws -> VideoFrame {
        guard zoom != 1 || from != to else { return frame }
        let target = try VideoFrame(
            width: frame.width, height: frame.height, isFullRange: frame.isFullRange, matrix: frame.matrix)
        // The way to the source is linear in the place, so that four nodes say it all.
        let cell = Float(max(frame.width, frame.height))
        func way(_ place: SIMD2<Float>) -> SIMD2<Float> { from + (place - to) / zoom - place }
        let nodes = [SIMD2(0, 0), SIMD2(cell, 0), SIMD2(0, cell), SIMD2(cell, cell)].map(way)
        for number in 0..<3 {
            let scale: Float = number == 0 ? 1 : 0.5
            nodes.withUnsafeBytes { bytes in
                let grid = lipsmith_motion_grid(
                    nodes: bytes.assumingMemoryBound(to: Float.self).baseAddress!, columns: 2, rows: 2,
                    cell_pixels: cell * scale, offset_pixels: number == 0 ? 0 : PixelRegion.chromaOffsetPixels,
                    scale: scale)
                let plane = target.plane(number)
                let window = lipsmith_window(left: 0, top: 0, width: Int32(plane.width), height: Int32(plane.height))
                lipsmith_warp_plane(
                    frame.plane(number).kernelPlane, window, grid, -1, number == 0 ? 1 : 0, plane.base, plane.stride)
            }
        }
        return target
    }
}

extension VideoFrame {
    /// Lays another frame of the same size over this one, which must be writable.
    ///
    /// - Parameter share: 0 leaves this frame, 1 shows the other.
    public func dissolve(into other: VideoFrame, share: Float) {
        let mask = [UInt8](repeating: UInt8(min(max(share * 255, 0), 255).rounded()), count: width)
        for number in 0..<3 {
            let (mine, theirs) = (plane(number), other.plane(number))
            for row in 0..<mine.height {
                lipsmith_lay_over(
                    mine.base + row * mine.stride, theirs.base + row * theirs.stride, mask, Int32(mine.width))
            }
        }
    }
}
