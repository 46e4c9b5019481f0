public import Time

/// By what assets are sorted.
public enum AssetSort: String, Sendable, CaseIterable {
    /// By name.
    case nameAsc, nameDesc
    /// By the time of making.
    case dateAsc, dateDesc
    /// By length.
    case durationAsc, durationDesc
    /// By size.
    case sizeAsc, sizeDesc
    /// By kind.
    case kindAsc, kindDesc
}

/// Which assets are meant.
public struct AssetFilter: Hashable, Sendable {
    /// The owner of what is listed.
    public var organisation: OrganisationID
    public var project: ProjectID?
    /// The kinds; empty for all.
    public var kinds: Set<MediaKind>
    /// A part of the name, in any case.
    public var search: String?
    /// Which ones; empty for all.
    public var ids: Set<AssetID>
    /// Whether those are left out of which only the name was announced.
    public var hasContent = false

    /// All of an organisation, unless narrowed.
    public init(
        organisation: OrganisationID, project: ProjectID? = nil, kinds: Set<MediaKind> = [], search: String? = nil,
        ids: Set<AssetID> = []
    ) {
        self.organisation = organisation
        self.project = project
        self.kinds = kinds
        self.search = search
        self.ids = ids
    }
}

/// One page of a list.
public struct Page<Item: Sendable>: Sendable {
    /// The page's items.
    public let items: [Item]
    /// Whether more follow after the last one.
    public let hasMore: Bool

    public init(items: [Item], hasMore: Bool) {
        self.items = items
        self.hasMore = hasMore
    }
}

/// Media and uploads.
public protocol AssetStore: Sendable {
    /// Stores a new asset, and files it under a project; throws `GenerationError` of code `nameTaken` where its
    /// name is an asset's or was promised to what a generation makes.
    func createAsset(_ asset: Asset, project: ProjectID?) async throws
    /// One asset of an organisation.
    func asset(_ id: AssetID, organisation: OrganisationID) async throws -> Asset?
    /// One asset, whoever owns it; only for telling "unknown" from "foreign".
    func anyAsset(_ id: AssetID) async throws -> Asset?
    /// A page of a list, from the one after `cursor` on.
    func assets(_ filter: AssetFilter, sort: AssetSort, after cursor: AssetID?, limit: Int) async throws -> Page<Asset>
    /// How many there are.
    func assetCount(_ filter: AssetFilter) async throws -> Int
    /// Stores a changed asset; false where it is gone.
    func updateAsset(_ asset: Asset) async throws -> Bool
    /// Gives an asset another content, unless it has got one meanwhile or a generation was made of it; false then, and
    /// where it is gone.
    ///
    /// - Parameter known: The content that it had when the new one was looked at.
    func replaceContent(of asset: Asset, known: BlobKey?) async throws -> Bool
    /// Removes an asset and gives what it was; nil where there was none.
    func deleteAsset(_ id: AssetID, organisation: OrganisationID) async throws -> Asset?
    /// Stores a new upload.
    func createUpload(_ upload: Upload) async throws
    func upload(_ id: UploadID) async throws -> Upload?
    /// Feeds an upload's machine and keeps what it becomes; nil where there is no such upload.
    func updateUpload(
        _ id: UploadID, _ event: @escaping @Sendable (inout UploadLifecycle) -> UploadLifecycle.Action
    ) async throws -> UploadLifecycle.Action?
}

/// By what projects are sorted.
public enum ProjectSort: String, Sendable, CaseIterable {
    /// The newest change first.
    case updatedAt
    /// By name.
    case name
}

public protocol ProjectStore: Sendable {
    /// Stores a new project. A name that exists in the same organisation gives the existing one; one that is foreign or
    /// was deleted throws `GenerationError`.
    func createProject(_ project: Project) async throws -> Project
    func project(_ id: ProjectID, organisation: OrganisationID) async throws -> Project?
    /// A page of a list, from the one after `cursor` on.
    func projects(
        organisation: OrganisationID, search: String?, sort: ProjectSort, after cursor: ProjectID?, limit: Int
    ) async throws -> Page<Project>
    /// Stores a changed project; false where it is gone.
    func updateProject(_ project: Project) async throws -> Bool
    /// Removes a project; its generations and assets stay.
    func deleteProject(_ id: ProjectID, organisation: OrganisationID) async throws -> Bool
    /// Files an asset under a project; doing it twice is no failure.
    func attach(_ asset: AssetID, to project: ProjectID, organisation: OrganisationID) async throws
}

/// Batches; they are created by `GenerationStore.create`.
public protocol BatchStore: Sendable {
    /// One batch, whoever owns it; only for links that prove themselves.
    func anyBatch(_ id: BatchID) async throws -> Batch?
    /// One batch and how far it is.
    func batch(_ id: BatchID, organisation: OrganisationID) async throws -> (Batch, BatchMetrics)?
    /// Newest first.
    func batches(
        organisation: OrganisationID, status: BatchStatus?, createdAfter: Timestamp?, createdBefore: Timestamp?,
        limit: Int
    ) async throws -> [(Batch, BatchMetrics)]
    /// Batches of which every generation has ended but which have not ended themselves.
    func finishableBatches(limit: Int) async throws -> [Batch]
    /// Ends a batch and orders its webhook; false where it had ended before.
    func finishBatch(_ id: BatchID, status: BatchStatus, result: BlobKey?, now: Timestamp) async throws -> Bool
}

/// Organisations and keys.
public protocol KeyStore: Sendable {
    /// Stores a new organisation.
    func createOrganisation(_ organisation: Organisation) async throws
    func organisation(_ id: OrganisationID) async throws -> Organisation?
    /// The organisation of that name or id, or the oldest one for nil; where there is none, this one is stored. Of any number
    /// of callers at the same moment all get one organisation.
    func organisation(named name: String?, orMake organisation: Organisation) async throws -> Organisation
    /// All of them, the oldest first.
    func organisations() async throws -> [Organisation]
    /// Stores a new key.
    func createKey(_ key: APIKey) async throws
    /// Stores a key where there is none at all; false where there is one.
    func createFirstKey(_ key: APIKey) async throws -> Bool
    /// The key of a secret's digest, unless it was revoked or its time is over, or that of the key that it stands for. Of a
    /// secret that was replaced, its time is the rest of its grace.
    func activeKey(digest: String, now: Timestamp) async throws -> APIKey?
    /// Gives a key another secret; false where the organisation has no such key that still opens anything.
    ///
    /// - Parameter oldUntil: How long the secret of before goes on to open what it did.
    func replaceSecret(
        of id: APIKeyID, organisation: OrganisationID, digest: String, hint: String, oldUntil: Timestamp
    ) async throws -> Bool
    /// All keys that stand for themselves, the oldest first.
    func keys() async throws -> [APIKey]
    /// Revokes a key; false where there is no such key that still opens anything.
    func revokeKey(_ id: APIKeyID, now: Timestamp) async throws -> Bool
}

extension KeyStore {
    /// The key of a secret's digest that opens something now.
    public func activeKey(digest: String) async throws -> APIKey? {
        try await activeKey(digest: digest, now: SystemClock().now)
    }
}

/// Messages that have still to be delivered.
public protocol OutboxStore: Sendable {
    /// Orders a delivery.
    func enqueue(_ delivery: WebhookDelivery) async throws
    /// Claims the delivery that has been due for the longest time; nil where none is due. Leases and pauses are in the
    /// store's steady time.
    ///
    /// - Parameter hosts: Hosts whose deliveries are passed over, in lower case.
    func claimDelivery(
        worker: String, now: Moment, policy: DeliveryPolicy, avoiding hosts: Set<String>
    ) async throws -> WebhookDelivery?
    /// Ends one try.
    ///
    /// - Parameter retryAfter: How long the receiver asks to be left alone; nil where it does not ask.
    func finishDelivery(
        _ id: DeliveryID, fence: Int64, response: DeliveryResponse, retryAfter: Duration?, now: Moment,
        policy: DeliveryPolicy
    ) async throws -> DeliveryLifecycle.Action
    /// The newest deliveries, for operators, from the one after `cursor` on.
    ///
    /// - Throws: `GenerationError` of field `cursor` where that one is gone.
    func deliveries(
        organisation: OrganisationID?, after cursor: DeliveryID?, limit: Int
    ) async throws -> [WebhookDelivery]
    /// Every try of some deliveries that has ended, each delivery's in their order.
    func deliveryTries(of ids: [DeliveryID]) async throws -> [DeliveryID: [DeliveryTry]]
    /// Makes a delivery that has ended wait again, due at once and with all its tries ahead; those of before are kept.
    ///
    /// - Returns: The delivery, unchanged where it has not ended; nil where there is none.
    func redeliver(_ id: DeliveryID, now: Moment) async throws -> (delivery: WebhookDelivery, isDue: Bool)?
    /// When the next delivery to another host than `hosts` is due, in steady time; nil where none waits.
    func nextDeliveryDue(avoiding hosts: Set<String>) async throws -> Timestamp?
}

extension OutboxStore {
    /// The newest deliveries.
    public func deliveries(organisation: OrganisationID?, limit: Int) async throws -> [WebhookDelivery] {
        try await deliveries(organisation: organisation, after: nil, limit: limit)
    }

    /// Claims the delivery that has been due for the longest time; nil where none is due.
    public func claimDelivery(
        worker: String, now: Moment, policy: DeliveryPolicy
    ) async throws -> WebhookDelivery? {
        try await claimDelivery(worker: worker, now: now, policy: policy, avoiding: [])
    }

    /// Ends one try of a receiver that asks for no pause.
    public func finishDelivery(
        _ id: DeliveryID, fence: Int64, response: DeliveryResponse, now: Moment, policy: DeliveryPolicy
    ) async throws -> DeliveryLifecycle.Action {
        try await finishDelivery(id, fence: fence, response: response, retryAfter: nil, now: now, policy: policy)
    }

    /// When the next delivery is due; nil where none waits.
    public func nextDeliveryDue() async throws -> Timestamp? { try await nextDeliveryDue(avoiding: []) }
}

/// A voice that was made of a sample here.
public struct ClonedVoice: Hashable, Sendable {
    /// The provider's name for it.
    public let id: String
    /// Its owner; nobody else may speak with it.
    public let organisation: OrganisationID
    /// What people call it; unique within the organisation.
    public let name: String
    /// What it was made of.
    public let sample: AssetID?
    /// When it was made.
    public let createdAt: Timestamp
    /// The name that was promised for it, where the interface promises one before the voice is made.
    public let asset: AssetID?

    public init(
        id: String, organisation: OrganisationID, name: String, sample: AssetID?, createdAt: Timestamp,
        asset: AssetID? = nil
    ) {
        self.asset = asset
        self.id = id
        self.organisation = organisation
        self.name = name
        self.sample = sample
        self.createdAt = createdAt
    }
}

/// Voices that were made here.
public protocol VoiceStore: Sendable {
    /// Stores a voice; throws `GenerationError` of code `voiceNameTaken` where the organisation has one of that name.
    func createVoice(_ voice: ClonedVoice) async throws
    /// One voice, whoever owns it: to tell a foreign voice from one that was not made here.
    func anyVoice(_ id: String) async throws -> ClonedVoice?
    /// All voices of all organisations, the oldest first.
    func clonedVoices() async throws -> [ClonedVoice]
    /// Removes a voice; false where the organisation has none of that name.
    func deleteVoice(_ id: String, organisation: OrganisationID) async throws -> Bool
}

/// Everything that is kept: one value for the whole server, PostgreSQL or SQLite behind it.
public typealias Store = AccountStore & AssetStore & BatchStore & DivisionStore & GenerationStore & JobLogStore
    & JobStore & KeyStore & MachineStore
    & OutboxStore & OutputRegistry & ProjectStore & SessionStore & StorageStore & VoiceStore
