public import Inference

/// The networks that find and read faces, loaded once for one thread.
///
/// The models are MediaPipe's (Apache-2.0): two detectors, for faces near the camera and further away, and a mesh of
/// 468 points.
public final class FaceModels: Sendable {
    let nearDetector: any InferenceSession
    let farDetector: any InferenceSession
    let mesh: any InferenceSession

    /// The names of the model files that `init` reads: near detector, far detector, mesh.
    public static let fileNames = [
        "face_detection_short_range.tflite", "face_detection_full_range_sparse.tflite", "face_landmark.tflite",
    ]

    /// Loads the networks from `folder`, each for one thread.
    ///
    /// - Throws: `InferenceError` of kind `modelUnreadable` when a file is missing or cannot be read.
    public init(folder: String, runtime: any InferenceRuntime) throws {
        let sessions = try Self.fileNames.map { try Self.load($0, folder: folder, runtime) }
        nearDetector = sessions[0]
        farDetector = sessions[1]
        mesh = sessions[2]
    }

    /// Loads the mesh alone, for who knows where faces are.
    static func loadMesh(folder: String, runtime: any InferenceRuntime) throws -> any InferenceSession {
        try load(fileNames[2], folder: folder, runtime)
    }

    private static func load(
        _ name: String, folder: String, _ runtime: any InferenceRuntime
    ) throws -> any InferenceSession {
        try runtime.load(folder + "/" + name, inputShape: nil, threadCount: 1)
    }
}
