import Face
import Media
import Records

/// The appearance of a mouth picture as a few luma samples, so that two pictures can be compared without their pixels.
///
/// Samples lie at fixed places relative to the lips. Pictures that are warped to one shape show these samples at the
/// same places, so their difference is the visible change when one picture follows the other.
struct MouthLook: Sendable {
    /// Luma between the lips minus `brightness` (teeth, tongue, darkness): four rows of nine values, padded with zeros
    /// to a multiple of eight.
    let interior: [Float]
    /// Luma on the upper and the lower lip minus `brightness`: nine values each, padded likewise.
    let lips: [Float]
    /// Luma at eight places of the skin around the mouth minus `brightness`: the direction of the light.
    let skin: [Float]
    /// The mean luma of the skin around the mouth, 0…255.
    let brightness: Float
    /// Shape, pose, light and teeth as one vector for `MouthBankBuilder`, scaled so that a distance of 1 is a clearly
    /// visible difference. Unmeasured.
    let summary: [Float]

    /// The rows of `interior`, in shares of the way from the upper to the lower lip: evenly spaced. Unmeasured.
    private static let rows: [Float] = [0.14, 0.38, 0.62, 0.86]
    /// Mesh points around the mouth: under the lip, chin, both folds, beside the corners, under the nose.
    private static let skinPoints = [18, 200, 212, 432, 57, 287, 164, 2]

    init(_ frame: VideoFrame, landmarks: [SIMD3<Float>]) {
        func place(_ point: Int) -> SIMD2<Float> { SIMD2(landmarks[point].x, landmarks[point].y) }
        let eyes = landmarks[Landmarks.leftEyeOuter] - landmarks[Landmarks.rightEyeOuter]
        let unit = max((eyes * eyes).sum().squareRoot(), 1)
        let around = Self.skinPoints.map { Self.mean(frame.luma, place($0), radius: 0.03 * unit) }
        let brightness = around.reduce(0, +) / Float(around.count)
        self.brightness = brightness
        skin = around.map { $0 - brightness }
        var interior: [Float] = []
        for row in Self.rows {
            for (upper, lower) in zip(Landmarks.upperInnerLip, Landmarks.lowerInnerLip) {
                let between = place(upper) + (place(lower) - place(upper)) * row
                interior.append(Self.mean(frame.luma, between, radius: 0.012 * unit) - brightness)
            }
        }
        var lips: [Float] = []
        for (outer, inner) in [
            (Landmarks.upperOuterLip, Landmarks.upperInnerLip), (Landmarks.lowerOuterLip, Landmarks.lowerInnerLip),
        ] {
            for (a, b) in zip(outer, inner) {
                lips.append(Self.mean(frame.luma, (place(a) + place(b)) / 2, radius: 0.012 * unit) - brightness)
            }
        }
        func length(_ a: Int, _ b: Int) -> Float {
            let d = landmarks[a] - landmarks[b]
            return (d * d).sum().squareRoot() / unit
        }
        let opening = length(Landmarks.upperLipMiddle, Landmarks.lowerLipMiddle)
        let middle = (landmarks[Landmarks.leftEyeOuter] + landmarks[Landmarks.rightEyeOuter]) / 2
        let nose = (landmarks[Landmarks.noseTip] - middle) / unit
        // A difference of 1 is 0.02 eye distances at the lips, 0.04 at the nose (about 5° of turn), 15 of brightness,
        // 40 of luma at one place of the skin, and 30 of luma (root mean square) between open lips.
        let shape = [
            50 * opening, 50 * length(Landmarks.rightCorner, Landmarks.leftCorner), 50 * length(0, 17),
            25 * nose.x, 25 * nose.y, brightness / 15,
        ]
        let visible = smoothStep(0.01, 0.07, opening) / (30 * Float(interior.count).squareRoot())
        summary = Self.filled(shape + skin.map { $0 / 40 } + interior.map { $0 * visible })
        self.interior = Self.filled(interior)
        self.lips = Self.filled(lips)
    }

    private static func filled(_ values: [Float]) -> [Float] {
        values + Array(repeating: 0, count: (8 - values.count % 8) % 8)
    }

    /// The mean of nine samples around a place; samples outside the picture repeat its border.
    ///
    /// - Parameter radius: The distance of neighbouring samples in pixels.
    private static func mean(_ plane: Plane, _ place: SIMD2<Float>, radius: Float) -> Float {
        var sum = 0
        for row in -1...1 {
            for column in -1...1 {
                let x = min(max(Int(place.x + Float(column) * radius), 0), plane.width - 1)
                let y = min(max(Int(place.y + Float(row) * radius), 0), plane.height - 1)
                sum += Int(plane.base[y * plane.stride + x])
            }
        }
        return Float(sum) / 9
    }

    /// The squared distance of two vectors of equal length, a multiple of eight.
    static func squaredDistance(_ a: [Float], _ b: [Float]) -> Float {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var sums = SIMD8<Float>.zero
                var index = 0
                while index + 8 <= a.count {
                    let difference =
                        UnsafeRawPointer(a.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self)
                        - UnsafeRawPointer(b.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self)
                    sums += difference * difference
                    index += 8
                }
                return sums.sum()
            }
        }
    }
}

extension MouthLook: Codable {
    private enum CodingKeys: CodingKey { case interior, lips, skin, brightness, summary }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        interior = try members.decodePacked(Float.self, forKey: .interior)
        lips = try members.decodePacked(Float.self, forKey: .lips)
        skin = try members.decodePacked(Float.self, forKey: .skin)
        brightness = try members.decode(Float.self, forKey: .brightness)
        summary = try members.decodePacked(Float.self, forKey: .summary)
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodePacked(interior, forKey: .interior)
        try members.encodePacked(lips, forKey: .lips)
        try members.encodePacked(skin, forKey: .skin)
        try members.encode(brightness, forKey: .brightness)
        try members.encodePacked(summary, forKey: .summary)
    }
}
