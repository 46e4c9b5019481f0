import Face

/// Which cells of a thumbnail are face, mouth, and skin that speech leaves alone.
enum FaceThumbnailZones {
    /// The middle of the mouth in canonical units.
    private static let middle =
        (MeanFace.points[Landmarks.upperLipMiddle] + MeanFace.points[Landmarks.lowerLipMiddle]) / 2

    /// Cells that show the face in every usual pose: an ellipse around the mouth, a little less far down than up.
    static let face = cells { place in
        let radius = SIMD2<Float>(0.52, place.y < 0 ? 0.45 : 0.37)
        let share = place / radius
        return (share * share).sum() < 1
    }
    /// Cells over which the lips pass when they speak.
    static let mouth = cells { place in
        let share = place / SIMD2(0.30, 0.13)
        return (share * share).sum() < 1
    }
    /// Face cells that speech hardly changes.
    static let skin: [Int] = {
        let moving = Set(cells { abs($0.x) < 0.36 && $0.y > -0.16 && $0.y < 0.22 })
        return face.filter { !moving.contains($0) }
    }()
    /// For every cell the nearest one of the face: what enters from outside is taken to go on there.
    static let nearestFace: [Int] = (0..<FaceThumbnail.cellCount).map { cell in
        face.min { distance($0, cell) < distance($1, cell) }!
    }
    /// The neighbours of every face cell within the face, edge and corner.
    static let neighbours: [[Int]] = (0..<FaceThumbnail.cellCount).map { cell in
        face.filter { $0 != cell && distance($0, cell) <= 2 }
    }

    /// The cells whose middle, in canonical units from the mouth's, meets a condition.
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

    /// The squared distance of two cells.
    private static func distance(_ a: Int, _ b: Int) -> Int {
        let across = a % FaceThumbnail.columns - b % FaceThumbnail.columns
        let down = a / FaceThumbnail.columns - b / FaceThumbnail.columns
        return across * across + down * down
    }
}
