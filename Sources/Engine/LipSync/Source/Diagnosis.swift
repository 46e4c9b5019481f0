import Face
import Foundation
import Inference
import Speech

/// What of Lipsmith's needs is installed on this machine.
public struct Diagnosis: Codable, Sendable {
    /// One thing that is needed.
    public struct Item: Codable, Sendable {
        /// What it is.
        public var name: String
        /// Whether it works: it was loaded, not only seen.
        public var isWorking: Bool
        /// Where it is, or what went wrong.
        public var detail: String
        /// How to get it.
        public var remedy: String?

        /// Describes a thing.
        public init(name: String, isWorking: Bool, detail: String, remedy: String?) {
            self.name = name
            self.isWorking = isWorking
            self.detail = detail
            self.remedy = remedy
        }
    }

    /// Everything that is needed.
    public var items: [Item]

    /// Whether nothing is missing.
    public var isComplete: Bool { items.allSatisfy(\.isWorking) }

    /// Tries every part.
    public init() {
        items = []
        let installation = Installation.find()
        let remedy = "run `make setup`, or set \(Installation.setting) to the folder that holds `openvino` and `models`"
        check("inference runtime (OpenVINO)", remedy: remedy) {
            guard let installation else { throw RenderFailure.notFound }
            _ = try OpenVINO(folder: installation.runtimeFolder)
            return installation.runtimeFolder
        }
        check("face models (MediaPipe)", remedy: remedy) {
            guard let installation else { throw RenderFailure.notFound }
            _ = try installation.loadFaceModels()
            return installation.modelFolder
        }
        check("mouth network (Whisper)", remedy: remedy) {
            guard let installation else { throw RenderFailure.notFound }
            var analyzer = SpeechAnalyzer(encoder: try installation.loadSpeechEncoder())
            try analyzer.append([Float](repeating: 0, count: 1600))
            _ = try analyzer.finish()
            return installation.modelFolder
        }
    }

    private mutating func check(_ name: String, remedy: String, _ body: () throws -> String) {
        do {
            items.append(Item(name: name, isWorking: true, detail: try body(), remedy: nil))
        } catch {
            items.append(Item(name: name, isWorking: false, detail: "\(error)", remedy: remedy))
        }
    }
}

extension RenderFailure {
    fileprivate static let notFound = RenderFailure(
        .installationIncomplete, message: "not found beside the program", suggestion: "Run `make setup`.")
}
