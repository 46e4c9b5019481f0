/// Names of sending programs that mean something to the server itself.
public enum GenerationSource {
    /// What came by Hedra's interface. Its models and statuses are its own, so each interface lists what came by it.
    public static let hedra = "hedra"
    /// What came by Lipsmith's own interface, likewise.
    public static let own = "lipsmith"
    /// The names of interfaces: no sending program may have one.
    public static let interfaces: Set<String> = [hedra, own]
    /// What names no program.
    public static let unnamed = "api"
}
