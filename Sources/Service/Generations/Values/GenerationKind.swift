/// What kind of work a generation is. The raw values are stored.
public enum GenerationKind: String, Sendable, CaseIterable {
    case lipSync = "lip_sync"
    case photoAnimation = "photo_animation"
    case speech
    case voiceIsolation = "voice_isolation"
    case upscaling = "enlargement"
    case voiceConversion = "voice_conversion"
    case voiceCloning = "voice_cloning"

    /// The kinds whose result is a video in which lips move: what the render engine does.
    public static let movingLips: Set<GenerationKind> = [.lipSync, .photoAnimation]
    /// Whether this is one of them.
    public var movesLips: Bool { Self.movingLips.contains(self) }

    /// Whether its jobs go before renders: speech and what other services do takes seconds.
    public var priority: JobPriority {
        switch self {
        case .speech, .voiceConversion, .voiceCloning: .short
        case .lipSync, .photoAnimation, .voiceIsolation, .upscaling: .render
        }
    }
}
