import CKernels

/// A field of values on a coarse grid over a region, interpolated linearly between the nodes.
struct CoarseField {
    /// Nodes in a row and in a column.
    var columns = 0
    var rows = 0
    /// The distance of neighbouring nodes in pixels.
    var cellPixels: Float = 1
    /// The nodes' values, row by row; may be longer than `columns` × `rows`.
    var values: [Float] = []
    private var blurWeights: [Float] = []
    private var blurredLine: [Float] = []

    /// Covers `width × height` pixels with nodes `cellPixels` apart, the first on pixel 0. Values are undefined
    /// afterwards.
    mutating func resize(width: Int, height: Int, cellPixels: Float) {
        self.cellPixels = cellPixels
        columns = Int(Float(width) / cellPixels) + 2
        rows = Int(Float(height) / cellPixels) + 2
        values.grow(toHold: columns * rows, filler: 0)
    }

    /// Writes the field's values along a line: at `offsetPixels` and `count - 1` further places `stepPixels` apart.
    func readLine(y: Float, count: Int, stepPixels: Float, offsetPixels: Float, into out: UnsafeMutablePointer<Float>) {
        lipsmith_field_line(
            values, Int32(columns), Int32(rows), cellPixels, y, offsetPixels, stepPixels, Int32(count), out)
    }

    /// Blurs with a Gaussian of standard deviation `sigma` cells; the border is repeated outside.
    mutating func blur(sigma: Float) {
        let reach = max(1, Int((sigma * 2.5).rounded(.up)))
        blurWeights.refill(-reach...reach) { exponential(-Float($0 * $0) / (2 * sigma * sigma)) }
        let sum = blurWeights.reduce(0, +)
        blurredLine.grow(toHold: max(columns, rows), filler: 0)
        for row in 0..<rows {
            for column in 0..<columns {
                var value: Float = 0
                for k in -reach...reach {
                    value += blurWeights[k + reach] * values[row * columns + min(max(column + k, 0), columns - 1)]
                }
                blurredLine[column] = value / sum
            }
            for column in 0..<columns { values[row * columns + column] = blurredLine[column] }
        }
        for column in 0..<columns {
            for row in 0..<rows {
                var value: Float = 0
                for k in -reach...reach {
                    value += blurWeights[k + reach] * values[min(max(row + k, 0), rows - 1) * columns + column]
                }
                blurredLine[row] = value / sum
            }
            for row in 0..<rows { values[row * columns + column] = blurredLine[row] }
        }
    }
}
