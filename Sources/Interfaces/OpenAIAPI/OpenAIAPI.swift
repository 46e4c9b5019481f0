public import HTTP
public import WebInterface

/// The part of OpenAI's API that turns texts into speech: `POST /v1/audio/speech` and the lists around it.
public struct OpenAIAPI: Sendable {
    private let endpoints: [Endpoint]
    private let dispatcher: EndpointDispatcher

    /// Puts the interface together.
    public init(_ services: InterfaceServices) {
        let voices = SpokenVoices(directory: services.voices)
        endpoints =
            SpeechController(voices: voices, folder: services.speechFolder).endpoints
            + ListController(voices: voices).endpoints
        dispatcher = services.dispatcher("openai", errors: OpenAIErrors())
    }

    /// Adds every endpoint.
    public func register(on router: inout HTTPRouter) { dispatcher.register(endpoints, on: &router) }

    /// Whether a path belongs to this interface, so that errors outside of its endpoints have its form.
    public static func owns(path: String) -> Bool {
        path.hasPrefix("/v1/audio/") || path == "/v1/models" || path.hasPrefix("/v1/models/")
    }

    /// The errors of this interface.
    public static let errors: any ErrorRenderer = OpenAIErrors()
}
