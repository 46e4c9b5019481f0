/// Names of sending programs that mean something to the server itself.
public enum GenerationSource {
    /// What came by Hedra's interface. Its models and statuses are its own, so each interface lists what came by it.
    public static let hedra = "hedra"
    /// What came by Hedra's API v3.
    public static let hedraV3 = "hedra3"
    /// What came by Lipsmith's own interface, likewise.
    public static let own = "lipsmith"
    /// What came by fal's queue.
    public static let fal = "fal"
    /// What ComfyUI's nodes send: those of its own, and Sync's extension, which names itself.
    public static let comfyUI = "comfyui"
    /// What no sending program may call itself.
    public static let reserved = interfaces.union([fal])
    /// The interfaces whose generations the others do not list.
    public static let interfaces: Set<String> = [hedra, hedraV3, own]
    /// What names no program.
    public static let unnamed = "api"
}
