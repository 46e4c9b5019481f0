/// How a video is made: the name under which an engine offers it. In plans it is written as that name.
public struct EngineProfile: RawRepresentable, Codable, Hashable, Sendable {
    /// The name, as in plans.
    public let rawValue: String

    /// Names a profile. Whether an engine serves it, `EngineRegistry` knows.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Lips of a clip: the frame's own mouth is bent. Fastest.
    public static let warp = EngineProfile(rawValue: "warp")
    /// Lips of a clip: a mouth from the speaker's own pictures is blended over the bent face.
    public static let mouthBank = EngineProfile(rawValue: "mouthBank")
    /// Likewise, in two bands, with the grain and the sharpness of each frame. Slower.
    public static let mouthBankFine = EngineProfile(rawValue: "mouthBankFine")
    /// A picture that speaks.
    public static let portrait = EngineProfile(rawValue: "portrait")
    /// Media are cleaned, enlarged and mixed; no lips move.
    public static let media = EngineProfile(rawValue: "media")
}
