import CMicrohttpd
import Foundation
import Synchronization
import Time

/// What the library's callbacks, the exchanges and the watchdog share.
final class ServerCore: Sendable {
    let configuration: HTTPServerConfiguration
    let router: HTTPRouter
    let isDraining = Atomic(false)
    let isStopping = Atomic(false)
    let connections = Mutex<[ObjectIdentifier: ServerConnection]>([:])
    private let runningCount = Atomic(0)
    let requestMetrics: RequestMetrics

    init(_ configuration: HTTPServerConfiguration, _ router: HTTPRouter) {
        self.configuration = configuration
        self.router = router
        requestMetrics = RequestMetrics(configuration.metrics)
        configuration.metrics.set("http_connections", to: 0)
    }

    /// Requests between their head and the end of their answer.
    var runningRequests: Int { runningCount.load(ordering: .sequentiallyConsistent) }

    // MARK: Connections

    /// Connections that the library has not given up yet.
    var connectionCount: Int { connections.withLock { $0.count } }

    func opened(_ connection: ServerConnection) {
        connections.withLock { $0[ObjectIdentifier(connection)] = connection }
        configuration.metrics.adjust("http_connections", by: 1)
    }

    func closed(_ connection: ServerConnection) {
        _ = connections.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) }
        configuration.metrics.adjust("http_connections", by: -1)
    }

    /// Looks at every connection under the table's lock, so that none can be closed, and its descriptor reused, meanwhile.
    func watch() {
        let now = MonotonicTime.now()
        let abandoned = connections.withLock { connections in
            var unwatched: [(Int32, Exchange)] = []
            for connection in connections.values {
                let phase = connection.state.withLock { $0.phase }
                switch phase {
                case .head(let deadline), .idle(let deadline):
                    if deadline <= now { connection.shutDown() }
                case .request(let exchange):
                    if exchange.watch(now) { connection.shutDown() }
                    if exchange.isUnwatched { unwatched.append((connection.socket, exchange)) }
                }
            }
            return Self.withoutPeer(unwatched)
        }
        for exchange in abandoned { exchange.abort() }
    }

    /// POLLRDHUP, which the C library shows to programs in GNU mode only.
    private static let peerClosed: Int16 = 0x2000

    /// The exchanges whose client closed its side: a suspended connection is not looked at by the library.
    private static func withoutPeer(_ candidates: [(socket: Int32, exchange: Exchange)]) -> [Exchange] {
        guard !candidates.isEmpty else { return [] }
        let closed = Self.peerClosed | Int16(POLLHUP) | Int16(POLLERR)
        var descriptors = candidates.map { pollfd(fd: $0.socket, events: Self.peerClosed, revents: 0) }
        guard poll(&descriptors, nfds_t(descriptors.count), 0) > 0 else { return [] }
        return zip(candidates, descriptors).filter { $1.revents & closed != 0 }.map(\.0.exchange)
    }

    /// Closes every connection that runs no request.
    func closeIdle() {
        connections.withLock { connections in
            for connection in connections.values where connection.exchange == nil { connection.shutDown() }
        }
    }

    /// Gives up every request and closes every connection.
    func abortAll() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        let exchanges = connections.withLock { connections in
            connections.values.compactMap { connection in
                connection.shutDown()
                return connection.exchange
            }
        }
        for exchange in exchanges { exchange.abort() }
    }

    // MARK: Requests

    /// The head of a request is here: guards, route, exchange. The error is what refuses it.
    func begin(
        _ connection: OpaquePointer, on peer: ServerConnection, method: HTTPMethod, version: String,
        headers: HTTPHeaders, target: String, isPlain: Bool
    ) -> (Exchange, refusal: HTTPError?, isAmbiguous: Bool) {
        runningCount.add(1, ordering: .sequentiallyConsistent)
        var refusal: HTTPError?
        var isAmbiguous = false
        var length: Int64? = 0
        var route: (HTTPRoute, [String: String])?
        var preflight: HTTPResponse?
        var parts: RequestTarget?
        do throws(HTTPError) {
            isAmbiguous = true
            if lipsmith_microhttpd_head_bytes(connection) > configuration.maximumHeadBytes {
                throw RequestGuards.headTooLarge(limit: configuration.maximumHeadBytes)
            }
            guard isPlain else { throw RequestGuards.ambiguousHead }
            try RequestGuards.checkHost(headers, version: version)
            length = try RequestGuards.bodyLength(headers, version: version)
            isAmbiguous = false
            let target = try RequestTarget(target)
            parts = target
            if let policy = configuration.crossOrigin, method == .options {
                preflight = policy.preflight(method, headers, methods: router.methods(target.segments))
            }
            if preflight == nil { route = try router.route(method: method, target: target) }
            let limit = route?.0.options.maximumBodyBytes ?? configuration.maximumBodyBytes
            if let length, length > limit { throw .bodyTooLarge(limit: limit) }
            try Preconditions.check(headers, method: method)
        } catch {
            refusal = error
        }
        let exchange = Exchange(
            server: self, connection: connection, id: RequestGuards.requestID(headers), method: method,
            target: parts?.path ?? String(target.prefix { $0 != "?" }), peerAddress: peer.peerAddress, route: route?.0,
            announcedBytes: isAmbiguous ? 0 : length,
            expectsContinue: version == "HTTP/1.1" && headers["Expect"] != nil,
            crossOriginFields: configuration.crossOrigin?.fields(for: headers) ?? [:])
        peer.state.withLock { $0.phase = .request(exchange) }
        if let preflight {
            exchange.answer(preflight)
        } else if refusal == nil, let route, let parts {
            var request = HTTPRequest(
                method: method, target: parts, headers: headers, body: exchange.body, id: exchange.id,
                peerAddress: peer.peerAddress)
            request.parameters = route.1
            exchange.start(request, route.0.handler)
        }
        return (exchange, refusal, isAmbiguous)
    }

    /// The request is over: counts it and writes its line.
    func record(_ exchange: Exchange, _ final: Exchange.State, isDone: Bool) {
        let seconds = MonotonicTime.now().seconds(since: exchange.began)
        let status = final.answer?.status.rawValue ?? 0
        var sent = final.sentBytes
        if isDone, exchange.method != .head, sent == 0 {
            switch final.answer?.content {
            case .bytes(let bytes): sent = Int64(bytes.count)
            case .file(_, let range): sent = Int64(range.count)
            default: break
            }
        }
        requestMetrics.record(
            route: exchange.route, status: status, seconds: seconds, receivedBytes: final.receivedBytes, sentBytes: sent
        )
        if let log = configuration.accessLog {
            let outcome = isDone ? "done" : "aborted"
            log(accessLine(exchange, final, outcome: outcome, status: status, sentBytes: sent, seconds: seconds))
        }
        runningCount.subtract(1, ordering: .sequentiallyConsistent)
    }

    private func accessLine(
        _ exchange: Exchange, _ final: Exchange.State, outcome: String, status: Int, sentBytes: Int64, seconds: Double
    ) -> String {
        var line = JSONLine()
        line.add("time", SystemClock().now.iso8601)
        line.add("request_id", exchange.id)
        line.add("peer", exchange.peerAddress)
        line.add("method", exchange.method.rawValue)
        line.add("path", exchange.target)
        line.add("route", exchange.route?.pattern ?? "none")
        line.add("status", Int64(status))
        line.add("outcome", outcome)
        line.add("received_bytes", final.receivedBytes)
        line.add("sent_bytes", sentBytes)
        line.add("milliseconds", seconds * 1000)
        if !final.failureDetail.isEmpty { line.add("detail", final.failureDetail) }
        return line.text
    }
}
