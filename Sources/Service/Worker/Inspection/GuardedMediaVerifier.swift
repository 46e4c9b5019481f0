public import Generations
import Provenance
import Queues
public import Text
public import Time

/// Looks for what says where media come from, in confined children, few at once.
public final class GuardedMediaVerifier: MediaVerifier {
    private let inspection: FileInspection
    private let tracer: FileTracer
    private let registry: any OutputRegistry
    private let anchors: String
    /// The longest search: both sides of 800 frames.
    private static let timeLimit = Duration.seconds(120)

    /// Makes a verifier and its working folder.
    ///
    /// - Parameters:
    ///   - registry: Remembers what was made here.
    ///   - anchors: Certificates in PEM whose holders are known; may be empty.
    ///   - configuration: The executable, the network policy, the limits and the working folder count.
    ///   - addresses: Whose an input's address is; the same as the worker's.
    /// - Throws: `StoreError` if the working folder cannot be made.
    public init(
        assets: any AssetStore, blobs: any BlobStore, registry: any OutputRegistry, anchors: String,
        configuration: WorkerConfiguration, addresses: @escaping AddressResolver = { _, _ in .elsewhere },
        simultaneousCount: Int = 1, clock: any WallClock = SystemClock(), log: @escaping WorkerLog = { _ in }
    ) throws {
        inspection = try FileInspection(
            assets: assets, blobs: blobs, configuration: configuration, addresses: addresses,
            simultaneousCount: simultaneousCount, clock: clock, log: log)
        tracer = FileTracer(
            executable: configuration.executable, environment: configuration.childEnvironment,
            memoryBytes: configuration.limits.childMemoryBytes)
        self.registry = registry
        self.anchors = anchors
    }

    public func verify(
        _ input: MediaInput, field: RequestField, organisation: OrganisationID
    ) async throws -> JSONValue {
        try await inspection.explaining(
            field, crowded: "Too many files of this organisation are waiting to be verified."
        ) {
            let place = try await inspection.fetcher.place(of: input, organisation: organisation)
            let (tracer, anchors) = (tracer, anchors)
            let (trace, digest) = try await inspection.inspect(
                place, as: input.kind, name: "verify", owner: organisation.rawValue
            ) { folder in
                try await tracer.trace("\(folder)/medium", anchors: anchors, timeLimit: Self.timeLimit)
            } use: { found, _ in
                found
            }
            return try await VerificationReport(
                trace, digest: digest, registry: registry, organisation: organisation
            ).json
        }
    }
}
