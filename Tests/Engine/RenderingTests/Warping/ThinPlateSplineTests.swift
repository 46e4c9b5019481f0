import Rendering
import Testing

@Suite("The thin-plate spline")
struct ThinPlateSplineTests {
    private static let step: Float = 0.125

    /// Centres on nodes of the grid, spread like a face's points.
    private static let centers: [SIMD2<Float>] = [
        SIMD2(-1, -1), SIMD2(1, -1), SIMD2(-1, 1), SIMD2(1, 1), SIMD2(0, 0), SIMD2(0.25, 0.5), SIMD2(-0.5, 0.125),
        SIMD2(0.625, -0.25), SIMD2(-0.25, -0.75),
    ]

    private func evaluated(_ values: [SIMD2<Float>], centers: [SIMD2<Float>] = Self.centers) -> (SIMD2<Float>) -> SIMD2<
        Float
    > {
        var spline = ThinPlateSpline()
        spline.fit(centers: centers, values: values)
        let grid = Grid(from: SIMD2(-1.5, -1.5), to: SIMD2(1.5, 1.5), step: Self.step)
        var nodes: [SIMD2<Float>] = []
        spline.evaluate(on: grid, into: &nodes)
        return { point in
            let place = (point + 1.5) / Self.step
            return nodes[Int(place.y.rounded()) * grid.columns + Int(place.x.rounded())]
        }
    }

    @Test("It passes through its centres' values")
    func interpolates() {
        let values = Self.centers.indices.map { SIMD2(Float($0 * 7 % 5) * 0.1 - 0.2, Float($0 * 3 % 4) * 0.1 - 0.1) }
        let map = evaluated(values)
        for (center, value) in zip(Self.centers, values) {
            let offset = map(center) - value
            #expect(abs(offset.x) < 1e-3)
            #expect(abs(offset.y) < 1e-3)
        }
    }

    @Test("It is the affine map when the values are one, everywhere")
    func reproducesAffine() {
        let affine = { (p: SIMD2<Float>) in SIMD2(0.1 + 0.3 * p.x - 0.2 * p.y, -0.05 + 0.15 * p.x + 0.25 * p.y) }
        let map = evaluated(Self.centers.map(affine))
        for y in stride(from: Float(-1.5), through: 1.5, by: Self.step) {
            for x in stride(from: Float(-1.5), through: 1.5, by: Self.step) {
                let offset = map(SIMD2(x, y)) - affine(SIMD2(x, y))
                #expect(abs(offset.x) < 1e-4)
                #expect(abs(offset.y) < 1e-4)
            }
        }
    }

    @Test("Both components are independent")
    func componentsAreIndependent() {
        let values = Self.centers.indices.map { SIMD2(Float($0 % 3) * 0.1, 0) }
        let map = evaluated(values)
        for center in [SIMD2<Float>(0.5, 0.5), SIMD2(-1.25, 0.75), SIMD2(0, -1)] { #expect(abs(map(center).y) < 1e-6) }
    }

    @Test("Fewer than three distinct centres, or centres on a line, leave the zero map or a finite one")
    func degenerate() {
        var spline = ThinPlateSpline()
        let isDecidedByOne = spline.fit(centers: [SIMD2(0.25, 0.25)], values: [SIMD2(1, 1)])
        #expect(!isDecidedByOne)
        let isDecidedByMany = spline.fit(centers: Self.centers, values: Self.centers)
        #expect(isDecidedByMany)
        let empty = evaluated([], centers: [])
        #expect(empty(SIMD2(0.5, 0.5)) == .zero)
        let single = evaluated([SIMD2(1, 1)], centers: [SIMD2(0.25, 0.25)])
        #expect(single(SIMD2(0.5, 0.5)) == .zero)
        let line = evaluated(
            [SIMD2(1, 0), SIMD2(0, 1), SIMD2(1, 1)], centers: [SIMD2(0, 0), SIMD2(0.5, 0), SIMD2(1, 0)])
        #expect(line(SIMD2(0.5, 0.5)).x.isFinite)
    }

    @Test("Coincident centres are averaged instead of tearing the map")
    func coincident() {
        var centers = Self.centers
        var values = Self.centers.map { _ in SIMD2<Float>.zero }
        centers.append(SIMD2(0, 0))
        values[4] = SIMD2(0.1, 0)
        values.append(SIMD2(0.3, 0))
        let map = evaluated(values, centers: centers)
        #expect(abs(map(SIMD2(0, 0)).x - 0.2) < 0.01)
    }

    @Test("A spline that is fitted again forgets the first fit")
    func refit() {
        var spline = ThinPlateSpline()
        let grid = Grid(from: SIMD2(-1, -1), to: SIMD2(1, 1), step: 0.25)
        var (first, second): ([SIMD2<Float>], [SIMD2<Float>]) = ([], [])
        let values = Self.centers.map { $0 * 0.2 + SIMD2($0.y * $0.x, 0) }
        spline.fit(centers: Self.centers, values: values)
        spline.evaluate(on: grid, into: &first)
        spline.fit(centers: Array(Self.centers.dropLast(3)), values: Array(values.dropLast(3)))
        spline.fit(centers: Self.centers, values: values)
        spline.evaluate(on: grid, into: &second)
        #expect(first == second)
    }
}
