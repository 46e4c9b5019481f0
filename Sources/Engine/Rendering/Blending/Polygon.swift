/// Geometry of closed polygons, given by their corners in order.
enum Polygon {
    /// The distance of a point from a polygon's edge, negative inside, in the polygon's unit.
    static func signedDistance(_ point: SIMD2<Float>, _ polygon: [SIMD2<Float>]) -> Float {
        var best = Float.infinity
        var previous = polygon[polygon.count - 1]
        for current in polygon {
            let edge = current - previous
            let offset = point - previous
            let t = min(max((offset * edge).sum() / max((edge * edge).sum(), 1e-9), 0), 1)
            let nearest = offset - edge * t
            best = min(best, (nearest * nearest).sum())
            previous = current
        }
        return contains(point, polygon) ? -best.squareRoot() : best.squareRoot()
    }

    /// Whether a point lies inside a polygon, by the even-odd rule.
    static func contains(_ point: SIMD2<Float>, _ polygon: [SIMD2<Float>]) -> Bool {
        var isInside = false
        var previous = polygon[polygon.count - 1]
        for current in polygon {
            if (current.y > point.y) != (previous.y > point.y) {
                let crossing =
                    previous.x + (point.y - previous.y) / (current.y - previous.y) * (current.x - previous.x)
                if point.x < crossing { isInside.toggle() }
            }
            previous = current
        }
        return isInside
    }
}
