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
    private var solverWork: [Double] = []
    private var solverOrder: [Int32] = []
    private var centers: [Float] = []
    private var weights: [Float] = []
    private var affine: [Float] = Array(repeating: 0, count: 6)

    package init() {}

    /// Fits the spline. Centres should be of order one; coincident centres are averaged by the relaxation.
    ///
    /// - Returns: Whether the centres decide a map. Fewer than three distinct ones do not and leave the zero map.
    @discardableResult
    package mutating func fit(centers points: [SIMD2<Float>], values: [SIMD2<Float>]) -> Bool {
        count = points.count
        let unknowns = count + 3
        system.grow(toHold: (unknowns + 2) * unknowns, filler: 0)
        solverWork.grow(toHold: 2 * (unknowns + 2), filler: 0)
        solverOrder.grow(toHold: unknowns, filler: 0)
        centers.grow(toHold: 2 * count, filler: 0)
        weights.grow(toHold: 2 * count, filler: 0)
        for i in 0..<count { (centers[2 * i], centers[2 * i + 1]) = (points[i].x, points[i].y) }
        let isDecided = system.withUnsafeMutableBufferPointer { rows in
            lipsmith_spline_kernel(centers, Int32(count), rows.baseAddress!, Int32(unknowns))
            for i in 0..<count { rows[i * unknowns + i] = Self.relaxation }
            let terms = count * unknowns
            for i in 0..<count {
                rows[terms + i] = 1
                rows[terms + unknowns + i] = Double(points[i].x)
                rows[terms + 2 * unknowns + i] = Double(points[i].y)
            }
            for term in 0..<3 { for other in 0...term { rows[terms + term * unknowns + count + other] = 0 } }
            for side in 0..<2 {
                let row = (unknowns + side) * unknowns
                for i in 0..<count { rows[row + i] = Double(values[i][side]) }
                for term in 0..<3 { rows[row + count + term] = 0 }
            }
            return lipsmith_solve_symmetric(
                rows.baseAddress!, Int32(unknowns), 2, &solverWork, &solverOrder) == 0
        }
        for side in 0..<2 {
            let row = (unknowns + side) * unknowns
            for i in 0..<count { weights[2 * i + side] = isDecided ? Float(system[row + i]) : 0 }
            for term in 0..<3 { affine[3 * side + term] = isDecided ? Float(system[row + count + term]) : 0 }
        }
        return isDecided
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
