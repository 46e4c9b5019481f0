import CKernels
import Foundation

/// Numbers from 0 to 1 that look random and are always the same.
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed &+ 0x9e37_79b9_7f4a_7c15 }

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 24)
    }
}

/// The natural logarithm in full precision.
func naturalLog(_ value: Double) -> Double { log(value) }

/// A noisy plane that can be sampled slowly and surely.
struct NaivePicture {
    let width: Int
    let height: Int
    /// Line after line without gaps.
    let values: [UInt8]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        var noise = Noise(seed: UInt64(width * 1000 + height))
        values = (0..<width * height).map { _ in UInt8(noise.next() * 255) }
    }

    /// Places inside, exactly on samples, on the border and beyond it on all sides.
    var probePoints: [SIMD2<Float>] {
        var noise = Noise(seed: 1)
        var points = (0..<500).map { _ in
            SIMD2(noise.next() * Float(width + 6) - 3, noise.next() * Float(height + 6) - 3)
        }
        for y in -1...height { for x in -1...width { points.append(SIMD2(Float(x), Float(y))) } }
        return points
    }

    private func at(_ x: Int, _ y: Int) -> Double {
        Double(values[min(max(y, 0), height - 1) * width + min(max(x, 0), width - 1)])
    }

    private func clamped(_ x: Double, _ y: Double) -> (Double, Double) {
        (min(max(x, 0), Double(width - 1)), min(max(y, 0), Double(height - 1)))
    }

    func bilinear(_ x: Double, _ y: Double) -> Double {
        let (x, y) = clamped(x, y)
        let (u, v) = (x - x.rounded(.down), y - y.rounded(.down))
        let (i, j) = (Int(x), Int(y))
        return (at(i, j) * (1 - u) + at(i + 1, j) * u) * (1 - v) + (at(i, j + 1) * (1 - u) + at(i + 1, j + 1) * u) * v
    }

    /// Catmull and Rom's cubic convolution, written from its piecewise definition with a = -1/2.
    func bicubic(_ x: Double, _ y: Double) -> Double {
        let (x, y) = clamped(x, y)
        func weight(_ distance: Double) -> Double {
            let d = abs(distance)
            if d < 1 { return 1.5 * d * d * d - 2.5 * d * d + 1 }
            return d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0
        }
        var sum = 0.0
        for j in (Int(y) - 1)...(Int(y) + 2) {
            for i in (Int(x) - 1)...(Int(x) + 2) { sum += at(i, j) * weight(Double(i) - x) * weight(Double(j) - y) }
        }
        return sum
    }

    func withPlane<Result>(_ body: (lipsmith_plane) -> Result) -> Result {
        values.withUnsafeBufferPointer {
            body(lipsmith_plane(base: $0.baseAddress!, width: Int32(width), height: Int32(height), stride: width))
        }
    }

    func sample(
        _ points: [SIMD2<Float>],
        _ kernel: (
            lipsmith_plane, UnsafePointer<Float>?, UnsafePointer<Float>?, Int32, UnsafeMutablePointer<Float>?
        ) -> Void
    ) -> [Float] {
        var out = [Float](repeating: .nan, count: points.count)
        let (xs, ys) = (points.map(\.x), points.map(\.y))
        withPlane { kernel($0, xs, ys, Int32(points.count), &out) }
        return out
    }
}
