public import Face
public import Foundation
import Inference
public import Speech

/// Where the inference runtime, the face models and the mouth network lie.
///
/// `LIPSMITH_RUNTIME` names the folder. Without it the folders above the executable are searched for `.third-party`
/// (a build in its source tree) and `lib/lipsmith` (an installation).
public struct Installation: Sendable {
    /// The folder that holds `openvino` and `models`.
    public let folder: String

    /// The name of the setting that overrides the search.
    public static let setting = "LIPSMITH_RUNTIME"

    /// Uses `folder` as it is.
    public init(folder: String) { self.folder = folder }

    /// Finds the installation of the running program, or `nil`.
    public static func find(
        executable: String = currentExecutable,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Installation? {
        if let folder = environment[setting], !folder.isEmpty { return Installation(folder: folder) }
        var parent = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        while parent.path != "/" {
            for name in [".third-party", "lib/lipsmith"] {
                let candidate = Installation(folder: parent.appendingPathComponent(name).path)
                if candidate.missingFiles.isEmpty { return candidate }
            }
            parent.deleteLastPathComponent()
        }
        return nil
    }

    /// The path of the running program.
    public static var currentExecutable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    /// The inference runtime's folder.
    public var runtimeFolder: String { folder + "/openvino" }
    /// The folder of the face models and the mouth network.
    public var modelFolder: String { folder + "/models" }

    /// The folder of the voice network and its voices, which may be missing.
    public var voiceFolder: String { folder + "/voices" }

    /// A portrait to try things with, which may be missing.
    public var samplePicture: String { folder + "/media/astronaut.png" }

    /// Needed files that are not there.
    public var missingFiles: [String] {
        ([runtimeFolder + "/libopenvino_c.so"]
            + (FaceModels.fileNames + [MouthNetwork.fileName]).map { modelFolder + "/" + $0 })
            .filter { !FileManager.default.isReadableFile(atPath: $0) }
    }

    /// Loads the face networks.
    /// - Throws: `InferenceError`.
    public func loadFaceModels() throws -> FaceModels {
        try FaceModels(folder: modelFolder, runtime: OpenVINO.shared(folder: runtimeFolder))
    }

    /// Loads what reads faces whose places are known.
    /// - Throws: `InferenceError`.
    func loadFaceReader() throws -> FaceReader {
        try FaceReader(folder: modelFolder, runtime: OpenVINO.shared(folder: runtimeFolder))
    }

    /// Loads the network that turns sound into mouth motion.
    /// - Throws: `InferenceError`.
    public func loadSpeechEncoder() throws -> any SpeechEncoder {
        try MouthNetwork(folder: modelFolder, runtime: OpenVINO.shared(folder: runtimeFolder))
    }
}
