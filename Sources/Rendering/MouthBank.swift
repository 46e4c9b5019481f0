import Face
import Media

/// One picture of the speaker's own mouth, cut out of a source frame.
package struct MouthPicture: Sendable {
    /// The source frame it was cut from.
    package var frameNumber: Int
    /// The upper left corner of the cut in luma pixels; even.
    var left: Int
    /// See `left`.
    var top: Int
    /// Luma size; even.
    var width: Int
    /// See `width`.
    var height: Int
    /// Luma, then the two chroma planes at half size, without gaps between lines.
    package var pixels: [UInt8]
    /// Standard deviation of the luma's Laplacian: how sharp the picture is.
    var sharpness: Float

    /// Cuts the mouth of a face out of a frame with some skin around it.
    init(_ frame: VideoFrame, number: Int, landmarks: [SIMD3<Float>]) {
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
        for (plane, shift) in [(frame.luma, 0), (frame.blueChroma, 1), (frame.redChroma, 1)] {
            for y in (top >> shift)..<((top + height) >> shift) {
                let line = plane.base + y * plane.stride + (left >> shift)
                pixels.append(contentsOf: UnsafeBufferPointer(start: line, count: width >> shift))
            }
        }
        sharpness = 0
        sharpness = measureSharpness()
    }

    private func measureSharpness() -> Float {
        guard width > 4, height > 4 else { return 0 }
        // Steps of a hundredth of the picture make small and large faces comparable.
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

/// Collects the mouth pictures of one speaker in one shot while the clip is read, within a budget of memory.
///
/// When the budget is spent every second picture is dropped and only every second frame is taken from then on, so
/// that what remains is spread evenly over the shot; which ones remain depends on the clip alone.
public struct MouthBankBuilder: Sendable {
    private let maximumPictures: Int
    private let maximumBytes: Int
    private var stride = 1
    private var bytes = 0
    package private(set) var pictures: [MouthPicture] = []

    /// - Parameters:
    ///   - maximumPictures: The number of pictures kept at the most.
    ///   - maximumBytes: The bytes of pixels kept at the most.
    public init(maximumPictures: Int = 512, maximumBytes: Int = 96 << 20) {
        self.maximumPictures = maximumPictures
        self.maximumBytes = maximumBytes
    }

    /// Offers the mouth of one frame.
    public mutating func add(_ frame: VideoFrame, number: Int, landmarks: [SIMD3<Float>]) {
        guard number % stride == 0 else { return }
        let picture = MouthPicture(frame, number: number, landmarks: landmarks)
        pictures.append(picture)
        bytes += picture.pixels.count
        while pictures.count > 2, pictures.count > maximumPictures || bytes > maximumBytes {
            stride *= 2
            pictures.removeAll { $0.frameNumber % stride != 0 }
            bytes = pictures.reduce(0) { $0 + $1.pixels.count }
        }
    }

    /// Takes out the pictures of some frames.
    public mutating func remove(frames: Set<Int>) { pictures.removeAll { frames.contains($0.frameNumber) } }
}

/// The mouth pictures of a scene with what is needed to choose among them.
public struct MouthBank: Sendable {
    package let entries: [Entry]
    /// The opening up to which the bank's own pictures can be trusted, in mouth widths: 1.05 times its 99th percentile.
    let openingLimit: Float
    /// Whether the mouth moves in the bank, so that there are pictures of wide and of narrow openings to choose from.
    public let hasMovingMouth: Bool

    /// Mouths whose opening spreads less than this (mouth widths, 5th to 95th percentile) do not speak.
    private static let movingSpread: Float = 0.06

    package struct Entry: Sendable {
        var picture: MouthPicture
        /// The row of the scene.
        package var row: Int
        /// The sharpness relative to the median picture.
        var relativeSharpness: Float
    }

    /// Joins the pictures with the tracks of their scene.
    public init(_ builder: MouthBankBuilder, scene: SpeakerScene) {
        let known = builder.pictures.compactMap { picture in
            scene.row(ofFrame: picture.frameNumber).map { (picture, $0) }
        }
        let sharpness = known.map(\.0.sharpness).sorted()
        let median = sharpness.isEmpty ? 1 : max(sharpness[sharpness.count / 2], 0.01)
        entries = known.map { Entry(picture: $0.0, row: $0.1, relativeSharpness: $0.0.sharpness / median) }
        let openings = scene.ownCurves.map(\.opening).sorted()
        let spread = openings.isEmpty ? 0 : openings[(openings.count - 1) * 19 / 20] - openings[openings.count / 20]
        hasMovingMouth = spread >= Self.movingSpread
        openingLimit = openings.isEmpty ? 0 : 1.05 * openings[Int(Float(openings.count - 1) * 0.99)]
    }
}
