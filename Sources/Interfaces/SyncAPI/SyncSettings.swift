public import Generations

/// What an operator may choose about this interface.
public struct SyncSettings: Sendable {
    /// What requests may contain and how strictly they are read.
    public var rules = ValidationRules()
    /// The largest file of a form, in bytes; a larger one is refused with 413.
    public var formFileByteLimit: Int64 = 20 * 1024 * 1024 - 1
    /// The largest announced upload, in bytes.
    public var uploadByteLimit: Int64 = 5 * 1024 * 1024 * 1024
    /// Whether an accepted generation is answered with 201, as documented, or with 200, which one older client wants.
    public var answersCreated = true
    /// Whether the cost route answers with a list of one estimate, as documented, or with the estimate alone.
    public var listsCost = true
    /// What frames cost.
    public var prices = PriceList()
    /// What a batch may hold.
    public var batchLimits = BatchLimits()
    /// The version that the public document names.
    public var version = "0"

    /// The contract's recommended choices.
    public init() {}
}
