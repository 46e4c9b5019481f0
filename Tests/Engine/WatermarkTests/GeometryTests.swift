import Face
import Testing
import Watermark

@Suite("Triangles of a mark")
struct GeometryTests {
    private static func area(_ triangles: [Triangulation.Triangle], _ points: [SIMD2<Float>]) -> Float {
        triangles.reduce(0) { $0 + PatchMesh.doubleArea(points[$1.x], points[$1.y], points[$1.z]) / 2 }
    }

    @Test("Points in a square are joined without gaps or overlaps, and no other point lies in a triangle's circle")
    func square() {
        var generator = SplitMix(seed: 3)
        let corners: [SIMD2<Float>] = [SIMD2(0, 0), SIMD2(100, 0), SIMD2(100, 100), SIMD2(0, 100)]
        let points =
            corners
            + (0..<60).map { _ in
                SIMD2(Float.random(in: 1...99, using: &generator), Float.random(in: 1...99, using: &generator))
            }
        let triangles = Triangulation.triangles(points)
        #expect(triangles.count == 2 * 60 + 2)
        #expect(abs(Self.area(triangles, points) - 10_000) < 1)
        #expect(triangles.allSatisfy { PatchMesh.doubleArea(points[$0.x], points[$0.y], points[$0.z]) > 0 })
        for triangle in triangles {
            let (a, b, c) = (points[triangle.x], points[triangle.y] - points[triangle.x], points[triangle.z])
            let d = c - a
            let scale = 0.5 / (b.x * d.y - b.y * d.x)
            let (bb, dd) = ((b * b).sum(), (d * d).sum())
            let offset = SIMD2(d.y * bb - b.y * dd, b.x * dd - d.x * bb) * scale
            let radius = (offset * offset).sum().squareRoot()
            for point in points {
                let miss = point - a - offset
                // The shift that decides between points on one circle moves flat triangles' circles by a little.
                #expect((miss * miss).sum().squareRoot() > radius * 0.99 - 0.1)
            }
        }
    }

    @Test("Points on a grid, four on every circle, are joined too")
    func grid() {
        let points = (0..<49).map { SIMD2(Float($0 % 7), Float($0 / 7)) }
        let triangles = Triangulation.triangles(points)
        #expect(triangles.count == 72)
        #expect(abs(Self.area(triangles, points) - 36) < 1e-3)
    }

    @Test("Too few points make no triangles", arguments: 0...2)
    func few(count: Int) {
        #expect(Triangulation.triangles((0..<count).map { SIMD2(Float($0), 0) }).isEmpty)
    }

    @Test("The mean face's mesh covers the whole window, and no pixel twice")
    func cover() {
        let mesh = PatchMesh(meshPoints: Array(0..<468))
        let pixels = mesh.runs.flatMap { run in run.columns.map { run.row * FacePatch.columns + $0 } }
        #expect(Set(pixels).count == pixels.count)
        let marked = PatchWindow.standard.values.indices.filter { PatchWindow.standard.values[$0] > 0 }
        #expect(marked.count > 2000)
        #expect(Set(marked).subtracting(pixels).isEmpty)
    }

    @Test("The points that renderers of clips know cover the window as well")
    func subset() {
        let mesh = PatchMesh(meshPoints: MarkedFace.renderedPoints)
        let pixels = Set(mesh.runs.flatMap { run in run.columns.map { run.row * FacePatch.columns + $0 } })
        let missing = PatchWindow.standard.values.indices.filter {
            PatchWindow.standard.values[$0] > 0 && !pixels.contains($0)
        }
        #expect(missing.isEmpty)
    }

    @Test("A window lies round the mouth: nothing at its opening, on the nose or at the patch's border")
    func window() {
        let values = PatchWindow.standard.values
        #expect(values.allSatisfy { (0...1).contains($0) })
        func value(_ point: Int) -> Float {
            let place = FacePatch.places[point].rounded(.toNearestOrEven)
            return values[Int(place.y) * FacePatch.columns + Int(place.x)]
        }
        #expect(value(18) > 0.9)
        #expect(value(164) > 0.5)
        #expect(value(2) == 0)
        #expect(values.prefix(FacePatch.columns).allSatisfy { $0 < 0.2 })
    }
}
