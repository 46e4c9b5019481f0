public import Time

/// How long things are kept. Nil is for ever.
public struct RetentionPolicy: Hashable, Sendable {
    /// The files of an output, after the end of its generation. The generation itself stays.
    public var outputs: Duration?
    /// Assets that clients sent and that no generation, voice or project refers to.
    public var unusedInputs: Duration? = .seconds(7 * 86_400)
    /// Uploads of which no asset was made, after they were announced.
    public var uploads = Upload.validity
    /// Webhook deliveries that have ended.
    public var deliveries: Duration? = .seconds(30 * 86_400)
    /// What is remembered of the files that were made; `nil` for ever.
    public var outputRecords: Duration?

    /// The defaults.
    public init() {}
}

/// What an organisation keeps.
public struct StorageUse: Hashable, Sendable {
    /// Whose it is.
    public let organisation: OrganisationID
    /// Bytes of assets that clients sent.
    public let inputByteCount: Int64
    /// Bytes of what generations made.
    public let outputByteCount: Int64

    public init(organisation: OrganisationID, inputByteCount: Int64, outputByteCount: Int64) {
        self.organisation = organisation
        self.inputByteCount = inputByteCount
        self.outputByteCount = outputByteCount
    }

    /// Everything together.
    public var byteCount: Int64 { inputByteCount + outputByteCount }
}

/// What is kept for how long, and how much it is.
public protocol StorageStore: Sendable {
    /// What an organisation keeps: a number that is kept, not a sum over all that it has.
    func storageUse(_ organisation: OrganisationID) async throws -> StorageUse
    /// What every organisation that keeps anything keeps, the most first.
    func storageUses() async throws -> [StorageUse]
    /// Gives up what is older than the policy allows; what it referred to becomes discarded. Gives how many things ended;
    /// at most a few hundred at once, so that it is to be called again.
    func retire(_ policy: RetentionPolicy, now: Timestamp) async throws -> Int
    /// Keeps the store's steady time, and moves what was written lately into the main file, where the driver keeps it
    /// elsewhere first and that has more bytes than given.
    func checkpoint(ifLargerThan byteCount: Int64) async throws
}
