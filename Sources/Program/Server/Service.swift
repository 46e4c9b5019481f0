import Access
import Foundation
import Generations
import HTTP
import HedraAPI
public import LipSync
import LipsmithAPI
import OpenAIAPI
import Persistence
import Provenance
import Queues
import Studio
import SyncAPI
import Text
import Time
import Voices
import WebInterface
import Worker

/// One running installation: the interfaces, the worker and what they stand on.
public final class Service: Sendable {
    /// What the program says of itself.
    public struct Identity: Sendable {
        public var version: String
        /// The path of the running program, which is started again for each render.
        public var executable: String

        public init(version: String, executable: String = Installation.currentExecutable) {
            self.version = version
            self.executable = executable
        }
    }

    private let configuration: ServerConfiguration
    private let server: HTTPServer
    private let worker: WorkerService
    private let readiness: Readiness
    private let signal: ChangeSignal
    private let store: any Store
    private let log: Log
    private let preparation: NetworkPreparation
    private let duty: ServiceDuty
    private let signals: PostgresSignals?
    /// The key that was made since there was none; shown once and not kept.
    public let firstKey: String?

    /// Opens what is kept and puts everything together. Nothing runs yet.
    ///
    /// - Parameter duty: What this process does.
    /// - Parameter beginsAnew: Whether media without their database are an installation to begin anew.
    /// - Throws: `DataFolderError`, `StoreError` where the folder or the database cannot be used; `UnconfinedError`.
    public init(
        _ configuration: ServerConfiguration, identity: Identity, duty: ServiceDuty = .everything,
        beginsAnew: Bool = false, log: Log = Log()
    ) async throws {
        self.configuration = configuration
        self.duty = duty
        self.log = log
        readiness = Readiness(warnings: try SandboxCheck.check(configuration, log: log))
        // Whatever a library makes beside our own files is its owner's alone, too.
        umask(0o077)
        let data = try await InstallationData.open(configuration, beginsAnew: beginsAnew) { event, detail in
            log.event(event, ["detail": .string(detail)])
        }
        let (folder, store, blobs) = (data.folder, data.store, data.blobs)
        self.store = store
        let signal = ChangeSignal()
        self.signal = signal
        signals = data.carry(signal)
        let live = LiveRenders()
        let files = LinkedFiles(
            signer: DownloadTokenSigner(secret: data.linkSecret),
            kinds: PublishedInterfaces.links + LipsmithAPI.links, store: store, blobs: blobs)
        let address = Self.publicAddress(configuration)
        firstKey = duty.answers ? try await Administration(store: store).firstKey() : nil

        let workerConfiguration = Self.worker(configuration, folder: folder, identity: identity, duty: duty)
        preparation = NetworkPreparation(
            executable: identity.executable, environment: workerConfiguration.childEnvironment)
        let addresses = Self.resolver(files, address: address)
        let inspector = try GuardedMediaInspector(
            assets: store, blobs: blobs, configuration: workerConfiguration, addresses: addresses,
            log: { log.line($0) })
        let uploads = try folder.openUploads()
        let checker = try GuardedMediaChecker(
            assets: store, blobs: blobs, configuration: workerConfiguration, addresses: addresses,
            log: { log.line($0) })
        let signing = try await Self.identity(configuration, data, log: log)
        let verifier = try GuardedMediaVerifier(
            assets: store, blobs: blobs, registry: store, anchors: Self.anchors(signing, configuration, folder),
            configuration: workerConfiguration, addresses: addresses, log: { log.line($0) })
        let sealer = signing.map { signing in
            configuration.provenance.sealer(signing, executable: identity.executable) { event, detail in
                log.event(event, ["detail": .string(detail)])
            }
        }
        if configuration.provenance.identity.key != nil { try await sealer?.rehearse() }
        let voices = configuration.voices.open(
            executable: identity.executable, environment: workerConfiguration.childEnvironment
        ) { event, detail in log.event(event, ["detail": .string(detail)]) }
        var settings = Self.settings(configuration, identity: identity)
        settings.rules.features = await Self.features(of: voices)
        let speechFolder = try folder.makeSpeechFolder()
        let storage = StorageGate(
            store: store, blobs: blobs, quotaByteCount: configuration.storageQuotaBytes,
            freeByteLimit: configuration.freeSpaceBytes)
        let intake = GenerationIntake(
            store: store, inspector: inspector, signal: signal, limits: Self.mediaLimits(configuration),
            activeLimit: configuration.concurrencyLimit, storage: storage,
            requiresConsent: configuration.provenance.requiresConsent)
        let services = InterfaceServices(
            store: store, blobs: blobs, inspector: inspector, intake: intake, signal: signal, live: live, files: files,
            voices: voices, sampler: inspector, speechFolder: speechFolder, address: address,
            authenticator: Authenticator(store: store),
            limiter: RateLimiter(requestsPerMinute: configuration.requestsPerMinute))
        let published = PublishedInterfaces(
            services, configuration, sync: settings, worker: workerConfiguration,
            key: SigningKey(secret: data.linkSecret, use: "webhooks"))
        let previews = VoicePreviews(provider: voices, folder: speechFolder)
        let control = ControlController(store: store, signal: signal, clock: services.clock)
        let metrics = Metrics()
        let workMetrics = WorkMetrics(store: store, metrics: metrics)
        worker = try WorkerService(
            store: store, blobs: blobs, uploads: uploads, signal: signal, live: live,
            wireForms: WireForms(
                generation: { published.sync.view.json($0) }, batch: { published.sync.batchView.json($0, $1) },
                report: { LipsmithAPI.reportURL(of: $0, services) },
                webhook: { try await published.webhook($0, of: $1, sentAt: $2) }),
            configuration: workerConfiguration, addresses: addresses, voices: voices,
            sealer: sealer
        ) { line in
            log.line(line)
            workMetrics.read(line)
        }
        let operatorRoutes = OperatorRoutes(
            store: store, blobs: blobs, metrics: metrics, readiness: readiness, storage: storage,
            newestScrub: { [worker] in worker.newestScrub })
        let facts = ServerFacts.facts(
            configuration, version: identity.version, worker: workerConfiguration, readiness: readiness,
            storage: storage, newestScrub: { [worker] in worker.newestScrub })
        var ownSettings = Self.ownSettings(settings, slots: workerConfiguration.renderSlots)
        ownSettings.describedEndpoints = [control.endpoint]
        let own = LipsmithAPI(
            services, settings: ownSettings, facts: facts,
            media: Self.media(configuration, uploads: uploads, checker: checker, verifier: verifier),
            samplePath: Installation.find()?.samplePicture)
        server = HTTPServer(
            Self.http(configuration, metrics: metrics, log: log),
            router: duty.answers
                ? Self.router(
                    services, published: published, own: own, control: control, operatorRoutes: operatorRoutes,
                    previews: previews)
                : Self.router(operatorRoutes))
    }

    /// Who signs outputs; nil where the operator wants none signed.
    private static func identity(
        _ configuration: ServerConfiguration, _ data: InstallationData, log: Log
    ) async throws -> SigningIdentity? {
        guard configuration.provenance.signsOutputs else { return nil }
        // Nothing is accepted that could not be signed.
        _ = try CredentialLibrary(folder: Installation.required().folder)
        let now = SystemClock().now
        let identity = try await configuration.provenance.openIdentity(now: now) {
            try await data.signingIdentity(now: now)
        }
        if let days = identity.daysLeft(now: now) {
            log.event("credentials_certificate_ends", ["days": .integer(Int64(days))])
        }
        return identity
    }

    /// The certificates by which signatures of this installation are told: of who signs now, and of who signed before an
    /// operator set a key or turned credentials off.
    private static func anchors(
        _ signing: SigningIdentity?, _ configuration: ServerConfiguration, _ folder: DataFolder
    ) -> String {
        [signing?.anchors, configuration.provenance.chainAnchors, IdentityFile.anchors(in: folder.path)]
            .compactMap { $0 }.joined()
    }

    private static func publicAddress(_ configuration: ServerConfiguration) -> PublicAddress {
        PublicAddress(
            configured: configuration.publicURL,
            fallback: HTTPServer.Address(host: configuration.host, port: configuration.port).url)
    }

    private static func router(
        _ services: InterfaceServices, published: PublishedInterfaces, own: LipsmithAPI, control: ControlController,
        operatorRoutes: OperatorRoutes, previews: VoicePreviews
    ) -> HTTPRouter {
        var router = HTTPRouter()
        published.register(on: &router)
        own.register(on: &router)
        StudioPages().register(on: &router)
        services.dispatcher("lipsmith", errors: SyncAPI.errors, takesCookies: true).register(
            [control.endpoint], on: &router)
        services.dispatcher("lipsmith", errors: SyncAPI.errors).register([previews.endpoint], on: &router)
        operatorRoutes.register(on: &router)
        return router
    }

    private static func router(_ operatorRoutes: OperatorRoutes) -> HTTPRouter {
        var router = HTTPRouter()
        operatorRoutes.register(on: &router)
        return router
    }

    /// Serves until the task is cancelled; then requests are finished and running jobs handed back.
    ///
    /// - Parameter onReady: Called once it listens with the server's address, such as `http://127.0.0.1:8080`, and with an
    ///   address that signs an operator in, once; nil where none could be made.
    /// - Throws: `HTTPServerError` if the address cannot be had.
    public func run(onReady: @Sendable (_ url: String, _ studioLink: String?) -> Void) async throws {
        let address = try server.start()
        // A store that is full keeps nobody from what is there.
        let link =
            duty.answers
            ? try? await Administration(store: store).studioLink(
                organisation: nil, role: .operator, base: configuration.studioBase(port: address.port)) : nil
        await BlockingWork.run { [configuration] in configuration.noteStudio(port: address.port) }
        onReady(address.url, link)
        let preparing = Task { [preparation, log] in
            guard let isReady = await preparation.run() else { return }
            log.event(isReady ? "networks_ready" : "networks_missing")
        }
        let work = Task { if duty.works { await worker.run() } else { await worker.onlySayThatItIsThere() } }
        await withTaskCancellationHandler {
            await Self.sleepUntilCancelled()
        } onCancel: {
            readiness.drain()
        }
        log.event("stopping")
        worker.beginNothingMore()
        // Who waits for a change is told how things stand.
        signal.end()
        // This task is cancelled already, and what it waits for must not be.
        await Task { [server, configuration] in await server.shutdown(limit: configuration.shutdownLimit) }.value
        // Jobs go on until then; what is left of them goes back to the queue.
        work.cancel()
        await work.value
        preparing.cancel()
        await preparing.value
        signals?.end()
        try? await store.checkpoint(ifLargerThan: 0)
        log.event("stopped")
    }

    private static func sleepUntilCancelled() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    // MARK: Composition

    /// Dubbing is refused by who knows what is lacking.
    private static func features(of voices: VoiceService) async -> Set<ValidationRules.Feature> {
        let always: Set<ValidationRules.Feature> = [.dubbing, .emotions, .pictures]
        return await voices.capabilities.speaks ? always.union([.speech]) : always
    }

    private static func settings(_ configuration: ServerConfiguration, identity: Identity) -> SyncSettings {
        var settings = SyncSettings()
        settings.rules.allowsPlainWebhooks = configuration.allowsPlainWebhooks
        settings.rules.refusesVoiceBesideDub = configuration.interfaces.refusesVoiceBesideDub
        settings.formFileByteLimit = configuration.formFileByteLimit - 1
        settings.uploadByteLimit = configuration.uploadByteLimit
        settings.answersCreated = configuration.interfaces.answersCreated
        settings.listsCost = configuration.interfaces.listsCost
        settings.prices = configuration.interfaces.prices
        settings.version = identity.version
        return settings
    }

    private static func media(
        _ configuration: ServerConfiguration, uploads: any PartialUploadStore, checker: any MediaChecker,
        verifier: any MediaVerifier
    ) -> LipsmithMedia {
        var media = LipsmithMedia(uploads: uploads, checker: checker)
        media.verifier = verifier
        media.uploadByteLimit = configuration.uploadByteLimit
        media.limits = mediaLimits(configuration)
        return media
    }

    /// What holds for every interface is set once.
    private static func ownSettings(_ sync: SyncSettings, slots: Int) -> LipsmithSettings {
        var settings = LipsmithSettings()
        settings.version = sync.version
        settings.allowsPlainWebhooks = sync.rules.allowsPlainWebhooks
        settings.scriptLimit = sync.rules.scriptLimit
        settings.renderSlots = slots
        return settings
    }

    private static func mediaLimits(_ configuration: ServerConfiguration) -> MediaLimits {
        var limits = MediaLimits(models: .served)
        limits.maximumSeconds = configuration.mediaSecondsLimit
        return limits
    }

    private static func worker(
        _ configuration: ServerConfiguration, folder: DataFolder, identity: Identity, duty: ServiceDuty
    ) -> WorkerConfiguration {
        var worker = WorkerConfiguration(executable: identity.executable, workingFolder: folder.workFolder)
        worker.version = identity.version
        worker.roles = duty.works ? configuration.roles : []
        worker.isOneOfMany = configuration.databaseURL != nil
        worker.divisionSeconds = configuration.divisionSeconds
        if configuration.blobsAddress != nil { worker.cacheBytes = configuration.blobCacheBytes }
        if configuration.renderSlots > 0 { worker.renderSlots = configuration.renderSlots }
        worker.network = NetworkPolicy(
            allowing: configuration.privateNetworks, ports: configuration.allowedPorts)
        worker.jobs.attemptLimit = configuration.attemptLimit
        worker.deliveries.timeout = configuration.webhookTimeout
        // Longer than a try may take, or two workers would send the same.
        worker.deliveries.lease = max(worker.deliveries.lease, configuration.webhookTimeout * 2 + .seconds(10))
        // Compiled networks are kept beside the data: a service has no home folder, and every render would compile them.
        if worker.childEnvironment["LIPSMITH_CACHE"] == nil {
            worker.childEnvironment["LIPSMITH_CACHE"] = folder.cacheFolder
        }
        worker.jobs.turns = configuration.turns
        worker.models = .served
        worker.retention = configuration.retention
        worker.retention.outputRecords = configuration.provenance.registryTime
        let provenance = configuration.provenance
        worker.marks = { provenance.marks(number: $0) }
        worker.limits.fetchBytes = configuration.inputByteLimit
        worker.limits.fetchTime = configuration.inputTimeout
        worker.limits.childMemoryBytes = configuration.renderMemoryBytes
        worker.limits.mediaSeconds = configuration.mediaSecondsLimit
        return worker
    }

    /// An address that begins as ours is answered from the store; calling it would be calling ourselves.
    private static func resolver(
        _ files: LinkedFiles, address: PublicAddress
    ) -> AddressResolver {
        let own = [address.configured, address.fallback].compactMap { $0 }.map { $0 + "/" }
        return { url, _ in
            if let link = files.links.subject(of: url, now: SystemClock().now) {
                return try await files.file(of: link).map { .here($0.key) } ?? .nothing
            }
            return own.contains { url.hasPrefix($0) } ? .nothing : .elsewhere
        }
    }

    private static func http(
        _ configuration: ServerConfiguration, metrics: Metrics, log: Log
    ) -> HTTPServerConfiguration {
        var http = HTTPServerConfiguration()
        http.host = configuration.host
        http.port = configuration.port
        http.threadCount = configuration.threadCount
        http.maximumConnections = configuration.connectionLimit
        http.maximumConnectionsPerAddress = configuration.connectionLimit
        http.metrics = metrics
        if !configuration.allowedOrigins.isEmpty {
            http.crossOrigin = CrossOriginPolicy(origins: configuration.allowedOrigins)
        }
        if configuration.logsRequests { http.accessLog = { log.line($0) } }
        http.renderError = { error, path, requestID in
            PublishedInterfaces.errors(at: path).response(to: error, requestID: requestID)
        }
        return http
    }
}
