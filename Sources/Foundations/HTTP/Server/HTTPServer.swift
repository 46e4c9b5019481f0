import CMicrohttpd
import Foundation
import Synchronization
import Time

/// An HTTP/1.1 server: routes in, answers out. No TLS; a proxy in front does that.
public final class HTTPServer: Sendable {
    private struct State {
        var daemon: Exchange.Handle?
        var isStopped = false
    }

    /// The address on which a running server listens.
    public struct Address: Sendable, Hashable {
        /// A host name or a numeric address; numeric once the server listens.
        public let host: String
        public let port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        /// Without a path: `http://127.0.0.1:8080`, `http://[::1]:8080`.
        public var url: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
    }

    private let core: ServerCore
    private let state = Mutex(State())

    /// Makes a server that does not listen yet.
    public init(_ configuration: HTTPServerConfiguration = HTTPServerConfiguration(), router: HTTPRouter) {
        core = ServerCore(configuration, router)
    }

    deinit { precondition(state.withLock { $0.daemon == nil }, "a running server must be shut down") }

    /// The number of running requests.
    public var runningRequests: Int { core.runningRequests }

    /// Begins to listen and to answer, once.
    ///
    /// - Throws: `HTTPServerError` if the address is not available.
    public func start() throws(HTTPServerError) -> Address {
        let settings = core.configuration
        let socket = try ListeningSocket(host: settings.host, port: settings.port)
        var files = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        let threads = min(max(settings.threadCount, 1), 64)
        var options = lipsmith_microhttpd_options()
        options.listening_socket = socket.descriptor
        options.thread_count = UInt32(threads)
        options.connection_limit = UInt32(
            max(threads, min(settings.maximumConnections, Int(clamping: files.rlim_cur) - 128)))
        options.connection_limit_per_address = UInt32(max(settings.maximumConnectionsPerAddress, 1))
        // The library keeps the head, its list of fields and the buffer for the body in this memory.
        options.connection_memory_bytes = max(65_536, settings.maximumHeadBytes * 2)
        options.inactivity_seconds = UInt32(max(1, settings.idleTimeout.inSeconds.rounded(.up)))
        options.context = Unmanaged.passUnretained(core).toOpaque()
        options.target_callback = { ServerCallbacks.target($0, $1, $2) }
        options.access_callback = { ServerCallbacks.access($0, $1, $2, $3, $4, $5, $6, $7) }
        options.completed_callback = { ServerCallbacks.completed($0, $1, $2, $3) }
        options.connection_callback = { ServerCallbacks.connection($0, $1, $2, $3) }
        options.refusal_callback = { ServerCallbacks.refusal($0, $1, $2) }
        guard let daemon = lipsmith_microhttpd_start(&options) else {
            close(socket.descriptor)
            throw HTTPServerError(description: "Cannot start the server's threads.")
        }
        let handle = Exchange.Handle(pointer: daemon)
        state.withLock { state in
            precondition(state.daemon == nil && !state.isStopped, "a server starts once")
            state.daemon = handle
        }
        startWatchdog()
        return Address(host: socket.host, port: socket.port)
    }

    private func startWatchdog() {
        let core = core
        let microseconds = UInt32(clamping: core.configuration.watchInterval.inNanoseconds / 1000)
        Thread.detachNewThread {
            while !core.isStopping.load(ordering: .relaxed) {
                core.watch()
                usleep(max(microseconds, 1000))
            }
        }
    }

    /// How long connections that were cut may take to end before the library is stopped all the same: far more than the
    /// library takes to see them.
    private static let closingTime = Duration.seconds(2)

    /// Stops: no new connections, idle ones closed, running requests finished until the limit, the rest cancelled and
    /// cut. Returns when every connection is closed; a second call returns at once.
    public func shutdown(limit: Duration = .seconds(30)) async {
        let daemon = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped ? nil : state.daemon
        }
        guard let daemon else { return }
        core.isDraining.store(true, ordering: .sequentiallyConsistent)
        let listening = MHD_quiesce_daemon(daemon.pointer)
        if listening >= 0 { close(listening) }
        let deadline = MonotonicTime.now() + limit
        core.closeIdle()
        while core.runningRequests > 0, MonotonicTime.now() < deadline {
            try? await Task.sleep(for: .milliseconds(10))
            if Task.isCancelled { break }
            core.closeIdle()
        }
        core.abortAll()
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread { [core] in
                // A library that stops must not come to refuse a request by itself: it queues no response any more, and
                // sends the one that it does not have (MHD_queue_response of 0.9.75 ends at once with success). Bytes that
                // came before a connection was closed are still read, so it goes on until all of them are.
                let deadline = MonotonicTime.now() + Self.closingTime
                while core.connectionCount > 0, MonotonicTime.now() < deadline { usleep(2000) }
                MHD_stop_daemon(daemon.pointer)
                withExtendedLifetime(core) {}
                continuation.resume()
            }
        }
        state.withLock { $0.daemon = nil }
    }
}
