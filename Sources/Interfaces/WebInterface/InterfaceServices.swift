public import Access
public import Generations
import HTTP
public import Time

/// What interfaces stand on, put together once. Each interface hands its controllers the parts that they need.
public struct InterfaceServices: Sendable {
    /// Everything that is kept but files.
    public let store: any Store
    /// Files.
    public let blobs: any BlobStore
    /// Looks into media.
    public let inspector: any MediaInspector
    /// Takes orders.
    public let intake: GenerationIntake
    /// Tells of changes in the store.
    public let signal: ChangeSignal
    /// What is known of running renders beside what is stored.
    public let live: LiveRenders
    /// The files behind links.
    public let files: LinkedFiles
    /// Takes files.
    public let receiver: UploadReceiver
    /// The voices that speak.
    public let voices: OrganisationVoices
    /// Makes voices of samples: one for all interfaces, since an organisation has one made at a time.
    public let cloning: VoiceCloning
    /// For sounds while they are used; nil speaks nothing and makes no voices.
    public let speechFolder: String?
    /// Under which address clients know the server.
    public let address: PublicAddress
    /// Finds out who sends a request.
    public let authenticator: Authenticator
    /// Counts requests.
    public let limiter: RateLimiter<Caller.Credential>
    /// The time.
    public let clock: any WallClock

    /// Puts them together.
    ///
    /// - Parameters:
    ///   - sampler: Fetches the sounds that voices are made of; nil makes no voices.
    ///   - speechFolder: For sounds while they are used; nil speaks nothing and makes no voices.
    public init(
        store: any Store, blobs: any BlobStore, inspector: any MediaInspector, intake: GenerationIntake,
        signal: ChangeSignal, live: LiveRenders = LiveRenders(), files: LinkedFiles, voices: (any VoiceProvider)?,
        sampler: (any MediaSampler)? = nil, speechFolder: String? = nil, address: PublicAddress,
        authenticator: Authenticator, limiter: RateLimiter<Caller.Credential>, clock: any WallClock = SystemClock()
    ) {
        self.store = store
        self.blobs = blobs
        self.inspector = inspector
        self.intake = intake
        self.signal = signal
        self.live = live
        self.files = files
        receiver = UploadReceiver(blobs: blobs, store: store)
        self.voices = OrganisationVoices(provider: voices, store: store)
        cloning = VoiceCloning(
            store: store, blobs: blobs, voices: self.voices, sampler: sampler, folder: speechFolder, clock: clock)
        self.speechFolder = speechFolder
        self.address = address
        self.authenticator = authenticator
        self.limiter = limiter
        self.clock = clock
    }

    /// A dispatcher of an interface whose errors look as `errors` says.
    ///
    /// - Parameters:
    ///   - name: The interface's name, a label of metrics.
    ///   - takesCookies: Whether the sessions of this server's own pages are let in.
    ///   - guest: Says who sends a request that carries no credential.
    public func dispatcher(
        _ name: String, errors: any ErrorRenderer, takesCookies: Bool = false, guest: EndpointDispatcher.Guest? = nil
    ) -> EndpointDispatcher {
        EndpointDispatcher(
            name, authenticator: authenticator, limiter: limiter, address: address, errors: errors,
            takesCookies: takesCookies, guest: guest)
    }
}
