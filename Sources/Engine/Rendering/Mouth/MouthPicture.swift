import Face
import Media
import Records

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

extension MouthPicture: Codable {
    private enum CodingKeys: CodingKey {
        case frameNumber, left, top, width, height, pixels, sharpness, look, thumbnail
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        frameNumber = try members.decode(Int.self, forKey: .frameNumber)
        left = try members.decode(Int.self, forKey: .left)
        top = try members.decode(Int.self, forKey: .top)
        width = try members.decode(Int.self, forKey: .width)
        height = try members.decode(Int.self, forKey: .height)
        pixels = try members.decodePacked(UInt8.self, forKey: .pixels)
        sharpness = try members.decode(Float.self, forKey: .sharpness)
        look = try members.decode(MouthLook.self, forKey: .look)
        thumbnail = try members.decode(FaceThumbnail.self, forKey: .thumbnail)
        guard width > 0, height > 0, width < 1 << 16, height < 1 << 16, pixels.count == width * height * 3 / 2 else {
            throw DecodingError.dataCorruptedError(
                forKey: .pixels, in: members, debugDescription: "no picture of \(width) by \(height)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(frameNumber, forKey: .frameNumber)
        try members.encode(left, forKey: .left)
        try members.encode(top, forKey: .top)
        try members.encode(width, forKey: .width)
        try members.encode(height, forKey: .height)
        try members.encodePacked(pixels, forKey: .pixels)
        try members.encode(sharpness, forKey: .sharpness)
        try members.encode(look, forKey: .look)
        try members.encode(thumbnail, forKey: .thumbnail)
    }
}
