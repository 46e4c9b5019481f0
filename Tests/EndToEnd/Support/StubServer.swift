import HTTP
import Synchronization
import Text

/// A server that takes files and orders as Lipsmith's own API says, and makes nothing.
final class StubServer: Sendable {
    /// What it has got.
    struct State {
        /// Method, path and query of each request.
        var requests: [String] = []
        var keys: Set<String> = []
        var file: [UInt8] = []
        var orders: [JSONValue] = []
        var idempotencyKeys: Set<String> = []
        var lookCount = 0
        /// How often each request was refused.
        var refusals: [String: Int] = [:]
    }

    /// What it does beside what is usual.
    struct Conduct {
        /// Whether the second piece of a file is cut off once.
        var breaksPiece = false
        /// How generations end.
        var status = "completed"
        /// How often in turn each request is refused for now before it is answered.
        var refusalCount = 0
        /// Where requests whose paths begin so are sent: to the same path of another server.
        var redirect: (prefix: String, url: String)?
        /// Where it listens; 0 for any port.
        var port = 0
    }

    static let id = "6f1c5b0e-2d1a-4c3b-9a57-0d6f3c1b2a4d"

    let port: Int
    private let server: HTTPServer
    private let state: StateBox

    /// What it has got so far.
    var seen: State { state.value.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)" }

    private final class StateBox: Sendable {
        let value = Mutex(State())
    }

    private init(_ conduct: Conduct) throws {
        let box = StateBox()
        var router = HTTPRouter()
        for method in [HTTPMethod.get, .post, .patch, .delete] {
            router.on(method, "/{path*}", options: HTTPRouteOptions(maximumBodyBytes: 64 << 20)) { request in
                let body = try await request.body.collect(maximumBytes: 64 << 20)
                return box.value.withLock { state in
                    Self.answer(request, body, &state, conduct)
                }
            }
        }
        state = box
        var configuration = HTTPServerConfiguration()
        configuration.port = conduct.port
        server = HTTPServer(configuration, router: router)
        port = try server.start().port
    }

    private static func answer(
        _ request: HTTPRequest, _ body: [UInt8], _ state: inout State, _ conduct: Conduct
    ) -> HTTPResponse {
        let name = "\(request.method) \(request.path)"
        if state.refusals[name, default: 0] < conduct.refusalCount {
            state.refusals[name, default: 0] += 1
            let status: HTTPStatus = state.refusals[name]! % 2 == 0 ? .tooManyRequests : .serviceUnavailable
            let error: JSONValue = ["error": ["code": "busy", "message": "Later.", "suggestion": "Wait."]]
            return HTTPResponse(status, headers: ["Retry-After": "0"], bytes: error.utf8)
        }
        state.refusals[name] = nil
        state.requests.append("\(request.method) \(request.target)")
        if let key = request.headers["x-api-key"] { state.keys.insert(key) }
        if let redirect = conduct.redirect, request.path.hasPrefix(redirect.prefix) {
            return HTTPResponse(
                HTTPStatus(rawValue: 302), headers: ["Location": redirect.url + request.target])
        }
        func json(_ value: JSONValue, _ status: HTTPStatus = .ok) -> HTTPResponse {
            .json(bytes: value.utf8, status: status)
        }
        func upload() -> JSONValue { ["id": "u1", "offset": .integer(Int64(state.file.count))] }
        switch (request.method, request.path) {
        case (.post, "/v1/uploads"), (.get, "/v1/uploads/u1"): return json(upload())
        case (.patch, "/v1/uploads/u1"):
            guard request.headers["Upload-Offset"] == String(state.file.count) else {
                return json(["error": ["code": "upload-offset-wrong", "message": "No.", "suggestion": ""]], .conflict)
            }
            let isCut = conduct.breaksPiece && !state.file.isEmpty && !state.requests.contains("GET /v1/uploads/u1")
            // A part of the piece has arrived when the connection is lost.
            state.file += isCut ? Array(body.prefix(1000)) : body
            return isCut ? HTTPResponse(HTTPStatus(rawValue: 502)) : json(upload())
        case (.post, "/v1/uploads/u1/asset"): return json(["id": "a1"], .created)
        case (.post, "/v1/generations"):
            guard let order = try? JSONValue(parsing: body) else { return HTTPResponse(.badRequest) }
            state.orders.append(order)
            if request.query["dryRun"] == "true" { return json(["isValid": true, "outputSeconds": 8.5]) }
            if order["model"] == "none" {
                return json(
                    ["error": ["code": "request-invalid", "message": "model is wrong.", "suggestion": "Choose."]],
                    .badRequest)
            }
            state.idempotencyKeys.insert(request.headers["Idempotency-Key"] ?? "")
            return json(["id": .string(id)], .created)
        case (.get, "/v1/generations/\(id)"): return json(generation(request, &state, status: conduct.status))
        case (.get, "/video"): return HTTPResponse(.ok, bytes: Array("the video".utf8))
        case (.get, "/v1/generations/\(id)/report"): return json(["schemaVersion": 1])
        case (.get, "/v1/generations/\(id)/report.html"): return .text("<html>", contentType: "text/html")
        case (.post, "/v1/generations/\(id)/cancel"): return json(["id": .string(id)])
        case (.get, "/v1/generations"):
            let isSecond = request.query["cursor"] == "c1"
            return json([
                "items": [["id": isSecond ? "g2" : "g1", "status": "failed", "model": "lipsync-2"]],
                "next": isSecond ? .null : "c1",
            ])
        case (.get, "/v1/choices"): return json(["defaultVoice": "ann"])
        default: return HTTPResponse(.notFound)
        }
    }

    /// A generation that runs when it is looked at first, and has ended from then on.
    private static func generation(_ request: HTTPRequest, _ state: inout State, status: String) -> JSONValue {
        state.lookCount += 1
        if state.lookCount == 1 { return ["id": .string(id), "status": "processing", "progress": 0.5] }
        let isMade = status == "completed"
        let address = "http://\(request.headers["Host"] ?? "")/video?token=t"
        return [
            "id": .string(id), "status": .string(status), "progress": 1,
            "output": isMade ? ["durationSeconds": 8.5, "downloadUrl": .string(address)] : .null,
            "error": isMade
                ? .null : ["code": "video-unusable", "message": "No face.", "suggestion": "Send another."],
        ]
    }

    /// Runs `body` with a server.
    static func run(
        _ conduct: Conduct = Conduct(), _ body: (StubServer) async throws -> Void
    ) async throws {
        let stub = try StubServer(conduct)
        let result: Result<Void, any Error>
        do { result = .success(try await body(stub)) } catch { result = .failure(error) }
        await stub.server.shutdown(limit: .zero)
        try result.get()
    }
}
