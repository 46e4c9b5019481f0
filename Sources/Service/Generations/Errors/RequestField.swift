/// The place of a request that a refusal is about. Each interface that shows it has its own name for it.
public enum RequestField: Hashable, Sendable {
    /// Which voice speaks.
    case voice
    /// What is spoken.
    case script
    /// How an input is dubbed.
    case dubbing
    /// The language of the dub.
    case targetLanguage
    /// The inputs as a whole.
    case inputs
    /// The address of an input, counted from 0.
    case inputAddress(Int)
    /// The asset of an input, counted from 0.
    case inputAsset(Int)
    /// The one asset of a request.
    case asset
    /// The one address of a request.
    case address
    /// The name of what is made.
    case name
    /// The identifier that the client chose for what is made.
    case identifier
    /// The project to which it belongs.
    case project
    /// Where a page of a list begins.
    case cursor
    /// The key by which a repeated request is known.
    case idempotencyKey
    /// A place for which the caller gave a name.
    case named(String)
}
