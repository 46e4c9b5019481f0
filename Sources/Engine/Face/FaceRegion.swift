import Foundation

/// A rotated square of a picture in which a network looks for a face.
struct FaceRegion: Codable, Equatable, Sendable {
    /// The centre in pixels.
    var center: SIMD2<Float>
    /// The length of a side in pixels.
    var sidePixels: Float
    /// The clockwise turn in radians that makes the eyes level.
    var angleRadians: Float

    /// The side of the square in sides of the face's bounding box: MediaPipe's tracker uses the same factor.
    static let margin: Float = 1.5

    init(center: SIMD2<Float>, sidePixels: Float, angleRadians: Float) {
        self.center = center
        self.sidePixels = sidePixels
        self.angleRadians = angleRadians
    }

    /// The region of a mesh: turned by the line between the outer eye corners, around all its points.
    init(around landmarks: [SIMD3<Float>]) {
        let outline = FaceRectangle(around: landmarks)
        center = outline.center
        sidePixels = outline.size.max() * Self.margin
        angleRadians = outline.angleRadians
    }

    /// The region of a detection, turned by the line between its eyes.
    init(_ detection: FaceDetection) {
        center = detection.box.center
        sidePixels = max(detection.box.width, detection.box.height) * Self.margin
        angleRadians = detection.angleRadians
    }

    /// Steps of `onGrid`: of the place and the side in about this part of the side, of the angle in radians. A step is a
    /// twentieth of a pixel of the mesh network's picture, far below its noise.
    private static let gridShare: Float = 4096
    private static let gridAngle: Float = 1.0 / 4096

    /// The nearest region on a grid.
    ///
    /// Two trackers that have begun at different frames read nearly the same meshes after some frames, but would go on to
    /// differ by the last bits for ever. On a grid they look at the same pixels, and from then on read the same bits.
    var onGrid: FaceRegion {
        guard sidePixels > 0, sidePixels.isFinite else { return self }
        let step = Float(sign: .plus, exponent: (sidePixels / Self.gridShare).exponent, significand: 1)
        return FaceRegion(
            center: (center / step).rounded(.toNearestOrEven) * step,
            sidePixels: (sidePixels / step).rounded() * step,
            angleRadians: (angleRadians / Self.gridAngle).rounded() * Self.gridAngle)
    }

    /// The angle between two directions given in radians; in radians, 0…π.
    static func turn(from first: Float, to second: Float) -> Float {
        abs((second - first).remainder(dividingBy: 2 * .pi))
    }

    /// The map from pixel positions of a `side × side` crop to positions of the picture.
    func cropToPicture(side: Int) -> AffineMap {
        let scale = sidePixels / Float(side)
        let cosine = cos(angleRadians) * scale
        let sine = sin(angleRadians) * scale
        let half = Float(side) / 2
        return AffineMap(
            xx: cosine, xy: -sine, x0: center.x - cosine * half + sine * half,
            yx: sine, yy: cosine, y0: center.y - sine * half - cosine * half)
    }
}

/// The smallest rectangle around a mesh whose sides lie along and across the line between the outer eye corners.
public struct FaceRectangle: Sendable {
    /// The middle in pixels.
    public let center: SIMD2<Float>
    /// Width and height along the face's own axes, in pixels.
    public let size: SIMD2<Float>
    /// The direction of the line from the right to the left eye, clockwise in radians; 0 for an upright face.
    public let angleRadians: Float

    /// The rectangle around the 468 points of a face.
    public init(around landmarks: [SIMD3<Float>]) {
        let eyes = landmarks[Landmarks.leftEyeOuter] - landmarks[Landmarks.rightEyeOuter]
        angleRadians = atan2(eyes.y, eyes.x)
        let (sine, cosine) = (sin(angleRadians), cos(angleRadians))
        var low = SIMD2<Float>(repeating: .infinity)
        var high = -low
        for point in landmarks {
            let turned = SIMD2(cosine * point.x + sine * point.y, cosine * point.y - sine * point.x)
            low = pointwiseMin(low, turned)
            high = pointwiseMax(high, turned)
        }
        let middle = (low + high) / 2
        center = SIMD2(cosine * middle.x - sine * middle.y, sine * middle.x + cosine * middle.y)
        size = high - low
    }

    /// The direction in the picture from the forehead to the chin, of length 1.
    public var down: SIMD2<Float> { SIMD2(-sin(angleRadians), cos(angleRadians)) }
}

/// A two-dimensional affine map: x' = xx·x + xy·y + x0 and y' = yx·x + yy·y + y0.
struct AffineMap: Sendable {
    var xx: Float
    var xy: Float
    var x0: Float
    var yx: Float
    var yy: Float
    var y0: Float

    @inline(__always)
    func apply(_ x: Float, _ y: Float) -> SIMD2<Float> {
        SIMD2(xx * x + xy * y + x0, yx * x + yy * y + y0)
    }
}

/// An upright rectangle, given by its edges in pixels.
public struct FaceBox: BitwiseCopyable, Codable, Hashable, Sendable {
    public var left: Float
    public var top: Float
    public var right: Float
    public var bottom: Float

    public init(left: Float, top: Float, right: Float, bottom: Float) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// The smallest rectangle around the points.
    public init(around points: [SIMD3<Float>]) {
        self.init(left: .infinity, top: .infinity, right: -.infinity, bottom: -.infinity)
        for point in points {
            left = min(left, point.x)
            top = min(top, point.y)
            right = max(right, point.x)
            bottom = max(bottom, point.y)
        }
    }

    /// In pixels; negative for a rectangle whose edges are swapped.
    public var width: Float { right - left }
    /// In pixels; negative for a rectangle whose edges are swapped.
    public var height: Float { bottom - top }
    /// The middle in pixels.
    public var center: SIMD2<Float> { SIMD2(left + right, top + bottom) / 2 }
    /// In square pixels; 0 for a rectangle whose edges are swapped.
    public var area: Float { max(width, 0) * max(height, 0) }

    /// Whether the point, in pixels, lies inside or on an edge.
    public func contains(_ point: SIMD2<Float>) -> Bool {
        point.x >= left && point.x <= right && point.y >= top && point.y <= bottom
    }

    /// Intersection over union of the two areas, 0…1.
    public func overlap(_ other: FaceBox) -> Float {
        let shared = FaceBox(
            left: max(left, other.left), top: max(top, other.top),
            right: min(right, other.right), bottom: min(bottom, other.bottom))
        guard shared.width > 0, shared.height > 0 else { return 0 }
        return shared.area / (area + other.area - shared.area)
    }
}
