import CKernels

/// The constant part of a spline over a grid: the centres never move in the still, so that a frame costs one small and
/// one large product instead of a new fit.
///
/// Centres and nodes are in face units. Two motions are carried at once, each with two components: that of the head and
/// that of the expression, which end at different places.
final class WarpOperator: Sendable {
    /// Against noisy centres; the photo study's value.
    private static let relaxation = 1e-4

    let grid: Grid
    let centerCount: Int
    /// The inverse of the spline's system, `order × order`, row-major.
    private let inverse: [Double]
    private let order: Int
    /// Kernel values of every node and centre, then 1, x, y; padded to whole vectors.
    private let matrix: [Float]
    private let columnCount: Int
    /// How much of the head's and of the expression's motion each node takes.
    private let windows: [SIMD2<Float>]
    /// Whether the centres decide a motion; without, nothing moves.
    let isDecided: Bool

    /// - Parameters:
    ///   - window: For a place in face units, the share of the head's motion and that of the expression's, 0…1.
    init(grid: Grid, centers: [SIMD2<Float>], window: (SIMD2<Float>) -> SIMD2<Float>) {
        self.grid = grid
        centerCount = centers.count
        order = centers.count + 3
        columnCount = (order + 7) & ~7
        var matrix = [Float](repeating: 0, count: grid.count * columnCount)
        var windows: [SIMD2<Float>] = []
        windows.reserveCapacity(grid.count)
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let node = grid.origin + SIMD2(Float(column), Float(row)) * grid.step
                windows.append(window(node))
                let line = (row * grid.columns + column) * columnCount
                for (index, center) in centers.enumerated() { matrix[line + index] = Self.kernel(node - center) }
                matrix[line + centers.count] = 1
                matrix[line + centers.count + 1] = node.x
                matrix[line + centers.count + 2] = node.y
            }
        }
        self.windows = windows
        self.matrix = matrix
        let inverse = Self.inverse(centers)
        isDecided = inverse != nil
        self.inverse = inverse ?? Array(repeating: 0, count: order * order)
    }

    private static func kernel(_ d: SIMD2<Float>) -> Float {
        let squared = Double((d * d).sum()) + 1e-12
        return Float(0.5 * squared * logarithm(squared))
    }

    /// The inverse of the spline's system; `nil` where it is singular.
    private static func inverse(_ centers: [SIMD2<Float>]) -> [Double]? {
        let order = centers.count + 3
        let length = 2 * order
        var system = [Double](repeating: 0, count: order * length)
        let count = centers.count
        for i in 0..<count {
            for j in 0..<count where i != j { system[i * length + j] = Double(kernel(centers[i] - centers[j])) }
            system[i * length + i] = relaxation
            let terms = SIMD3<Double>(1, Double(centers[i].x), Double(centers[i].y))
            for term in 0..<3 {
                system[i * length + count + term] = terms[term]
                system[(count + term) * length + i] = terms[term]
            }
        }
        for i in 0..<order { system[i * length + order + i] = 1 }
        let isSingular = system.withUnsafeMutableBufferPointer {
            lipsmith_solve($0.baseAddress!, Int32(order), Int32(order)) != 0
        }
        guard !isSingular else { return nil }
        return (0..<order).flatMap { system[$0 * length + order..<($0 + 1) * length] }
    }

    /// Where each node's content came from when the centres move.
    ///
    /// - Parameters:
    ///   - motions: For each centre the head's motion (x, y) and the expression's (z, w), in face units.
    ///   - memory: Kept.
    ///   - backward: Gets a motion for every node, in cells.
    func pull(_ motions: [SIMD4<Float>], memory: inout Memory, backward: inout [SIMD2<Float>]) {
        push(motions, memory: &memory)
        backward.grow(toHold: grid.count, filler: .zero)
        memory.forward.withUnsafeBytes { forward in
            backward.withUnsafeMutableBytes { backward in
                lipsmith_invert_grid(
                    forward.assumingMemoryBound(to: Float.self).baseAddress!, Int32(grid.columns), Int32(grid.rows),
                    backward.assumingMemoryBound(to: Float.self).baseAddress!)
            }
        }
    }

    /// The areas of the cells that are squeezed and stretched most when the centres move, in their own; negative where
    /// the picture folds.
    func areas(_ motions: [SIMD4<Float>], memory: inout Memory) -> ClosedRange<Float> {
        push(motions, memory: &memory)
        var (least, most): (Float, Float) = (1, 1)
        for row in 0..<grid.rows - 1 {
            for column in 0..<grid.columns - 1 {
                let at = row * grid.columns + column
                let across = SIMD2(1, 0) + memory.forward[at + 1] - memory.forward[at]
                let down = SIMD2(0, 1) + memory.forward[at + grid.columns] - memory.forward[at]
                let area = across.x * down.y - across.y * down.x
                least = min(least, area)
                most = max(most, area)
            }
        }
        return least...most
    }

    /// Fills `memory.forward` with the way of each node's content, in cells.
    private func push(_ motions: [SIMD4<Float>], memory: inout Memory) {
        memory.weights.grow(toHold: 4 * columnCount, filler: 0)
        memory.nodes.grow(toHold: grid.count, filler: .zero)
        memory.forward.grow(toHold: grid.count, filler: .zero)
        for index in 0..<4 * columnCount { memory.weights[index] = 0 }
        inverse.withUnsafeBufferPointer { inverse in
            for i in 0..<order {
                var sum = SIMD4<Double>.zero
                for j in 0..<centerCount { sum += inverse[i * order + j] * SIMD4<Double>(motions[j]) }
                for side in 0..<4 { memory.weights[side * columnCount + i] = Float(sum[side]) }
            }
        }
        memory.nodes.withUnsafeMutableBytes {
            lipsmith_multiply_four(
                matrix, Int32(grid.count), Int32(columnCount), memory.weights,
                $0.assumingMemoryBound(to: Float.self).baseAddress!)
        }
        let cells = 1 / grid.step
        for index in 0..<grid.count {
            let (node, window) = (memory.nodes[index], windows[index])
            memory.forward[index] =
                (SIMD2(node.x, node.y) * window.x + SIMD2(node.z, node.w) * window.y) * cells
        }
    }

    /// Memory that is kept from frame to frame.
    struct Memory {
        fileprivate var weights: [Float] = []
        fileprivate var nodes: [SIMD4<Float>] = []
        fileprivate var forward: [SIMD2<Float>] = []
    }
}
