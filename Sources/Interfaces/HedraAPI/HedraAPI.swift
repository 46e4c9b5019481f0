import Gateway
import Generations
import HTTP

/// Hedra's public web API: routes in front of the domain.
public struct HedraAPI: Sendable {
    /// The program name under which its generations are stored.
    static let source = GenerationSource.hedra
    /// Where the routes are; the first is the documented one, the others were in use at some time.
    public static let prefixes = ["/web-app/public", "/public", "/api/public"]

    let store: any Store
    let blobs: any BlobStore
    let inspector: any MediaInspector
    let settings: HedraSettings
    let links: DownloadLinks
    let address: PublicAddress
    let authenticator: Authenticator
    let limiter: RateLimiter
    let intake: GenerationIntake
    let voices: VoiceDirectory
    let history: JobHistory
    let clock: any WallClock
    let models = HedraModels.standard
    /// What voices show as their time that were always there.
    let startedAt: Timestamp

    /// Puts the interface together.
    public init(
        store: any Store, blobs: any BlobStore, inspector: any MediaInspector, settings: HedraSettings,
        links: DownloadLinks, address: PublicAddress, authenticator: Authenticator, limiter: RateLimiter,
        intake: GenerationIntake, voices: (any VoiceProvider)? = nil, clock: any WallClock = SystemClock()
    ) {
        self.store = store
        self.blobs = blobs
        self.inspector = inspector
        self.settings = settings
        self.links = links
        self.address = address
        self.authenticator = authenticator
        self.limiter = limiter
        self.intake = intake
        self.voices = VoiceDirectory(provider: voices, store: store)
        history = JobHistory(store: store, slots: settings.renderSlots)
        self.clock = clock
        startedAt = clock.now
    }

    /// Adds every route.
    public func register(on router: inout HTTPRouter) {
        for prefix in Self.prefixes {
            for route in routes {
                router.on(route.method, prefix + route.path, options: route.options) { try await answer($0, route) }
            }
            let document = HedraDocument.make(prefix: prefix).utf8
            router.on(.get, prefix + "/openapi.json") { _ in .json(bytes: document) }
        }
        for route in mediaRoutes {
            router.on(route.method, route.path, options: route.options) { try await answer($0, route) }
        }
    }

    /// Whether a path belongs to this interface, so that errors outside of its routes have its form.
    public static func owns(path: String) -> Bool {
        prefixes.contains { path == $0 || path.hasPrefix($0 + "/") } || path.hasPrefix("/media/")
    }

    /// The answer to an error that arose outside of the routes, in the contract's form.
    public static func render(_ error: HTTPError) -> HTTPResponse { Refusal.response(error) }

    private var routes: [Route] { modelRoutes + assetRoutes + generationRoutes + billingRoutes }

    private func answer(_ request: HTTPRequest, _ route: Route) async throws -> HTTPResponse {
        do {
            var organisation = OrganisationID(rawValue: "")
            if !route.isOpen {
                let caller = try await authenticator.caller(of: request)
                try limiter.check(caller.key)
                organisation = caller.organisation
            }
            let call = Call(request: request, organisation: organisation, base: address.base(for: request))
            return try await WorkOwner.$current.withValue(route.isOpen ? nil : organisation) {
                try await route.handle(call)
            }
        } catch {
            throw Refusal.httpError(error)
        }
    }
}

/// One route, below a prefix.
struct Route: Sendable {
    let method: HTTPMethod
    let path: String
    /// Whether it answers without a key.
    var isOpen = false
    var options = HTTPRouteOptions()
    let handle: @Sendable (Call) async throws -> HTTPResponse
}

/// A request that was let in.
struct Call: Sendable {
    let request: HTTPRequest
    /// Whose request it is; on open routes, of nobody.
    let organisation: OrganisationID
    /// The beginning of addresses in the answer.
    let base: String

    /// A part of the path as a name of `Entity`.
    ///
    /// - Throws: `Refusal` for another form.
    func id<Entity>(_ name: String = "id") throws -> Identifier<Entity> {
        var reader = FieldReader(
            [name: .string(request.parameters[name] ?? "")], at: [.string("path")])
        let id = reader.uuid(name, isRequired: true)
        if let refusal = Refusal(reader.problems) { throw refusal }
        return Identifier(rawValue: id ?? "")
    }

    /// The members of a JSON body.
    ///
    /// - Parameter limit: Its largest size in bytes.
    /// - Throws: `Refusal` for what is no JSON object; `HTTPError` for one that is too large.
    func members(atMost limit: Int = 4 << 20) async throws -> [String: JSONValue] {
        let bytes = try await request.body.collect(maximumBytes: limit)
        let body: [JSONValue] = ["body"]
        guard !bytes.isEmpty else { throw Refusal(InvalidField.missing(body, input: .null)) }
        let type = request.headers["Content-Type"]?.lowercased()
        let noObject = InvalidField(
            type: "model_attributes_type", location: body,
            message: "Input should be a valid dictionary or object to extract fields from")
        if let type, !type.isEmpty, !type.contains("json") { throw Refusal(noObject) }
        do {
            guard let members = try JSONValue(parsing: bytes).object else { throw Refusal(noObject) }
            return members
        } catch let error as JSONSyntaxError {
            throw Refusal(
                InvalidField(
                    type: "json_invalid", location: body + [.integer(Int64(error.offset))],
                    message: "JSON decode error",
                    input: [:], context: ["error": .string(error.reason)]))
        }
    }
}
