import Face

/// Groups of cells of a `FaceThumbnail`: face, mouth, and skin that speech does not move.
///
/// Radii are in canonical units, fitted to the mean face; unmeasured.
enum FaceThumbnailZones {
    /// The middle of the mean face's mouth in canonical space.
    private static let middle =
        (MeanFace.points[Landmarks.upperLipMiddle] + MeanFace.points[Landmarks.lowerLipMiddle]) / 2

    /// Cells that show the face in all usual poses: an ellipse around the mouth that reaches less far down than up.
    static let face = cells { place in
        let radius = SIMD2<Float>(0.52, place.y < 0 ? 0.45 : 0.37)
        let share = place / radius
        return (share * share).sum() < 1
    }
    /// Cells that the lips cover while speaking.
    static let mouth = cells { place in
        let share = place / SIMD2(0.30, 0.13)
        return (share * share).sum() < 1
    }
    /// Cells of `face` that speech hardly changes.
    static let skin: [Int] = {
        let moving = Set(cells { abs($0.x) < 0.36 && $0.y > -0.16 && $0.y < 0.22 })
        return face.filter { !moving.contains($0) }
    }()
    /// For every cell the nearest one of `face`, whose cover it takes over: a thing that enters from outside continues
    /// there.
    static let nearestFace: [Int] = (0..<FaceThumbnail.cellCount).map { cell in
        face.min { distance($0, cell) < distance($1, cell) }!
    }
    /// For every cell its neighbours in `face`, by edge and corner.
    static let neighbours: [[Int]] = (0..<FaceThumbnail.cellCount).map { cell in
        face.filter { $0 != cell && distance($0, cell) <= 2 }
    }

    /// The cells whose middle, relative to that of the mouth in canonical units, meets a condition.
    private static func cells(_ isIn: (SIMD2<Float>) -> Bool) -> [Int] {
        (0..<FaceThumbnail.cellCount).filter { cell in
            let column = Float(cell % FaceThumbnail.columns) + 0.5
            let row = Float(cell / FaceThumbnail.columns) + 0.5
            let corner = FaceThumbnail.corner
            return isIn(
                SIMD2(corner.x + column * FaceThumbnail.cell, corner.y + row * FaceThumbnail.cell)
                    - SIMD2(middle.x, middle.y))
        }
    }

    /// The squared distance of two cells, in cells.
    private static func distance(_ a: Int, _ b: Int) -> Int {
        let across = a % FaceThumbnail.columns - b % FaceThumbnail.columns
        let down = a / FaceThumbnail.columns - b / FaceThumbnail.columns
        return across * across + down * down
    }
}
