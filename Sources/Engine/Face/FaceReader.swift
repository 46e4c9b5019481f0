public import Inference
public import Media

/// Reads the mesh of a face whose place is known already, without looking for faces.
public final class FaceReader {
    private let mesh: FaceMesh

    /// - Parameter models: Are used by this reader alone: sessions belong to one thread.
    public init(_ models: FaceModels) { mesh = FaceMesh(models.mesh) }

    /// Loads the one network that it needs, from the folder of all.
    ///
    /// - Throws: `InferenceError` of kind `modelUnreadable` when its file is missing or cannot be read.
    public init(folder: String, runtime: any InferenceRuntime) throws {
        mesh = FaceMesh(try FaceModels.loadMesh(folder: folder, runtime: runtime))
    }

    /// The 468 points of the face in pixels.
    ///
    /// - Parameter points: The 468 points of the face as it lies there, within a tenth of its width; depth does not matter.
    /// - Returns: `nil` where the network sees no face there.
    /// - Throws: `InferenceError` when the network cannot be run.
    public func landmarks(_ frame: VideoFrame, near points: [SIMD3<Float>]) throws -> [SIMD3<Float>]? {
        let (landmarks, presence) = try mesh.read(frame, region: FaceRegion(around: points))
        return presence >= FaceMesh.minimumPresence ? landmarks : nil
    }
}
