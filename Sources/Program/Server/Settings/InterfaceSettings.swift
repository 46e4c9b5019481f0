public import Generations

/// A published interface, by the name under which it is switched on.
public enum PublishedInterface: String, CaseIterable, Sendable {
    /// Sync's API v2.
    case sync
    /// Hedra's web API.
    case hedra
    /// Hedra's API v3.
    case hedra3
    /// What ComfyUI's own nodes call.
    case comfy
    /// fal's queue.
    case fal
    /// OpenAI's speech.
    case openai
}

/// What an operator has set about the published interfaces.
public struct InterfaceSettings: Sendable {
    /// Those that are answered.
    public var served: Set<PublishedInterface>
    /// Whether an accepted generation is answered with 201.
    public var answersCreated: Bool
    /// Whether the cost route answers with a list.
    public var listsCost: Bool
    /// Whether a voice beside a translation is refused.
    public var refusesVoiceBesideDub: Bool
    /// What frames cost.
    public var prices: PriceList
    /// The credits of an organisation in Hedra's interface; nil for any number.
    public var hedraCredits: Int?
    /// The name of the error of an organisation that has spent them.
    public var hedraCreditsError: String
    /// Whether ComfyUI's own nodes on this machine need no key.
    public var letsComfyUIIn: Bool
    /// Whether inputs of Hedra's API v3 may name addresses of others.
    public var takesAddresses: Bool

    init(_ reader: SettingReader) throws(ConfigurationError) {
        served = try reader.interfaces("interfaces")
        answersCreated = try reader.choice("create-status") == "201"
        listsCost = try reader.choice("cost-reply") == "list"
        refusesVoiceBesideDub = try reader.flag("refuse-voice-with-dub")
        prices = try reader.prices("prices")
        let credits = Int(try reader.number("hedra-credits"))
        hedraCredits = credits < 0 ? nil : credits
        hedraCreditsError = try reader.choice("hedra-credits-error")
        takesAddresses = try reader.choice("hedra-inputs") == "any"
        letsComfyUIIn = try reader.flag("comfyui-keyless")
    }
}
