import CKernels

/// A smooth map of the plane that takes given centres to given values and bends as little as possible between them
/// (Duchon's thin-plate spline, kernel r² ln r), with a little relaxation against noisy centres.
///
/// One value is kept for many fits, so that the steady state allocates nothing.
package struct ThinPlateSpline {
    /// Added to the diagonal, for centres in units of the face.
    private static let relaxation = 1e-5

    private var count = 0
    private var system: [Double] = []
    private var centers: [Float] = []
    private var weights: [Float] = []
    private var affine: [Float] = Array(repeating: 0, count: 6)

    package init() {}

    /// Fits the spline. Centres should be of order one; coincident centres are averaged by the relaxation.
    ///
    /// A singular system (fewer than three distinct centres) leaves the zero map.
    package mutating func fit(centers points: [SIMD2<Float>], values: [SIMD2<Float>]) {
        count = points.count
        let unknowns = count + 3
        let length = unknowns + 2
        system.grow(toHold: unknowns * length, filler: 0)
        centers.grow(toHold: 2 * count, filler: 0)
        weights.grow(toHold: 2 * count, filler: 0)
        system.withUnsafeMutableBufferPointer { rows in
            rows[..<(unknowns * length)].update(repeating: 0)
            for i in 0..<count {
                let row = rows.baseAddress! + i * length
                let a = SIMD2<Double>(points[i])
                for j in 0..<i {
                    let d = a - SIMD2<Double>(points[j])
                    let squared = (d * d).sum() + 1e-12
                    let value = 0.5 * squared * logarithm(squared)
                    row[j] = value
                    rows[j * length + i] = value
                }
                row[i] = Self.relaxation
                let terms = SIMD3(1, a.x, a.y)
                for term in 0..<3 {
                    row[count + term] = terms[term]
                    rows[(count + term) * length + i] = terms[term]
                }
                row[unknowns] = Double(values[i].x)
                row[unknowns + 1] = Double(values[i].y)
            }
            let isSingular = lipsmith_solve(rows.baseAddress!, Int32(unknowns), 2) != 0
            for i in 0..<count {
                centers[2 * i] = points[i].x
                centers[2 * i + 1] = points[i].y
                for side in 0..<2 {
                    weights[2 * i + side] = isSingular ? 0 : Float(rows[i * length + unknowns + side])
                }
            }
            for side in 0..<2 {
                for term in 0..<3 {
                    affine[3 * side + term] =
                        isSingular ? 0 : Float(rows[(count + term) * length + unknowns + side])
                }
            }
        }
    }

    /// Evaluates the map on the nodes of a grid, row by row.
    package func evaluate(on grid: Grid, into nodes: inout [SIMD2<Float>]) {
        nodes.grow(toHold: grid.count, filler: .zero)
        nodes.withUnsafeMutableBytes { bytes in
            lipsmith_spline_grid(
                centers, weights, affine, Int32(count), grid.origin.x, grid.origin.y, grid.step,
                Int32(grid.columns), Int32(grid.rows), bytes.assumingMemoryBound(to: Float.self).baseAddress!)
        }
    }
}

/// A regular grid of nodes in the units of a face.
package struct Grid {
    package var origin: SIMD2<Float>
    package var step: Float
    package var columns: Int
    package var rows: Int

    var count: Int { columns * rows }

    /// The grid that covers a box with nodes at most `step` apart.
    package init(from low: SIMD2<Float>, to high: SIMD2<Float>, step: Float) {
        origin = low
        self.step = step
        columns = Int(((high.x - low.x) / step).rounded(.up)) + 2
        rows = Int(((high.y - low.y) / step).rounded(.up)) + 2
    }
}
