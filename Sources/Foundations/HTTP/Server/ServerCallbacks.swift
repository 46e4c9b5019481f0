import CMicrohttpd
import Foundation
import Synchronization
import Time

/// The functions that libmicrohttpd calls, on its own threads. They only translate; what happens is decided in
/// `ServerCore` and `Exchange`.
enum ServerCallbacks {
    private static func core(_ context: UnsafeMutableRawPointer?) -> ServerCore? {
        context.map { Unmanaged<ServerCore>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func peer(_ connection: OpaquePointer?) -> ServerConnection? {
        connection.flatMap { lipsmith_microhttpd_socket_context($0) }
            .map { Unmanaged<ServerConnection>.fromOpaque($0).takeUnretainedValue() }
    }

    /// A connection was accepted or is about to be closed.
    static func connection(
        _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
        _ socketContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ event: MHD_ConnectionNotificationCode
    ) {
        guard let core = core(context), let connection, let socketContext else { return }
        if event == .CONNECTION_NOTIFY_STARTED {
            let deadline = MonotonicTime.now() + core.configuration.headDeadline
            let peer = ServerConnection(connection, headDeadline: deadline)
            socketContext.pointee = Unmanaged.passRetained(peer).toOpaque()
            core.opened(peer)
        } else if let pointer = socketContext.pointee {
            core.closed(Unmanaged<ServerConnection>.fromOpaque(pointer).takeRetainedValue())
            socketContext.pointee = nil
        }
    }

    /// A request line is complete. The target is kept as it stands; the context of the request comes later.
    static func target(
        _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
    ) -> UnsafeMutableRawPointer? {
        guard let core = core(context), let peer = peer(connection), let target else { return nil }
        let text = String(cString: target)
        let byteCount = lipsmith_microhttpd_take_target(target)
        let deadline = MonotonicTime.now() + core.configuration.headDeadline
        peer.state.withLock { state in
            state.target = ServerConnection.RawTarget(text: text, start: target, byteCount: byteCount)
            if case .idle = state.phase { state.phase = .head(deadline: deadline) }
        }
        return nil
    }

    /// A request makes progress: once after the head, then for each piece of the body, then at its end and after each
    /// resume.
    static func access(
        _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ target: UnsafePointer<CChar>?,
        _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
        _ uploadSize: UnsafeMutablePointer<Int>?, _ requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> MHD_Result {
        guard let core = core(context), let connection, let peer = peer(connection), let method, let version,
            let uploadSize, let requestContext, !core.isStopping.load(ordering: .sequentiallyConsistent)
        else { return .NO }
        guard let pointer = requestContext.pointee else {
            return begin(
                core, connection, peer, method: method, version: version, requestContext: requestContext)
        }
        let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
        if uploadSize.pointee > 0, let upload {
            if exchange.receive(UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee)) {
                uploadSize.pointee = 0
            }
            return .YES
        }
        switch exchange.requestIsComplete() {
        case .wait: return .YES
        case .close: return .NO
        case .answer(let response): return ResponseWriter.queue(response, exchange, connection, closing: false)
        }
    }

    /// The first call for a request. An answer here costs the connection, so only a refusal before a body, or of a head
    /// that cannot be trusted, is given here; everything else waits for the next call.
    private static func begin(
        _ core: ServerCore, _ connection: OpaquePointer, _ peer: ServerConnection, method: UnsafePointer<CChar>,
        version: UnsafePointer<CChar>, requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> MHD_Result {
        let target = peer.state.withLock { $0.target }
        let isPlain =
            lipsmith_microhttpd_head_is_plain(connection, method, target.start, target.byteCount, version) == 1
        // Browsers send about a dozen.
        var headers = HTTPHeaders(capacity: 16)
        withUnsafeMutablePointer(to: &headers) { pointer in
            _ = MHD_get_connection_values_n(
                connection, .HEADER_KIND,
                { context, _, key, keySize, value, valueSize in
                    let name = ServerCallbacks.text(key, keySize)
                    context?.assumingMemoryBound(to: HTTPHeaders.self).pointee
                        .add(name, ServerCallbacks.text(value, valueSize))
                    return .YES
                }, pointer)
        }
        let (exchange, refusal, isAmbiguous) = core.begin(
            connection, on: peer, method: HTTPMethod(rawValue: String(cString: method)),
            version: String(cString: version), headers: headers, target: target.text, isPlain: isPlain)
        requestContext.pointee = Unmanaged.passRetained(exchange).toOpaque()
        guard let refusal else { return .YES }
        let hasBody = exchange.announcedBytes != 0
        exchange.state.withLock { $0.bodyIsComplete = true }
        exchange.answer(refusal)
        guard isAmbiguous || hasBody, case .answer(let response) = exchange.requestIsComplete() else { return .YES }
        return ResponseWriter.queue(response, exchange, connection, closing: true)
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count), as: UTF8.self)
    }

    /// The library is about to answer something that it cannot read, by itself.
    static func refusal(_ context: UnsafeMutableRawPointer?, _ status: UInt32, _ page: UnsafePointer<CChar>?) {
        core(context)?.refuse(status: Int(status), page: page.map { String(cString: $0) } ?? "")
    }

    /// A request is over, well or not.
    static func completed(
        _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
        _ requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
    ) {
        guard let core = core(context), let pointer = requestContext?.pointee else { return }
        requestContext?.pointee = nil
        let idle = MonotonicTime.now() + core.configuration.idleTimeout
        peer(connection)?.state.withLock { $0.phase = .idle(deadline: idle) }
        Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue()
            .end(isComplete: reason == .REQUEST_TERMINATED_COMPLETED_OK)
    }
}
