/// The last steps before a generation is accepted, the same for every interface: what it refers to, whether its media
/// can be had, and storing it.
public struct GenerationIntake: Sendable {
    private static let simultaneousChecks = 8

    private let store: any AssetStore & GenerationStore
    private let inspector: any MediaInspector
    private let signal: ChangeSignal
    private let limits: MediaLimits
    private let activeLimit: Int?
    private let storage: StorageGate?
    private let requiresConsent: Bool

    /// Makes an intake.
    ///
    /// - Parameters:
    ///   - activeLimit: How many unfinished generations an organisation may have; nil for any number.
    ///   - storage: Whether there is room; nil where there always is.
    ///   - requiresConsent: Whether clients must say something about consent.
    public init(
        store: any AssetStore & GenerationStore, inspector: any MediaInspector, signal: ChangeSignal,
        limits: MediaLimits = MediaLimits(),
        activeLimit: Int? = nil, storage: StorageGate? = nil, requiresConsent: Bool = false
    ) {
        self.requiresConsent = requiresConsent
        self.limits = limits
        self.store = store
        self.inspector = inspector
        self.signal = signal
        self.activeLimit = activeLimit
        self.storage = storage
    }

    /// Refuses a request whose inputs name unknown or foreign assets, or addresses that cannot be reached.
    ///
    /// - Parameter known: Assets that came with the request and will be stored with it.
    /// - Throws: `GenerationError` about the first input in the request's order.
    public func check(
        _ request: GenerationRequest, organisation: OrganisationID, known: [Asset] = []
    ) async throws {
        let assets = try await ReferenceCheck.assets(
            of: request.inputs, organisation: organisation, known: known, in: store)
        for (index, asset) in assets.sorted(by: { $0.key < $1.key }) {
            try limits.check(asset, model: request.model, field: .inputAsset(index))
        }
        let remote = request.inputs.enumerated().filter { if case .url = $0.element.source { true } else { false } }
        guard !remote.isEmpty else { return }
        var failures: [Int: any Error] = [:]
        await withTaskGroup(of: (Int, (any Error)?).self) { group in
            var rest = remote[...]
            func startNext() {
                guard let (index, input) = rest.popFirst() else { return }
                group.addTask {
                    do {
                        try await inspector.checkAccess(
                            to: input, field: .inputAddress(index), organisation: organisation)
                        return (index, nil)
                    } catch { return (index, error) }
                }
            }
            for _ in 0..<Self.simultaneousChecks { startNext() }
            for await (index, failure) in group {
                if let failure { failures[index] = failure }
                if failures.isEmpty { startNext() }
            }
        }
        if let first = failures.keys.min() { throw failures[first]! }
    }

    /// Refuses a medium of a request whose facts lie outside of the limits.
    public func check(_ facts: MediaFacts, of request: GenerationRequest, field: RequestField) throws(GenerationError) {
        try limits.check(facts, model: request.model, field: field)
    }

    /// Refuses whatever would be kept, where there is no room for it.
    ///
    /// - Parameter byteCount: How many bytes are announced; 0 where that is not known.
    /// - Throws: `GenerationError`: the disk or the organisation's quota is full.
    public func checkStorage(_ organisation: OrganisationID, adding byteCount: Int64 = 0) async throws {
        try await storage?.check(organisation, adding: byteCount)
    }

    /// Stores an order and wakes whoever works.
    ///
    /// - Parameter consent: What the client says about the consent of the people who are seen and heard (`Consent`).
    public func accept(_ order: CreateOrder, consent: String? = nil) async throws -> CreateOutcome {
        if let organisation = order.generations.first?.organisation { try await checkStorage(organisation) }
        var order = order
        if consent == nil, requiresConsent { throw Consent.missing }
        for index in order.generations.indices { order.generations[index].request.consent = consent }
        // A batch has turns of its own and does not count against the limit.
        if order.batch == nil { order.activeLimit = activeLimit }
        let outcome = try await store.create(order)
        signal.announce(.jobs)
        if let organisation = outcome.generations.first?.organisation { signal.announce(.organisation(organisation)) }
        return outcome
    }
}
