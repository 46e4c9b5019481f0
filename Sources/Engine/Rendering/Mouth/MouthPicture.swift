import Face
import Media

/// A picture of the speaker's own mouth, cut out of a source frame.
package struct MouthPicture: Sendable {
    /// The source frame it was cut from.
    package var frameNumber: Int
    /// The left edge of the cut in luma pixels of the frame; even, as all four.
    var left: Int
    /// The upper edge of the cut in luma pixels of the frame.
    var top: Int
    /// In luma pixels.
    var width: Int
    /// In luma pixels.
    var height: Int
    /// Luma, then the two chroma planes at half size, without gaps between lines.
    package var pixels: [UInt8]
    /// Standard deviation of the luma's Laplacian at a fixed size of the mouth; larger is sharper.
    var sharpness: Float
    /// Luma samples for comparison with other pictures.
    let look: MouthLook
    /// The lower face, to detect whether something covers the mouth.
    let thumbnail: FaceThumbnail

    /// Cuts the mouth of a face out of a frame, with 0.36 eye distances of skin around the outer lips: more than the
    /// patch (`MouthPatch`, 0.16) needs when it is warped.
    init(_ frame: VideoFrame, number: Int, landmarks: [SIMD3<Float>], thumbnail: FaceThumbnail) {
        let eyes = landmarks[Landmarks.leftEyeOuter] - landmarks[Landmarks.rightEyeOuter]
        let unit = (eyes.x * eyes.x + eyes.y * eyes.y + eyes.z * eyes.z).squareRoot()
        let box = FaceBox(around: Landmarks.outerLips.map { landmarks[$0] })
        let margin = 0.36 * unit
        func even(_ value: Float, _ limit: Int) -> Int { min(max(Int(value), 0), limit) & ~1 }
        left = even(box.left - margin, frame.width - 2)
        top = even(box.top - margin, frame.height - 2)
        width = max(even(box.right + margin, frame.width) - left, 2)
        height = max(even(box.bottom + margin, frame.height) - top, 2)
        frameNumber = number
        pixels = []
        pixels.reserveCapacity(width * height * 3 / 2)
        for number in 0..<3 {
            let (plane, shift) = (frame.plane(number), number == 0 ? 0 : 1)
            for y in (top >> shift)..<((top + height) >> shift) {
                let line = plane.base + y * plane.stride + (left >> shift)
                pixels.append(contentsOf: UnsafeBufferPointer(start: line, count: width >> shift))
            }
        }
        sharpness = 0
        look = MouthLook(frame, landmarks: landmarks)
        self.thumbnail = thumbnail
        sharpness = measureSharpness()
    }

    private func measureSharpness() -> Float {
        guard width > 4, height > 4 else { return 0 }
        // Steps of about a hundredth of the picture's width make small and large faces comparable.
        let step = max(1, width / 96)
        return pixels.withUnsafeBufferPointer { values in
            var sum: Float = 0
            var squares: Float = 0
            var count: Float = 0
            for y in stride(from: step, to: height - step, by: step) {
                for x in stride(from: step, to: width - step, by: step) {
                    let at = y * width + x
                    let around =
                        Int(values[at - step]) + Int(values[at + step]) + Int(values[at - step * width])
                        + Int(values[at + step * width])
                    let value = Float(4 * Int(values[at]) - around)
                    sum += value
                    squares += value * value
                    count += 1
                }
            }
            let mean = sum / max(count, 1)
            return max(squares / max(count, 1) - mean * mean, 0).squareRoot()
        }
    }
}
