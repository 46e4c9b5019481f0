import Gateway
import Generations
import HTTP

/// One route: what it does, and what the public document says about it.
struct Endpoint: Sendable {
    let method: HTTPMethod
    let path: String
    /// `nil` for routes that the document leaves out.
    let operation: Operation?
    /// Whether it answers without a key.
    let isOpen: Bool
    let options: HTTPRouteOptions
    let handle: @Sendable (Call) async throws -> HTTPResponse

    /// A route that needs a key.
    init(
        _ method: HTTPMethod, _ path: String, _ operation: Operation?,
        options: HTTPRouteOptions = HTTPRouteOptions(), handle: @escaping @Sendable (Call) async throws -> HTTPResponse
    ) {
        self.init(method, path, operation, isOpen: false, options: options, handle: handle)
    }

    private init(
        _ method: HTTPMethod, _ path: String, _ operation: Operation?, isOpen: Bool, options: HTTPRouteOptions,
        handle: @escaping @Sendable (Call) async throws -> HTTPResponse
    ) {
        self.method = method
        self.path = path
        self.operation = operation
        self.isOpen = isOpen
        self.options = options
        self.handle = handle
    }

    /// A route that anybody may call, or whose link proves itself.
    static func open(
        _ method: HTTPMethod, _ path: String, _ operation: Operation? = nil,
        options: HTTPRouteOptions = HTTPRouteOptions(), handle: @escaping @Sendable (Call) async throws -> HTTPResponse
    ) -> Endpoint {
        Endpoint(method, path, operation, isOpen: true, options: options, handle: handle)
    }
}

/// A request that was let in.
struct Call: Sendable {
    let request: HTTPRequest
    /// Whose request it is; on open routes, of nobody.
    let organisation: OrganisationID
    /// The beginning of addresses in the answer.
    let base: String

    /// The `{id}` of the path as a name of `Entity`, or the error for another form.
    func id<Entity>(_ code: ErrorCode) throws -> Identifier<Entity> {
        guard let id = Identifier<Entity>(parsing: request.parameters["id"] ?? "") else {
            throw GenerationError(code, status: code.entry.status == 404 ? 404 : 400)
        }
        return id
    }
}

extension HTTPResponse {
    /// A value as JSON.
    static func json(_ value: JSONValue, status: HTTPStatus = .ok, headers: HTTPHeaders = [:]) -> HTTPResponse {
        var fields = headers
        fields["Content-Type"] = "application/json"
        return HTTPResponse(status, headers: fields, bytes: value.utf8)
    }
}
