import CKernels
import Face
public import Media

/// A zoom of a frame about a point, combined with a shift.
public struct FrameTransform: Hashable, Sendable {
    /// A point of the source frame, in pixels.
    public var from: SIMD2<Float>
    /// The place of that point after the transform, in pixels.
    public var to: SIMD2<Float>
    /// The factor by which the picture becomes larger; over 0.
    public var zoom: Float

    /// The default changes nothing.
    public init(from: SIMD2<Float> = .zero, to: SIMD2<Float> = .zero, zoom: Float = 1) {
        self.from = from
        self.to = to
        self.zoom = zoom
    }

    /// Where a place of the source frame is shown, in pixels.
    package func place(_ point: SIMD2<Float>) -> SIMD2<Float> { to + (point - from) * zoom }

    /// The transformed frame, of the same size; places outside the source repeat its border.
    ///
    /// - Throws: `MediaError` when there is no memory for a picture.
    public func apply(_ frame: VideoFrame) throws -> VideoFrame {
        guard zoom != 1 || from != to else { return frame }
        // The motion is linear in the place, so four nodes describe it exactly.
        let cell = Float(max(frame.width, frame.height))
        func way(_ place: SIMD2<Float>) -> SIMD2<Float> { from + (place - to) / zoom - place }
        let nodes = [SIMD2(0, 0), SIMD2(cell, 0), SIMD2(0, cell), SIMD2(cell, cell)].map(way)
        return try frame.warped(by: nodes, columns: 2, rows: 2, cellPixels: cell)
    }
}

extension VideoFrame {
    /// The frame warped by a grid of motions; places outside the source repeat its border.
    ///
    /// - Parameters:
    ///   - nodes: For each node, row by row, the vector in pixels from the node to the place its content comes from;
    ///     the first node lies on the first pixel.
    ///   - cellPixels: The distance of neighbouring nodes.
    /// - Throws: `MediaError` when there is no memory for a picture.
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

    /// Blends another frame of the same size into this one, which must be writable.
    ///
    /// - Parameter share: The other frame's share, 0…1.
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
