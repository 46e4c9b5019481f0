import FoundationEssentials

/// Where the recogniser's model lies on disk.
public struct SpeechModel: Hashable, Sendable {
    /// The setting that names another model folder than Debian's.
    public static let environmentVariable = "LIPSMITH_SPEECH_MODEL"
    /// The folder of Debian's package pocketsphinx-en-us.
    public static let debianFolder = "/usr/share/pocketsphinx/model/en-us"

    /// The folder of the acoustic model.
    public let acousticModel: String
    /// The file of the phone language model.
    public let phoneLanguageModel: String

    /// Finds the model in `folder`, or else in the folder that `LIPSMITH_SPEECH_MODEL` names, or else in Debian's.
    ///
    /// Throws `SpeechError` with the code `modelMissing` and the name of the first missing file.
    public init(folder: String? = nil) throws {
        let setting = ProcessInfo.processInfo.environment[Self.environmentVariable].flatMap { $0.isEmpty ? nil : $0 }
        let base = folder ?? setting ?? Self.debianFolder
        acousticModel = base + "/en-us"
        phoneLanguageModel = base + "/en-us-phone.lm.bin"
        // The recogniser ends the whole process on some missing files, so look before it does.
        let needed = ["mdef", "means", "variances", "transition_matrices", "feat.params", "noisedict"]
        for file in needed.map({ "\(acousticModel)/\($0)" }) + [phoneLanguageModel]
        where !FileManager.default.isReadableFile(atPath: file) {
            throw SpeechError.modelMissing(file)
        }
    }
}
