import CKernels
import Foundation
import Testing

@Suite("Kernels against plain Swift")
struct KernelTests {
    @Test("Bilinear samples are right inside, on and beyond the border")
    func bilinear() {
        let picture = NaivePicture(width: 13, height: 9)
        let points = picture.probePoints
        let actual = picture.sample(points, lipsmith_sample_bilinear)
        for (point, value) in zip(points, actual) {
            #expect(abs(Double(value) - picture.bilinear(Double(point.x), Double(point.y))) < 1e-3)
        }
    }

    @Test("Catmull-Rom samples are right inside, on and beyond the border")
    func bicubic() {
        let picture = NaivePicture(width: 13, height: 9)
        let points = picture.probePoints
        let actual = picture.sample(points, lipsmith_sample_bicubic)
        for (point, value) in zip(points, actual) {
            #expect(abs(Double(value) - picture.bicubic(Double(point.x), Double(point.y))) < 2e-3)
        }
    }

    /// Values of −1…1 that look random, the same every time.
    private struct Values {
        private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

        mutating func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 52) - 1
        }
    }

    // Half of the diagonals are zero, so that pivots of both sizes and exchanges of rows are needed.
    @Test("The symmetric solver finds what the plain one finds", arguments: [1, 2, 3, 17, 90])
    func symmetricSolver(unknowns: Int) {
        var values = Values()
        let sides = 3
        for _ in 0..<20 {
            let length = unknowns + sides
            var plain = [Double](repeating: 0, count: unknowns * length)
            var symmetric = [Double](repeating: .nan, count: length * unknowns)
            for i in 0..<unknowns {
                for j in 0...i {
                    let value = i == j && i % 2 == 0 && unknowns > 1 ? 0 : values.next()
                    plain[i * length + j] = value
                    plain[j * length + i] = value
                    symmetric[i * unknowns + j] = value
                }
                for side in 0..<sides {
                    plain[i * length + unknowns + side] = values.next()
                    symmetric[(unknowns + side) * unknowns + i] = plain[i * length + unknowns + side]
                }
            }
            var work = [Double](repeating: 0, count: 2 * length)
            var order = [Int32](repeating: 0, count: unknowns)
            let status = lipsmith_solve_symmetric(&symmetric, Int32(unknowns), Int32(sides), &work, &order)
            #expect(status == lipsmith_solve(&plain, Int32(unknowns), Int32(sides)))
            for i in 0..<unknowns {
                for side in 0..<sides {
                    let wanted = plain[i * length + unknowns + side]
                    let found = symmetric[(unknowns + side) * unknowns + i]
                    #expect(abs(found - wanted) <= 1e-8 * max(1, abs(wanted)))
                }
            }
        }
    }

    @Test("The symmetric solver tells of a singular matrix")
    func symmetricSingular() {
        // The third equation is the sum of the first two.
        var rows: [Double] = [1, 0, 0, 2, 3, 0, 3, 5, 8, 1, 1, 2]
        var work = [Double](repeating: 0, count: 8)
        var order = [Int32](repeating: 0, count: 3)
        #expect(lipsmith_solve_symmetric(&rows, 3, 1, &work, &order) == 1)
        var zero = [Double](repeating: 0, count: 2)
        #expect(lipsmith_solve_symmetric(&zero, 1, 1, &work, &order) == 1)
    }

    @Test("The spline's kernel is r² ln r, also where two points meet")
    func splineKernel() {
        var values = Values()
        var points = (0..<40).map { _ in Float(values.next()) * 3 }
        points[10...11] = points[0...1]
        var rows = [Double](repeating: .nan, count: 20 * 21)
        lipsmith_spline_kernel(points, 20, &rows, 21)
        for i in 0..<20 {
            for j in 0..<i {
                let x = Double(points[2 * i]) - Double(points[2 * j])
                let y = Double(points[2 * i + 1]) - Double(points[2 * j + 1])
                let squared = x * x + y * y + 1e-12
                #expect(abs(rows[i * 21 + j] - 0.5 * squared * log(squared)) <= 1e-14 * max(squared, 1e-3))
            }
            #expect(rows[i * 21 + i].isNaN)
        }
    }

    @Test("A picture of one pixel is that pixel everywhere")
    func onePixel() {
        let picture = NaivePicture(width: 1, height: 1)
        for value in picture.sample(picture.probePoints, lipsmith_sample_bicubic) {
            #expect(abs(value - Float(picture.values[0])) < 1e-3)
        }
    }

    @Test(
        "Each pixel of a warped plane comes from where the grid says; still pixels are not written", arguments: [0, 1])
    func warp(cubic: Int32) {
        let picture = NaivePicture(width: 37, height: 23)
        let (columns, rows) = (7, 5)
        let cell: Float = 6.5
        var nodes: [Float] = []
        for row in 0..<rows {
            for column in 0..<columns {
                // The left column stands still, so that some pixels must stay.
                nodes +=
                    column < 2 ? [0, 0] : [Float((column * 5 + row * 3) % 7) - 3, Float((column + row * 2) % 5) - 2]
            }
        }
        for (offset, scale) in [(Float(0), Float(1)), (0.25, 0.5), (0, 3)] {
            var target = [UInt8](repeating: 77, count: picture.width * picture.height)
            nodes.withUnsafeBufferPointer { nodes in
                let grid = lipsmith_motion_grid(
                    nodes: nodes.baseAddress!, columns: Int32(columns), rows: Int32(rows), cell_pixels: cell,
                    offset_pixels: offset, scale: scale)
                let window = lipsmith_window(
                    left: 0, top: 0, width: Int32(picture.width), height: Int32(picture.height))
                picture.withPlane { lipsmith_warp_plane($0, window, grid, 1 / 32, cubic, &target, picture.width) }
            }
            for y in 0..<picture.height {
                for x in 0..<picture.width {
                    let column = (Double(x) + Double(offset)) / Double(cell)
                    let row = (Double(y) + Double(offset)) / Double(cell)
                    let motion = naiveMotion(nodes, columns, column, row) * Double(scale)
                    let value = target[y * picture.width + x]
                    let size = abs(motion.x) + abs(motion.y)
                    if size < 1 / 32 - 1e-4 { #expect(value == 77) }
                    guard size > 1 / 32 + 1e-4 else { continue }
                    let (px, py) = (Double(x) + motion.x, Double(y) + motion.y)
                    let wanted = cubic == 1 ? picture.bicubic(px, py) : picture.bilinear(px, py)
                    #expect(abs(Double(value) - min(max(wanted, 0), 255)) < 0.51, "\(x) \(y)")
                }
            }
        }
    }

    private func naiveMotion(_ nodes: [Float], _ columns: Int, _ column: Double, _ row: Double) -> SIMD2<Double> {
        func node(_ x: Int, _ y: Int) -> SIMD2<Double> {
            SIMD2(Double(nodes[2 * (y * columns + x)]), Double(nodes[2 * (y * columns + x) + 1]))
        }
        let (x, y) = (Int(column), Int(row))
        let (u, v) = (column - Double(x), row - Double(y))
        let above = node(x, y) * (1 - u) + node(x + 1, y) * u
        let below = node(x, y + 1) * (1 - u) + node(x + 1, y + 1) * u
        return above * (1 - v) + below * v
    }

    @Test("Solutions of random systems solve them, also when rows must be exchanged", arguments: [1, 2, 5, 40, 120])
    func solve(size: Int) {
        var noise = Noise(seed: UInt64(size))
        let sides = 2
        let length = size + sides
        var system = (0..<size * length).map { _ in Double(noise.next()) * 2 - 1 }
        for row in 0..<size { system[row * length + row] = 0 }
        if size == 1 { system[0] = 0.5 }
        var rows = system
        #expect(lipsmith_solve(&rows, Int32(size), Int32(sides)) == 0)
        for row in 0..<size {
            for side in 0..<sides {
                var sum = 0.0
                for column in 0..<size { sum += system[row * length + column] * rows[column * length + size + side] }
                #expect(abs(sum - system[row * length + size + side]) < 1e-7)
            }
        }
    }

    @Test("A singular system is reported")
    func singular() {
        var rows: [Double] = [1, 2, 3, 2, 4, 6]
        #expect(lipsmith_solve(&rows, 2, 1) == 1)
        var zero: [Double] = [0, 1]
        #expect(lipsmith_solve(&zero, 1, 1) == 1)
    }

    @Test("A spline's grid is the sum of its kernels, whatever its width")
    func splineGrid() {
        var noise = Noise(seed: 4)
        let count = 21
        let centers = (0..<2 * count).map { _ in noise.next() * 3 - 1.5 }
        let weights = (0..<2 * count).map { _ in noise.next() * 0.4 - 0.2 }
        let affine = (0..<6).map { _ in noise.next() - 0.5 }
        for columns in [1, 5, 63, 64, 65, 130] {
            let rows = 3
            let step: Float = 0.05
            var out = [Float](repeating: .nan, count: 2 * columns * rows)
            lipsmith_spline_grid(
                centers, weights, affine, Int32(count), -1.3, -0.7, step, Int32(columns), Int32(rows), &out)
            for row in 0..<rows {
                for column in 0..<columns {
                    let x = -1.3 + Double(column) * Double(step)
                    let y = -0.7 + Double(row) * Double(step)
                    for side in 0..<2 {
                        var sum = Double(affine[3 * side]) + Double(affine[3 * side + 1]) * x
                        sum += Double(affine[3 * side + 2]) * y
                        for k in 0..<count {
                            let dx = x - Double(centers[2 * k])
                            let dy = y - Double(centers[2 * k + 1])
                            let squared = dx * dx + dy * dy
                            if squared > 0 {
                                sum += Double(weights[2 * k + side]) * 0.5 * squared * naturalLog(squared)
                            }
                        }
                        #expect(abs(Double(out[2 * (row * columns + column) + side]) - sum) < 1e-4)
                    }
                }
            }
        }
    }

    @Test("A line of a mouth patch takes its upper part from the upper lip's grid and its lower part from the lower's")
    func patchLine() {
        let nodesUp: [Float] = Array(repeating: [1, 2], count: 9).flatMap { $0 }
        let nodesDown: [Float] = Array(repeating: [-3, 4], count: 9).flatMap { $0 }
        let (upper, lower): ([Float], [Float]) = ([-0.1, -0.2, -0.1], [0.1, 0.2, 0.1])
        let count = 20
        var (x, y, between) = (
            [Float](repeating: 0, count: count), [Float](repeating: 0, count: count),
            [Float](repeating: 0, count: count)
        )
        for (height, wanted) in [(Float(-0.5), Float(0)), (0.5, 1), (0, 0.5)] {
            nodesUp.withUnsafeBufferPointer { up in
                nodesDown.withUnsafeBufferPointer { down in
                    upper.withUnsafeBufferPointer { top in
                        lower.withUnsafeBufferPointer { bottom in
                            func grid(_ nodes: UnsafeBufferPointer<Float>) -> lipsmith_motion_grid {
                                lipsmith_motion_grid(
                                    nodes: nodes.baseAddress!, columns: 3, rows: 3, cell_pixels: 10, offset_pixels: 0,
                                    scale: 1)
                            }
                            let gap = lipsmith_lip_gap(
                                upper: top.baseAddress!, lower: bottom.baseAddress!, length: 3, left: -1, right: 1,
                                softness: 0.01)
                            lipsmith_patch_line(
                                grid(up), grid(down), gap,
                                lipsmith_patch_start(
                                    canonical_x: -0.95, canonical_y: height, step_x: 0.1, step_y: 0, source_x: 5,
                                    source_y: 6), 4, Int32(count), &x, &y, &between)
                        }
                    }
                }
            }
            for column in 0..<count {
                #expect(abs(between[column] - wanted) < 1e-5)
                #expect(abs(x[column] - (5 + Float(column) + 1 - 4 * wanted)) < 1e-4)
                #expect(abs(y[column] - (6 + 2 + 2 * wanted)) < 1e-4)
            }
        }
    }
}
