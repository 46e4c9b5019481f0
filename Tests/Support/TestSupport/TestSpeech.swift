import Inference
package import Speech

/// The real network of the source tree.
package enum TestSpeech {
    /// An encoder of its own, so that tests can run at once.
    package static func encoder() throws -> MouthNetwork {
        try MouthNetwork(folder: TestFaces.modelFolder, runtime: try OpenVINO(folder: TestFaces.runtimeFolder))
    }
}
