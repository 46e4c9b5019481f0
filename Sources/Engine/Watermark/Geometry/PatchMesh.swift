import Face

/// Mesh points of a face and the triangles between them that carry the patch from the mean face into a picture.
///
/// Inside a triangle places are mapped affinely. Any points will do that span the lower face: in the mean face all sets
/// of points agree, and in a real one they differ by less than a pixel of the patch nearly everywhere.
package struct PatchMesh: Sendable {
    /// The triangles' corners as numbers in the list of points.
    let triangles: [Triangulation.Triangle]
    /// The places of the points in patch pixels.
    let places: [SIMD2<Float>]
    /// The triangle of each pixel of the patch, in rows of pixels.
    package let runs: [Run]

    /// Neighbouring pixels of one row that lie in the same triangle.
    package struct Run: Sendable {
        package var row: Int
        package var columns: Range<Int>
        var triangle: Int
    }

    /// - Parameter meshPoints: Indices of different points of the mesh.
    package init(meshPoints: [Int]) {
        let places = meshPoints.map { FacePatch.places[$0] }
        let mouth = Polygon(corners: Landmarks.innerLips.map { FacePatch.places[$0] })
        let oval = Polygon(corners: PatchWindow.oval.map { FacePatch.places[$0] })
        let inner = Set(Landmarks.innerLips)
        triangles = Triangulation.triangles(places).filter { triangle in
            let corners = [triangle.x, triangle.y, triangle.z]
            let middle = corners.reduce(.zero) { $0 + places[$1] } / 3
            return mouth.depth(middle) <= 0 && oval.depth(middle) >= 0
                && !corners.allSatisfy { inner.contains(meshPoints[$0]) }
        }
        self.places = places
        runs = Self.runs(triangles, places)
    }

    /// Twice the area of a triangle; negative where it is turned over.
    package static func doubleArea(_ a: SIMD2<Float>, _ b: SIMD2<Float>, _ c: SIMD2<Float>) -> Float {
        (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
    }

    private static func runs(_ triangles: [Triangulation.Triangle], _ places: [SIMD2<Float>]) -> [Run] {
        var owners = [Int](repeating: -1, count: FacePatch.count)
        for (number, triangle) in triangles.enumerated() {
            let (a, b, c) = (places[triangle.x], places[triangle.y], places[triangle.z])
            let low = pointwiseMin(pointwiseMin(a, b), c).rounded(.up)
            let high = pointwiseMax(pointwiseMax(a, b), c).rounded(.down)
            let (left, top) = (max(Int(low.x), 0), max(Int(low.y), 0))
            let (right, bottom) = (min(Int(high.x), FacePatch.columns - 1), min(Int(high.y), FacePatch.rows - 1))
            guard left <= right, top <= bottom else { continue }
            for row in top...bottom {
                for column in left...right where owners[row * FacePatch.columns + column] < 0 {
                    let pixel = SIMD2(Float(column), Float(row))
                    let areas = SIMD3(doubleArea(a, b, pixel), doubleArea(b, c, pixel), doubleArea(c, a, pixel))
                    if areas.min() >= 0 { owners[row * FacePatch.columns + column] = number }
                }
            }
        }
        var runs: [Run] = []
        for row in 0..<FacePatch.rows {
            var column = 0
            while column < FacePatch.columns {
                let start = column
                let owner = owners[row * FacePatch.columns + column]
                while column < FacePatch.columns, owners[row * FacePatch.columns + column] == owner { column += 1 }
                if owner >= 0 { runs.append(Run(row: row, columns: start..<column, triangle: owner)) }
            }
        }
        return runs
    }
}
