/// What the engine takes at most. Whoever hands work to it cannot allow more.
public enum EngineLimits {
    /// The longest clip and the longest sound, seconds.
    public static let mediaSeconds = 7200.0
}
