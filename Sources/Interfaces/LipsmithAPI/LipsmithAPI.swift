import Generations
public import HTTP
public import WebInterface

/// Lipsmith's own API under `/v1`: what the studio and `lipsmith remote` use.
public struct LipsmithAPI: Sendable {
    private let endpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher

    /// Puts the interface together.
    ///
    /// - Parameters:
    ///   - media: What the sections on media stand on; nil leaves uploads and checks out.
    ///   - samplePath: Where the sample portrait lies on this machine; nil where there is none.
    public init(_ services: InterfaceServices, media: LipsmithMedia? = nil, samplePath: String? = nil) {
        endpoints =
            AssetController(store: services.store, files: services.files).endpoints
            + SampleController(services, path: samplePath).endpoints
            + (media.map { UploadController(services, $0).endpoints + CheckController(services, $0).endpoints } ?? [])
        dispatcher = services.dispatcher(errors: LipsmithErrors())
    }

    /// Adds every endpoint.
    public func register(on router: inout HTTPRouter) { dispatcher.register(endpoints, on: &router) }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = LipsmithErrors()
}
