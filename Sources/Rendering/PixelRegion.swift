import CKernels
import Media

/// A rectangle of luma pixels with even edges, so that it covers whole chroma pixels.
struct PixelRegion: Equatable {
    var left: Int
    var top: Int
    var width: Int
    var height: Int

    /// Chroma samples lie between two luma samples: this far behind the first, in chroma pixels.
    static let chromaOffsetPixels: Float = 0.25

    var isEmpty: Bool { width <= 0 || height <= 0 }

    /// The smallest region around a box of pixels, inside a picture.
    init(from low: SIMD2<Float>, to high: SIMD2<Float>, pictureWidth: Int, pictureHeight: Int) {
        func clamp(_ value: Float, _ limit: Int) -> Int { min(max(Int(value.rounded(.down)), 0), limit) }
        left = clamp(low.x, pictureWidth) & ~1
        top = clamp(low.y, pictureHeight) & ~1
        width = (clamp(high.x + 1, pictureWidth) + 1) & ~1
        height = (clamp(high.y + 1, pictureHeight) + 1) & ~1
        width = min(width, pictureWidth & ~1) - left
        height = min(height, pictureHeight & ~1) - top
    }
}

/// Memory for one plane's values that grows when needed and is then kept.
final class Scratch<Element> {
    private(set) var base: UnsafeMutablePointer<Element>
    private var capacity: Int

    init() {
        capacity = 64
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    /// Room for `count` trivial values, not set to anything.
    func reserve(_ count: Int) -> UnsafeMutablePointer<Element> {
        if count > capacity {
            base.deallocate()
            capacity = count + count / 4
            base = .allocate(capacity: capacity)
        }
        return base
    }
}

/// A field of values on a coarse grid over a region, read between its nodes linearly.
struct CoarseField {
    var columns = 0
    var rows = 0
    var cellPixels: Float = 1
    var values: [Float] = []

    /// Covers `width × height` pixels with nodes `cellPixels` apart, the first on pixel 0.
    mutating func resize(width: Int, height: Int, cellPixels: Float) {
        self.cellPixels = cellPixels
        columns = Int(Float(width) / cellPixels) + 2
        rows = Int(Float(height) / cellPixels) + 2
        if values.count < columns * rows { values = Array(repeating: 0, count: columns * rows) }
    }

    /// Writes the values of one line of pixels, `stepPixels` apart.
    func readLine(y: Float, count: Int, stepPixels: Float, offsetPixels: Float, into out: UnsafeMutablePointer<Float>) {
        lipsmith_field_line(
            values, Int32(columns), Int32(rows), cellPixels, y, offsetPixels, stepPixels, Int32(count), out)
    }

    /// Blurs with a Gaussian of `sigma` cells, separably, the border repeated.
    mutating func blur(sigma: Float) {
        let reach = max(1, Int((sigma * 2.5).rounded(.up)))
        let kernel = (-reach...reach).map { exponential(-Float($0 * $0) / (2 * sigma * sigma)) }
        let sum = kernel.reduce(0, +)
        var line = [Float](repeating: 0, count: max(columns, rows))
        for row in 0..<rows {
            for column in 0..<columns {
                var value: Float = 0
                for k in -reach...reach {
                    value += kernel[k + reach] * values[row * columns + min(max(column + k, 0), columns - 1)]
                }
                line[column] = value / sum
            }
            for column in 0..<columns { values[row * columns + column] = line[column] }
        }
        for column in 0..<columns {
            for row in 0..<rows {
                var value: Float = 0
                for k in -reach...reach {
                    value += kernel[k + reach] * values[min(max(row + k, 0), rows - 1) * columns + column]
                }
                line[row] = value / sum
            }
            for row in 0..<rows { values[row * columns + column] = line[row] }
        }
    }
}
