/// A closed polygon in the plane.
struct Polygon {
    let corners: [SIMD2<Float>]

    /// The distance of a place from the polygon's edge, positive inside and negative outside.
    func depth(_ place: SIMD2<Float>) -> Float {
        var nearest = Float.infinity
        var isInside = false
        var start = corners[corners.count - 1]
        for end in corners {
            let (edge, offset) = (end - start, place - start)
            let share = min(max((edge * offset).sum() / max((edge * edge).sum(), 1e-12), 0), 1)
            let miss = offset - edge * share
            nearest = min(nearest, (miss * miss).sum())
            if (start.y > place.y) != (end.y > place.y), offset.x < edge.x * offset.y / edge.y { isInside.toggle() }
            start = end
        }
        return isInside ? nearest.squareRoot() : -nearest.squareRoot()
    }
}
