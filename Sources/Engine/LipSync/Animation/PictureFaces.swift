import Face

/// The faces of a picture, in a form that outlives the process that found them.
struct PictureFaces: Codable {
    private struct Entry: Codable {
        var identity: Int
        var confidence: Float
        /// x, y and z of each point in pixels of the picture.
        var points: [Float]
    }

    private static let pointCount = 468

    private var width: Int
    private var height: Int
    private var entries: [Entry]

    init(_ faces: [FaceObservation], width: Int, height: Int) {
        self.width = width
        self.height = height
        entries = faces.map { face in
            Entry(
                identity: face.identity, confidence: face.confidence,
                points: face.landmarks.flatMap { [$0.x, $0.y, $0.z] })
        }
    }

    /// The faces, if they can be those of a picture of that size.
    func faces(width: Int, height: Int) -> [FaceObservation]? {
        let isWhole = entries.allSatisfy { $0.points.count == Self.pointCount * 3 && $0.points.allSatisfy(\.isFinite) }
        guard isWhole, width == self.width, height == self.height else { return nil }
        return entries.map { entry in
            FaceObservation(
                identity: entry.identity,
                landmarks: (0..<Self.pointCount).map {
                    SIMD3(entry.points[$0 * 3], entry.points[$0 * 3 + 1], entry.points[$0 * 3 + 2])
                }, confidence: entry.confidence)
        }
    }
}

/// The face networks, loaded when the first picture needs them: one whose faces are known does not.
final class LazyFaceModels {
    private let installation: Installation
    private var loaded: FaceModels?

    init(_ installation: Installation) { self.installation = installation }

    /// - Throws: `InferenceError`.
    func models() throws -> FaceModels {
        let models = try loaded ?? installation.loadFaceModels()
        loaded = models
        return models
    }
}
