import CMicrohttpd
import Foundation
import Synchronization
import Time

/// One TCP connection, from accept to close.
final class ServerConnection: Sendable {
    enum Phase {
        /// Waiting for the first or the rest of a request head.
        case head(deadline: MonotonicTime)
        /// Waiting between two requests.
        case idle(deadline: MonotonicTime)
        case request(Exchange)
    }

    /// The target of the running request as its line has it.
    struct RawTarget: @unchecked Sendable {
        var text = ""
        /// Where it lies in the library's memory, while the request runs.
        var start: UnsafePointer<CChar>?
        var byteCount = 0
    }

    struct State {
        var phase: Phase
        var target = RawTarget()
        /// It got an answer past the library, which the library does not know of.
        var isRefused = false
    }

    let socket: Int32
    /// The thread of the library that serves it, as does no other.
    let thread = pthread_self()
    let handle: Exchange.Handle
    let peerAddress: String
    let state: Mutex<State>

    init(_ connection: OpaquePointer, headDeadline: MonotonicTime) {
        handle = Exchange.Handle(pointer: connection)
        socket = lipsmith_microhttpd_socket(connection)
        peerAddress = lipsmith_microhttpd_client_address(connection).flatMap(NetworkAddress.init)?.description ?? ""
        state = Mutex(State(phase: .head(deadline: headDeadline)))
    }

    var exchange: Exchange? {
        state.withLock { state in
            if case .request(let exchange) = state.phase { exchange } else { nil }
        }
    }

    /// Has the connection's thread notice the end; the descriptor stays open until the library closes it.
    func shutDown() { _ = shutdown(socket, Int32(SHUT_RDWR)) }
}
