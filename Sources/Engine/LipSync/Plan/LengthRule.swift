/// What happens when picture and sound differ in length.
public enum LengthRule: String, Codable, CaseIterable, Sendable {
    /// The picture plays forward and backward until the sound ends.
    case bounce
    /// The picture starts again until the sound ends.
    case loop
    /// The longer one is cut.
    case cutOff = "cut_off"
    /// The shorter one is filled: the sound with silence, the picture with its last frame.
    case silence
    /// The picture is slowed down or sped up to the sound's length.
    case remap

    /// Whether the output ends where the sound ends, so that no source frame past the sound's end is
    /// read: true for `bounce`, `loop` and `cutOff`.
    package var endsWithSound: Bool { [.bounce, .loop, .cutOff].contains(self) }
}
