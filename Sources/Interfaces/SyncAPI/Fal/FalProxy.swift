import Generations
import HTTP
import WebInterface

/// The door for clients that send every call to one address, with the one they mean in a header. Nothing is sent out: what
/// the header names is answered here.
struct FalProxy: Sendable {
    static let path = "/api/fal/proxy"
    static let header = "x-fal-target-url"

    let router: HTTPRouter

    func register(on router: inout HTTPRouter) {
        let options = HTTPRouteOptions(maximumBodyBytes: 32 << 20, interface: "fal")
        for method in [HTTPMethod.get, .post, .put] {
            router.on(method, Self.path, options: options) { request in
                guard let target = Self.target(of: request) else { return Self.invalid }
                var inner = try HTTPRequest(
                    method, target, headers: request.headers, body: request.body, id: request.id,
                    peerAddress: request.peerAddress)
                inner.headers[Self.header] = nil
                return try await self.router.respond(to: inner)
            }
        }
    }

    private static let invalid = HTTPResponse(
        .badRequest, headers: ["Content-Type": "text/plain"], bytes: Array("Invalid request".utf8))

    /// Where a call is answered here; nil for one that means none of fal's hosts.
    static func target(of request: HTTPRequest) -> String? {
        guard let url = request.headers[header], url.hasPrefix("https://") else { return nil }
        let rest = url.dropFirst("https://".count)
        let host = rest.prefix { $0 != "/" }.lowercased()
        let path = rest.dropFirst(host.count)
        guard path.hasPrefix("/"), !path.contains("..") else { return nil }
        switch host {
        case "queue.fal.run": return FalAPI.prefix + path
        case "fal.run": return FalAPI.prefix + "/run" + path
        case "rest.fal.ai", "rest.alpha.fal.ai": return FalAPI.prefix + path
        default: return nil
        }
    }
}
