import Gateway
import Generations
import HTTP

/// Sync's API v2: routes in front of the domain.
public struct SyncAPI: Sendable {
    let store: any Store
    let blobs: any BlobStore
    let inspector: any MediaInspector
    let signal: ChangeSignal
    let settings: SyncSettings
    let links: DownloadLinks
    let address: PublicAddress
    let authenticator: Authenticator
    let limiter: RateLimiter
    let intake: GenerationIntake
    let voices: (any VoiceProvider)?
    let sampler: (any MediaSampler)?
    let cloning = CloneGuard()
    let clock: any WallClock
    let validator: RequestValidator
    let viewCache = ViewCache()

    /// A generation as this interface shows it, for webhooks and files of results.
    public let view: GenerationView

    /// Puts the interface together.
    public init(
        store: any Store, blobs: any BlobStore, inspector: any MediaInspector, signal: ChangeSignal,
        settings: SyncSettings, links: DownloadLinks, address: PublicAddress, authenticator: Authenticator,
        limiter: RateLimiter, intake: GenerationIntake, voices: (any VoiceProvider)? = nil,
        sampler: (any MediaSampler)? = nil, clock: any WallClock = SystemClock()
    ) {
        self.store = store
        self.blobs = blobs
        self.inspector = inspector
        self.signal = signal
        self.settings = settings
        self.links = links
        self.address = address
        self.authenticator = authenticator
        self.limiter = limiter
        self.intake = intake
        self.voices = voices
        self.sampler = sampler
        self.clock = clock
        validator = RequestValidator(rules: settings.rules)
        view = GenerationView(links: links, address: address)
    }

    var endpoints: [Endpoint] {
        generateEndpoints + generationEndpoints + costEndpoints + modelEndpoints + assetEndpoints + uploadEndpoints
            + projectEndpoints + batchEndpoints + voiceEndpoints + speechEndpoints + organisationEndpoints
    }

    /// Adds every route, and the document that describes them.
    public func register(on router: inout HTTPRouter) {
        let endpoints = endpoints
        for endpoint in endpoints {
            router.on(endpoint.method, endpoint.path, options: endpoint.options) { try await answer($0, endpoint) }
        }
        let document = OpenAPIDocument.make(endpoints: endpoints, version: settings.version).utf8
        // One client appends the path to a base address that may end with a slash.
        for path in ["/api-json", "//api-json"] {
            router.on(.get, path) { _ in .json(bytes: document) }
        }
    }

    /// The answer to an error that arose outside of the routes, in the contract's form.
    public static func render(_ error: HTTPError, requestID: String) -> HTTPResponse {
        ErrorBody.response(error, requestID: requestID)
    }

    /// What `error` means to a client, in the contract's form, with the detail for the access log.
    public static func refusal(_ error: any Error, requestID: String) -> HTTPError {
        ErrorBody.httpError(error, requestID: requestID)
    }

    private func answer(_ request: HTTPRequest, _ endpoint: Endpoint) async throws -> HTTPResponse {
        do {
            var organisation = OrganisationID(rawValue: "")
            if !endpoint.isOpen {
                let caller = try await authenticator.caller(of: request)
                try limiter.check(caller.key)
                organisation = caller.organisation
            }
            let call = Call(request: request, organisation: organisation, base: address.base(for: request))
            return try await WorkOwner.$current.withValue(endpoint.isOpen ? nil : organisation) {
                try await endpoint.handle(call)
            }
        } catch {
            throw ErrorBody.httpError(error, requestID: request.id)
        }
    }

    /// The members of a JSON body.
    func members(of call: Call) async throws -> [String: JSONValue] {
        try members(of: try await call.request.body.collect(maximumBytes: 4 << 20))
    }

    func members(of bytes: [UInt8]) throws -> [String: JSONValue] {
        do {
            guard let members = try JSONValue(parsing: bytes).object else {
                throw GenerationError(.generationInputValidationFailed, "The body must be a JSON object.")
            }
            return members
        } catch let error as JSONSyntaxError {
            throw GenerationError(.generationInputValidationFailed, "The body is not JSON: \(error).")
        }
    }
}
