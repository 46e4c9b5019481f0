package import Media

extension TestPictures {
    /// A frame turned clockwise by right angles, sample by sample.
    package static func turned(_ frame: VideoFrame, quarters: Int) throws -> VideoFrame {
        var result = try frame.copy()
        for _ in 0..<quarters {
            let source = result
            result = try VideoFrame(
                width: source.height, height: source.width, isFullRange: source.isFullRange, matrix: source.matrix)
            for (from, to) in [
                (source.luma, result.luma), (source.blueChroma, result.blueChroma),
                (source.redChroma, result.redChroma),
            ] {
                for y in 0..<to.height {
                    for x in 0..<to.width {
                        to.base[y * to.stride + x] = from.base[(from.height - 1 - x) * from.stride + y]
                    }
                }
            }
        }
        return result
    }

    /// Points in pixels of a picture of the given height, turned with it clockwise by right angles.
    package static func turned(
        _ points: [SIMD3<Float>], width: Int, height: Int, quarters: Int
    ) -> [SIMD3<Float>] {
        var (points, width, height) = (points, width, height)
        for _ in 0..<quarters {
            points = points.map { SIMD3(Float(height - 1) - $0.y, $0.x, $0.z) }
            (width, height) = (height, width)
        }
        return points
    }
}
