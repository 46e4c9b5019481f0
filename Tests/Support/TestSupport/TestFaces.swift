package import Face
import Inference

/// The real networks of the source tree.
package enum TestFaces {
    /// Where the runtime lies.
    package static let runtimeFolder = Repository.thirdParty + "/openvino"
    /// Where the networks lie.
    package static let modelFolder = Repository.thirdParty + "/models"

    /// A tracker of its own, so that tests can run at once.
    package static func tracker() throws -> FaceTracker { FaceTracker(try models()) }

    /// Networks of its own.
    package static func models() throws -> FaceModels {
        try FaceModels(folder: modelFolder, runtime: try OpenVINO(folder: runtimeFolder))
    }
}
