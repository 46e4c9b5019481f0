public import Generations
public import Time

/// What operators do to an installation from its own machine, beside a running server or without one.
public struct Administration: Sendable {
    /// The parts of a store that operators look at.
    public typealias AdministeredStore = GenerationStore & JobStore & KeyStore & MachineStore & OutboxStore
        & OutputRegistry & SessionStore & StorageStore

    private let store: any AdministeredStore
    /// What the installation remembers of what it has made.
    public var registry: any OutputRegistry { store }
    private let clock: any WallClock
    private let directory: OrganisationDirectory

    /// Opens an installation.
    public init(
        store: any AdministeredStore, clock: any WallClock = SystemClock()
    ) {
        self.store = store
        self.clock = clock
        directory = OrganisationDirectory(store: store, clock: clock)
    }

    /// Opens the installation that settings name.
    public static func open(_ configuration: ServerConfiguration) async throws -> Administration {
        Administration(store: try await InstallationData.openStore(configuration))
    }

    /// The processes that work, by their hosts and names.
    public func nodes() async throws -> [WorkNode] { try await store.nodes(now: store.steadyTime) }

    /// Makes the first key of an empty installation; nil where there is a key.
    public func firstKey() async throws -> String? {
        guard try await store.keys().isEmpty else { return nil }
        let owner = try await directory.standard()
        let (key, secret) = APIKey.issue(name: "first", organisation: owner.id, role: .member, now: clock.now)
        // Of servers that begin at the same moment, one shows a key.
        return try await store.createFirstKey(key) ? secret : nil
    }

    /// Makes a key and gives its secret, which is not kept.
    ///
    /// - Parameter organisation: The name of an organisation, which is made where there is none; nil for the default.
    public func createKey(name: String, organisation: String?, role: Role = .member) async throws -> String {
        let owner = try await directory.named(organisation)
        let (key, secret) = APIKey.issue(name: name, organisation: owner.id, role: role, now: clock.now)
        try await store.createKey(key)
        return secret
    }

    /// Makes an address that signs its opener in, once, within a day.
    ///
    /// - Parameters:
    ///   - organisation: The name of an organisation, which is made where there is none; nil for the default.
    ///   - base: The beginning of the server's addresses, without a slash at the end.
    public func studioLink(organisation: String?, role: Role, base: String) async throws -> String {
        let owner = try await directory.named(organisation)
        let link = try await SignIn(store: store, clock: clock).makeLink(organisation: owner.id, role: role)
        return SignInToken.url(secret: link.secret, base: base)
    }

    /// All keys with their organisations' names, the oldest first.
    public func keys() async throws -> [(key: APIKey, organisation: String)] {
        let names = try await directory.names()
        return try await store.keys().map { ($0, names[$0.organisation] ?? $0.organisation.rawValue) }
    }

    /// Revokes the key of that id, or the only one of that name; gives the key.
    ///
    /// - Throws: `AdministrationError` where there is none, or more than one of that name.
    public func revokeKey(_ text: String) async throws -> APIKey {
        let active = try await store.keys().filter { $0.revokedAt == nil }
        let found = active.filter { $0.id.rawValue == text || $0.name == text }
        guard let key = found.first else { throw AdministrationError(description: "There is no key “\(text)” in use.") }
        guard found.count == 1 else {
            throw AdministrationError(
                description:
                    "\(found.count) keys are named “\(text)”. Name one by its id; `lipsmith keys list` shows them.")
        }
        guard try await store.revokeKey(key.id, now: clock.now) else {
            throw AdministrationError(description: "The key was revoked meanwhile.")
        }
        return key
    }

    /// The newest generations of all organisations.
    public func generations(statuses: Set<GenerationStatus>, limit: Int) async throws -> [Generation] {
        var found: [Generation] = []
        for organisation in try await store.organisations() {
            let filter = GenerationFilter(organisation: organisation.id, statuses: statuses)
            found += try await store.generations(filter, after: nil, limit: limit)
        }
        return Array(found.sorted { $0.createdAt > $1.createdAt }.prefix(limit))
    }

    /// Ends a job, whoever owns it; a running server notices within a second.
    ///
    /// - Throws: `GenerationError` where there is no such job, or it has ended.
    public func cancel(_ text: String) async throws -> Generation {
        guard let id = GenerationID(parsing: text) else { throw GenerationError(.generationIDInvalid) }
        return try await GenerationCancellation(store: store, clock: clock).cancel(id, organisation: nil)
    }

    /// What an organisation keeps.
    public struct StorageRow: Encodable, Sendable {
        /// The organisation's name.
        public let organisation: String
        /// Bytes of assets that clients sent.
        public let inputBytes: Int64
        /// Bytes of what generations made.
        public let outputBytes: Int64
        /// Both.
        public let bytes: Int64
    }

    /// What every organisation keeps, the most first.
    public func storage() async throws -> [StorageRow] {
        let names = try await directory.names()
        return try await store.storageUses().map { use in
            StorageRow(
                organisation: names[use.organisation] ?? use.organisation.rawValue, inputBytes: use.inputByteCount,
                outputBytes: use.outputByteCount, bytes: use.byteCount)
        }
    }

    /// The time that leases and pauses are counted in.
    public var steadyTime: Timestamp { store.steadyTime }

    /// How many jobs wait and how many run.
    public func jobCounts() async throws -> (waiting: Int, running: Int) { try await store.jobCounts() }

    /// The newest webhook deliveries of all organisations.
    public func deliveries(limit: Int) async throws -> [WebhookDelivery] {
        try await store.deliveries(organisation: nil, limit: limit)
    }
}

/// What an operator asked for and cannot have.
public struct AdministrationError: Error, Sendable, CustomStringConvertible {
    /// One sentence.
    public let description: String
}
