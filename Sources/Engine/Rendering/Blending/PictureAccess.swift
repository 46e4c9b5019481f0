import Media

extension VideoFrame {
    /// One plane by its number: 0 luma, 1 blue chroma, 2 red chroma.
    @inline(__always)
    func plane(_ number: Int) -> Plane {
        switch number {
        case 0: luma
        case 1: blueChroma
        default: redChroma
        }
    }
}

/// The mean luma, blue and red chroma of small squares of a picture.
struct MeanColor {
    private var sum = SIMD3<Float>.zero
    private var count: Float = 0

    /// The mean of all squares added so far; zero when there is none.
    var value: SIMD3<Float> { sum / max(count, 1) }

    /// Adds a square around a point; places outside the picture repeat its border.
    ///
    /// - Parameters:
    ///   - point: In pixels.
    ///   - radius: Half the square's side in pixels.
    mutating func add(_ frame: VideoFrame, around point: SIMD2<Float>, radius: Float) {
        let (luma, blueChroma, redChroma) = (frame.luma, frame.blueChroma, frame.redChroma)
        let reach = max(Int(radius), 1)
        let step = max(reach / 4, 1)
        for dy in stride(from: -reach, through: reach, by: step) {
            for dx in stride(from: -reach, through: reach, by: step) {
                let x = min(max(Int(point.x) + dx, 0), frame.width - 1)
                let y = min(max(Int(point.y) + dy, 0), frame.height - 1)
                sum += SIMD3(
                    Float(luma.base[y * luma.stride + x]),
                    Float(blueChroma.base[(y / 2) * blueChroma.stride + x / 2]),
                    Float(redChroma.base[(y / 2) * redChroma.stride + x / 2]))
                count += 1
            }
        }
    }
}
