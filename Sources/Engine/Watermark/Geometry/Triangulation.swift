/// Delaunay triangulation of a few hundred points (Bowyer, Computer J. 24, 162, and Watson, ibid. 167, 1981).
package enum Triangulation {
    /// Three numbers of points, turning as the x axis turns to the y axis.
    package typealias Triangle = SIMD3<Int>

    private struct Circle {
        var triangle: Triangle
        var center: SIMD2<Double>
        var squaredRadius: Double
    }

    /// How far points are shifted, in the points' unit: faces are symmetric, so that four points often lie on one
    /// circle, and rounding would decide. Far more than rounding, far less than a distance of points.
    private static let shift = 1e-3

    /// Twice the area of the smallest triangle that is kept, in squares of the points' unit.
    private static let leastDoubleArea: Float = 0.01

    /// The triangles between the points, which must not coincide.
    package static func triangles(_ points: [SIMD2<Float>]) -> [Triangle] {
        guard points.count >= 3 else { return [] }
        var places = points.enumerated().map { index, point in
            // Multiples of two irrational numbers never line up.
            let share = SIMD2(Double(index) * 0.618_034, Double(index) * 0.414_214)
            return SIMD2<Double>(point) + shift * (share - share.rounded(.down))
        }
        let low = places.reduce(places[0], pointwiseMin)
        let high = places.reduce(places[0], pointwiseMax)
        let reach = 1e4 * max(high.x - low.x, high.y - low.y, 1)
        let outer = places.count
        places += [low + SIMD2(-reach, -reach), low + SIMD2(3 * reach, -reach), low + SIMD2(-reach, 3 * reach)]
        var circles = [circle(SIMD3(outer, outer + 1, outer + 2), places)]
        for point in 0..<outer {
            var edges: [SIMD2<Int>] = []
            circles.removeAll { circle in
                let offset = places[point] - circle.center
                guard (offset * offset).sum() < circle.squaredRadius else { return false }
                let triangle = circle.triangle
                edges += [SIMD2(triangle.x, triangle.y), SIMD2(triangle.y, triangle.z), SIMD2(triangle.z, triangle.x)]
                return true
            }
            // An edge between two of the removed triangles is there in both directions.
            for edge in edges where !edges.contains(SIMD2(edge.y, edge.x)) {
                circles.append(circle(SIMD3(edge.x, edge.y, point), places))
            }
        }
        return circles.map(\.triangle).filter { triangle in
            guard triangle.max() < outer else { return false }
            // Between points on one line there are triangles only because of the shift.
            let (a, b, c) = (points[triangle.x], points[triangle.y], points[triangle.z])
            return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > leastDoubleArea
        }
    }

    private static func circle(_ triangle: Triangle, _ places: [SIMD2<Double>]) -> Circle {
        let origin = places[triangle.x]
        let (b, c) = (places[triangle.y] - origin, places[triangle.z] - origin)
        let scale = 0.5 / (b.x * c.y - b.y * c.x)
        let (bb, cc) = ((b * b).sum(), (c * c).sum())
        let offset = SIMD2(c.y * bb - b.y * cc, b.x * cc - c.x * bb) * scale
        return Circle(triangle: triangle, center: origin + offset, squaredRadius: (offset * offset).sum())
    }
}
