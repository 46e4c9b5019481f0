import CLibAV

/// The rotation and mirroring that make a stored picture upright.
package struct PictureOrientation: Hashable, Sendable {
    /// The clockwise rotation in degrees: 0, 90, 180 or 270; without mirroring.
    package let degrees: Int
    /// The libavfilter steps that make the picture upright, in order; empty if it is stored so.
    package let filters: [String]

    /// Whether width and height are exchanged.
    package var swapsAxes: Bool { degrees % 180 == 90 }

    /// No rotation and no mirroring.
    package static let upright = PictureOrientation(degrees: 0, filters: [])

    init(degrees: Int, filters: [String]) {
        self.degrees = degrees
        self.filters = filters
    }

    /// The orientation for a value of EXIF's `Orientation`, 1…8; upright for any other.
    package init(exif value: Int) {
        switch value {
        case 2: self.init(degrees: 0, filters: ["hflip"])
        case 3: self.init(degrees: 180, filters: ["hflip", "vflip"])
        case 4: self.init(degrees: 0, filters: ["vflip"])
        case 5: self.init(degrees: 90, filters: ["transpose=cclock_flip"])
        case 6: self.init(degrees: 90, filters: ["transpose=clock"])
        case 7: self.init(degrees: 270, filters: ["transpose=clock_flip"])
        case 8: self.init(degrees: 270, filters: ["transpose=cclock"])
        default: self = .upright
        }
    }

    /// The orientation for a container's display matrix: nine numbers, row by row; upright for any other count.
    package init(displayMatrix matrix: [Int32]) {
        guard matrix.count == 9 else {
            self = .upright
            return
        }
        let counterclockwise = av_display_rotation_get(matrix)
        guard counterclockwise.isFinite else {
            self = .upright
            return
        }
        // Other angles are rounded to the nearest right angle; the face tracker finds faces at any angle.
        let quarter = (Int((-counterclockwise / 90).rounded()) % 4 + 4) % 4
        switch quarter {
        case 1: self.init(degrees: 90, filters: [matrix[3] > 0 ? "transpose=cclock_flip" : "transpose=clock"])
        case 2:
            let flips = (matrix[0] < 0 ? ["hflip"] : []) + (matrix[4] < 0 ? ["vflip"] : [])
            self.init(degrees: flips.count == 2 ? 180 : 0, filters: flips)
        case 3: self.init(degrees: 270, filters: [matrix[3] < 0 ? "transpose=clock_flip" : "transpose=cclock"])
        default: self.init(degrees: 0, filters: matrix[4] < 0 ? ["vflip"] : [])
        }
    }
}
