package import Media

/// Pictures and clips made at test time.
package enum TestPictures {
    /// All frames of a file.
    package static func frames(_ path: String) throws -> [VideoFrame] {
        let reader = try VideoReader(path)
        var frames: [VideoFrame] = []
        while let frame = try reader.next() { frames.append(frame) }
        return frames
    }

    /// The portrait after a chain of FFmpeg's filters, as one frame.
    package static func portrait(_ filters: String = "null") throws -> VideoFrame {
        let folder = try TemporaryFolder()
        let file = folder.path("picture.png")
        try Program.ffmpeg(["-i", Repository.portrait, "-vf", filters, file])
        guard let frame = try frames(file).first else { throw Program.Failed("no picture") }
        return frame
    }

    /// The three planes' samples without padding.
    package static func planes(_ frame: VideoFrame) -> [[UInt8]] {
        [frame.luma, frame.blueChroma, frame.redChroma].map { plane in
            (0..<plane.height).flatMap { y in
                Array(UnsafeMutableBufferPointer(start: plane.base + y * plane.stride, count: plane.width))
            }
        }
    }
}
