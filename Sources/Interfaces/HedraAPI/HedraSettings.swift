import Generations

/// What an operator may choose about this interface.
public struct HedraSettings: Sendable {
    /// The largest uploaded file, in bytes.
    public var uploadByteLimit: Int64 = 5 * 1024 * 1024 * 1024
    /// The credits that an organisation may spend; nil for any number, which is shown as a large constant.
    public var credits: Int?
    /// The name of the error of an organisation that has spent them.
    public var creditsErrorName = "MISSING_CREDITS"
    /// How many jobs are rendered at once, for estimates of the time that is left.
    public var renderSlots = 1
    /// The longest text that is spoken, in characters.
    public var scriptLimit = SpeakableText.mostCharacters
    /// The most items of a list.
    public var listLimit = 1000

    /// The contract's recommended choices.
    public init() {}
}
