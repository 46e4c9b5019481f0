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
        // The way to the source is linear in the place, so that four nodes say it all.
        let cell = Float(max(frame.width, frame.height))
        func way(_ place: SIMD2<Float>) -> SIMD2<Float> { from + (place - to) / zoom - place }
        let nodes = [SIMD2(0, 0), SIMD2(cell, 0), SIMD2(0, cell), SIMD2(cell, cell)].map(way)
        return try frame.warped(by: nodes, columns: 2, rows: 2, cellPixels: cell)
    }
}

extension VideoFrame {
    /// The frame with its pixels moved by a grid of motions; what comes from outside repeats its border.
    ///
    /// - Parameter nodes: The way in pixels from each node to where its content comes from, row by row; the first node
    ///   lies on the first pixel.
    func warped(by nodes: [SIMD2<Float>], columns: Int, rows: Int, cellPixels: Float) throws -> VideoFrame {
        let target = try VideoFrame(width: width, height: height, isFullRange: isFullRange, matrix: matrix)
        for number in 0..<3 {
            let scale: Float = number == 0 ? 1 : 0.5
            nodes.withUnsafeBytes { bytes in
                let grid = lipsmith_motion_grid(
                    nodes: bytes.assumingMemoryBound(to: Float.self).baseAddress!, columns: Int32(columns),
                    rows: Int32(rows), cell_pixels: cellPixels * scale,
                    offset_pixels: number == 0 ? 0 : PixelRegion.chromaOffsetPixels, scale: scale)
                let plane = target.plane(number)
                let window = lipsmith_window(left: 0, top: 0, width: Int32(plane.width), height: Int32(plane.height))
                lipsmith_warp_plane(
                    self.plane(number).kernelPlane, window, grid, -1, number == 0 ? 1 : 0, plane.base, plane.stride)
            }
        }
        return target
    }

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
