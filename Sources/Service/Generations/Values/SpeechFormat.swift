/// A form of sound in which speech is handed out while it is spoken.
public enum SpeechFormat: String, CaseIterable, Hashable, Sendable {
    case mp3
    /// Opus in Ogg.
    case opus
    /// AAC in ADTS frames.
    case aac
    case flac
    /// RIFF WAVE, whose header states no length.
    case wav
    /// 16 bits, little-endian, one channel of 24 kHz, without a header.
    case pcm

    /// The media type.
    public var mediaType: String {
        switch self {
        case .mp3: "audio/mpeg"
        default: "audio/\(rawValue)"
        }
    }
}
