public import Access
public import Generations
public import HTTP

/// One route of an interface: what it does, and what the interface's OpenAPI document says about it.
///
///     Endpoint(
///         .get, "/v2/projects/{id}", id: "ProjectsController_get", tag: "Projects", summary: "Get a project.",
///         answer: .json(.named("Project"))
///     ) { call in .json(json(try await project(call))) }
public struct Endpoint: Sendable {
    /// Answers a request that was let in.
    public typealias Handler = @Sendable (Call) async throws -> HTTPResponse

    /// What a body holds, of a request or of a successful answer.
    public enum Content: Sendable {
        case json(Schema)
        /// `multipart/form-data`.
        case form(Schema)
        case text
        /// A body of another media type.
        case media(String, Schema)
        case nothing
    }

    /// Who may call an endpoint.
    public enum Callers: Sendable {
        /// Everybody, without a credential: it tells nothing that is private, or its link proves itself.
        case anybody
        /// Everybody; a key that is sent all the same must open something.
        case anybodyOrMembers
        /// Whoever has a key or a session.
        case members
        /// Whoever has a key or a session of an operator.
        case operators
    }

    /// A parameter of the query or a header.
    public struct Parameter: Sendable {
        let name: String
        let place: String
        let schema: Schema
        let summary: String?
        let isRequired: Bool
        /// Whether a list is one text with commas, instead of a repeated parameter.
        let isJoined: Bool

        /// A parameter of the query.
        public static func query(
            _ name: String, _ schema: Schema, _ summary: String? = nil, isRequired: Bool = false
        ) -> Parameter {
            Parameter(
                name: name, place: "query", schema: schema, summary: summary, isRequired: isRequired, isJoined: false)
        }

        /// A list in the query, with commas between its items.
        public static func list(_ name: String, of item: Schema, _ summary: String) -> Parameter {
            Parameter(
                name: name, place: "query", schema: .list(of: item), summary: summary, isRequired: false,
                isJoined: true)
        }

        /// A header that may be left out.
        public static func header(_ name: String, _ schema: Schema, _ summary: String) -> Parameter {
            Parameter(
                name: name, place: "header", schema: schema, summary: summary, isRequired: false, isJoined: false)
        }
    }

    let method: HTTPMethod
    /// With names in braces: `/v2/projects/{id}`.
    let path: String
    /// `operationId` of the document, of which agents make names of tools; nil leaves the endpoint out of the document.
    let id: String?
    let tag: String?
    let summary: String
    let parameters: [Parameter]
    /// The forms of the body that it takes; none for an endpoint without a body.
    let body: [Content]
    /// Of a successful answer; more than one where the same answer may have either.
    let statuses: [Int]
    let answer: Content
    /// What names in the path look like.
    let idSchema: Schema
    /// The scope of an endpoint that every key opens, whatever its scopes.
    public static let anyScope = "*"

    let callers: Callers
    /// What a key must have among its scopes where it has scopes; such keys open nothing else.
    let scope: String?
    let options: HTTPRouteOptions
    private(set) var handle: Handler

    /// The same endpoint, whose answers are changed on their way out.
    public func answering(_ change: @escaping @Sendable (HTTPResponse, Call) -> HTTPResponse) -> Endpoint {
        var endpoint = self
        endpoint.handle = { [handle] call in change(try await handle(call), call) }
        return endpoint
    }

    /// Describes a route.
    ///
    /// - Parameters:
    ///   - id: `operationId` of the document; nil leaves the route out of it.
    ///   - body: The forms of the body that it takes.
    ///   - statuses: Of a successful answer.
    ///   - answer: What a successful answer holds.
    ///   - callers: Who may call it.
    ///   - scope: What a key must have among its scopes where it has scopes.
    public init(
        _ method: HTTPMethod, _ path: String, id: String? = nil, tag: String? = nil, summary: String = "",
        parameters: [Parameter] = [], body: [Content] = [], statuses: [Int] = [200], answer: Content = .nothing,
        idSchema: Schema = .uuid, callers: Callers = .members, scope: String? = nil,
        options: HTTPRouteOptions = HTTPRouteOptions(),
        handle: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.id = id
        self.tag = tag
        self.summary = summary
        self.parameters = parameters
        self.body = body
        self.statuses = statuses
        self.answer = answer
        self.idSchema = idSchema
        self.callers = callers
        self.scope = scope
        self.options = options
        self.handle = handle
    }
}

/// A request that was let in.
public struct Call: Sendable {
    public let request: HTTPRequest
    /// Whose request it is; on endpoints for anybody, of nobody.
    public let organisation: OrganisationID
    /// Who sends it; nil on endpoints for anybody, and where anybody may call and no key was sent.
    public let caller: Caller?
    /// The beginning of addresses in the answer, without a slash at the end.
    public let base: String

    /// Asks again who sends it.
    let authenticate: @Sendable () async throws -> Caller?

    /// Whether what it was sent with still opens the same, to be asked again and again by an answer that goes on. A store
    /// that cannot be asked now changes nothing.
    public func isStillLetIn() async -> Bool {
        do { return try await authenticate() == caller } catch { return !(error is AuthenticationFailure) }
    }

    /// Whether an operator sends it.
    public var isOperator: Bool { caller?.role == .operator }

    /// A name in the path, as it was sent.
    public func parameter(_ name: String = "id") -> String { request.parameters[name] ?? "" }
}
