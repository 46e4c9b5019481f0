import Face
import Media
import Rendering

/// Looks for the faces of a picture: at a small scale first, which is enough for most, then nearer.
struct PictureSearch {
    /// Networks see small crops, so that pieces of this size are enough to find faces in.
    private static let largestSide = 1280
    /// The mesh is read this often, each time from the crop of the last one, and the last readings are averaged.
    private static let readings = 6
    private static let averaged = 4
    /// Faces that are narrower in a piece are read again in a nearer one, where the picture has more of them.
    private static let leastReadPixels: Float = 100
    /// How much of the picture a nearer piece shows, in widths of the face.
    private static let pieceWidths: Float = 4
    /// The side of the smallest piece that is searched about a point: of the least face that may speak it shows what
    /// the far detector needs.
    private static let smallestSide = 480
    /// The side of the pieces in which small faces are looked for, and what neighbours share: more than a face that the
    /// look at the whole picture may miss.
    private static let pieceSide = 2560
    private static let pieceOverlap = 384
    private static let sameFaceOverlap: Float = 0.3

    let image: StillImage
    let models: LazyFaceModels

    /// All faces of the picture, in its pixels.
    ///
    /// - Throws: `MediaError`, `InferenceError`.
    func faces() throws -> [FaceObservation] {
        let found = try faces(in: whole)
        // At the small scale nothing is left of small faces.
        return found.isEmpty && isReduced(whole) ? try smallFaces() : try found.map(nearer)
    }

    /// Faces that are seen at the picture's own size only, which is looked at in pieces: large ones take much memory.
    private func smallFaces() throws -> [FaceObservation] {
        var faces: [FaceObservation] = []
        for top in Self.starts(image.height) {
            for left in Self.starts(image.width) {
                let piece = PictureRectangle(
                    left: left, top: top, width: min(Self.pieceSide, image.width - left) & ~1,
                    height: min(Self.pieceSide, image.height - top) & ~1)
                for face in try read(piece, searchesTiles: true)
                where !faces.contains(where: { $0.box.overlap(face.box) > Self.sameFaceOverlap }) {
                    faces.append(
                        FaceObservation(
                            identity: faces.count, landmarks: face.landmarks, confidence: face.confidence))
                }
            }
        }
        return faces
    }

    /// Where pieces begin that cover a length.
    private static func starts(_ length: Int) -> [Int] {
        guard length > pieceSide else { return [0] }
        let step = pieceSide - pieceOverlap
        let gaps = (length - pieceSide + step - 1) / step
        return (0...gaps).map { ((length - pieceSide) * $0 / gaps) & ~1 }
    }

    /// Faces about a point that the search of the whole picture has missed.
    ///
    /// - Parameter accepts: Whether a face is one that the point may mean.
    /// - Throws: `MediaError`, `InferenceError`.
    func faces(about point: PicturePoint, where accepts: (FaceObservation) -> Bool) throws -> [FaceObservation] {
        let isInside =
            point.x >= 0 && point.y >= 0 && point.x < Float(image.width) && point.y < Float(image.height)
        guard isInside else { return [] }
        var side = Self.smallestSide
        while side < max(image.width, image.height) {
            let found = try faces(in: square(about: SIMD2(point.x, point.y), side: Float(side))).filter(accepts)
            if !found.isEmpty { return try found.map(nearer) }
            side *= 2
        }
        return []
    }

    private var whole: PictureRectangle {
        PictureRectangle(left: 0, top: 0, width: image.width, height: image.height)
    }

    /// The same face from a piece that shows it larger, where it is small in the whole.
    private func nearer(_ face: FaceObservation) throws -> FaceObservation {
        let scale = min(1, Float(Self.largestSide) / Float(max(image.width, image.height)))
        guard scale < 1, face.widthPixels * scale < Self.leastReadPixels else { return face }
        let side = Self.pieceWidths * max(face.box.width, face.box.height)
        let found = try faces(in: square(about: face.box.center, side: side))
        guard let same = found.max(by: { $0.box.overlap(face.box) < $1.box.overlap(face.box) }),
            same.box.overlap(face.box) > Self.sameFaceOverlap
        else { return face }
        return FaceObservation(identity: face.identity, landmarks: same.landmarks, confidence: same.confidence)
    }

    /// A square of the picture as large as fits, moved inside it.
    private func square(about center: SIMD2<Float>, side: Float) -> PictureRectangle {
        let (width, height) = (min(Int(side), image.width) & ~1, min(Int(side), image.height) & ~1)
        func place(_ center: Float, _ length: Int, _ limit: Int) -> Int {
            min(max(Int(center) - length / 2, 0), limit - length)
        }
        return PictureRectangle(
            left: place(center.x, width, image.width), top: place(center.y, height, image.height), width: width,
            height: height)
    }

    private func isReduced(_ piece: PictureRectangle) -> Bool { max(piece.width, piece.height) > Self.largestSide }

    private func faces(in piece: PictureRectangle) throws -> [FaceObservation] { try read(piece, searchesTiles: false) }

    /// The faces of a piece, in pixels of the picture.
    ///
    /// - Parameter searchesTiles: Whether the piece keeps its size and is searched in tiles.
    private func read(_ piece: PictureRectangle, searchesTiles: Bool) throws -> [FaceObservation] {
        let longSide = Float(max(piece.width, piece.height))
        let scale = searchesTiles ? 1 : min(1, Float(Self.largestSide) / longSide)
        let frame = try image.cut(
            piece, width: max(16, Int((Float(piece.width) * scale).rounded()) & ~1),
            height: max(16, Int((Float(piece.height) * scale).rounded()) & ~1))
        let factor = Float(piece.width) / Float(frame.width)
        let corner = SIMD3(Float(piece.left), Float(piece.top), 0)
        let tracker = FaceTracker(try models.models(), searchesTiles: searchesTiles)
        var readings: [[FaceObservation]] = []
        for _ in 0..<Self.readings {
            readings.append(try tracker.track(frame).faces)
            if readings[0].isEmpty { break }
        }
        guard let last = readings.last else { return [] }
        return last.map { face in
            let same = readings.suffix(Self.averaged).compactMap { $0.first { $0.identity == face.identity } }
            let count = Float(same.count)
            return FaceObservation(
                identity: face.identity,
                landmarks: face.landmarks.indices.map { index in
                    same.reduce(.zero) { $0 + $1.landmarks[index] } / count * factor + corner
                },
                confidence: same.reduce(0) { $0 + $1.confidence } / count)
        }
    }
}
