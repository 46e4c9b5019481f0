import CMicrohttpd
import Foundation
import Synchronization

/// One TCP connection, from accept to close.
final class ServerConnection: Sendable {
    enum Phase {
        /// Waiting for the first or the rest of a request head.
        case head(deadline: MonotonicTime)
        /// Between two requests.
        case idle(deadline: MonotonicTime)
        case request(Exchange)
    }

    struct State {
        var phase: Phase
        var target = ""
    }

    let socket: Int32
    let peerAddress: String
    let state: Mutex<State>

    init(_ connection: OpaquePointer, headDeadline: MonotonicTime) {
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
