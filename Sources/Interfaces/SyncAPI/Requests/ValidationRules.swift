public import Generations

/// What an installation offers and how strict it is.
public struct ValidationRules: Sendable {
    /// Something that needs a part which an installation may lack.
    public enum Feature: String, Sendable, CaseIterable {
        /// Text inputs.
        case speech
        /// Translation.
        case dubbing
        /// Pictures in place of videos.
        case pictures
        /// Feelings, and changing more than the mouth.
        case emotions
    }

    public var models = ModelCatalog.standard.adding(SyncModels.retired)
    /// What the installation can do.
    public var features: Set<Feature> = Set(Feature.allCases)
    /// Whether sound or text beside a translation is an error; otherwise it is ignored.
    public var refusesVoiceBesideDub = false
    /// Whether webhooks may go out unencrypted.
    public var allowsPlainWebhooks = true
    /// The names that a text's provider may have.
    public var speechProviders: Set<String> = ["elevenlabs"]
    /// The longest script in characters.
    public var scriptLimit = SpeakableText.mostCharacters
    /// The longest address in bytes.
    public var addressLimit = 8192
    /// The most inputs.
    public var inputLimit = 100
    /// The most segments.
    public var segmentLimit = 500
    /// The most of the client's own names.
    public var metadataCountLimit = 50
    /// The longest of the client's own names, in characters.
    public var metadataNameLimit = 64
    /// The longest of the client's own values, in characters.
    public var metadataValueLimit = 1024

    /// The contract's recommended choices.
    public init() {}
}
