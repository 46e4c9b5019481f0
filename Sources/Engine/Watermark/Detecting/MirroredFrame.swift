import Media

extension VideoFrame {
    /// The frame with left and right exchanged.
    ///
    /// - Throws: `MediaError` when there is no memory for a picture.
    func mirrored() throws -> VideoFrame {
        let result = try VideoFrame(width: width, height: height, isFullRange: isFullRange, matrix: matrix)
        result.index = index
        for (source, target) in [
            (luma, result.luma), (blueChroma, result.blueChroma), (redChroma, result.redChroma),
        ] {
            for row in 0..<source.height {
                let (from, to) = (source.base + row * source.stride, target.base + row * target.stride)
                for column in 0..<source.width { to[column] = from[source.width - 1 - column] }
            }
        }
        return result
    }
}
