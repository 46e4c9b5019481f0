import CMicrohttpd
import Foundation
import Synchronization
import Time

/// Answers in the place of the library where it would answer by itself: with a page of its own, or, of a broken length,
/// with two heads.
extension ServerCore {
    /// The library is about to send a page; called on the thread of the connection that it is for. Where that connection
    /// can be told, it gets the usual answer, written to its socket before the library's, which then cannot be sent.
    func refuse(status: Int, page: String) {
        let isTooLarge = status == HTTPStatus.contentTooLarge.rawValue
        let candidates = candidates()
        if page.contains("Content-Length") {
            // Between the end of a head and our being told of it the library looks at the length alone, so that there is
            // no other.
            if let peer = candidates.first(where: { $0.part == .head(isComplete: true) })?.peer {
                let limit = configuration.maximumBodyBytes
                return refuse(peer, isTooLarge ? .bodyTooLarge(limit: limit) : RequestGuards.invalidLength)
            }
        } else if page.contains("chunk") || status == HTTPStatus.internalServerError.rawValue {
            // The library's 500 says that a line of the chunks is longer than its memory.
            let possible = candidates.compactMap(\.exchange)
            if possible.count == 1 {
                let malformed = HTTPError.malformed("invalid_chunk", "The chunks of the request body are not valid.")
                return possible[0].refuse(
                    isTooLarge ? .bodyTooLarge(limit: possible[0].maximumBodyBytes) : malformed)
            }
        } else if status == HTTPStatus.headTooLarge.rawValue {
            // The fields of a head, its cookies, or the fields behind the chunks of a body.
            if candidates.count == 1 {
                let error = RequestGuards.headTooLarge(limit: configuration.maximumHeadBytes)
                return candidates[0].exchange.map { $0.refuse(error) } ?? refuse(candidates[0].peer, error)
            }
        }
        record(status: status, peer: nil, requestID: nil)
    }

    /// What the library may be reading of a request.
    private enum Part: Equatable {
        case head(isComplete: Bool)
        case chunks
    }

    /// The connections of this thread of which the library is reading a part, any of which it may mean: it does not say
    /// which one. Nearly always there is one, since heads come in one piece.
    private func candidates() -> [(peer: ServerConnection, part: Part, exchange: Exchange?)] {
        let thread = pthread_self()
        let peers = connections.withLock { connections in connections.values.filter { $0.thread == thread } }
        return peers.compactMap { peer in
            let state = peer.state.withLock { $0 }
            switch state.phase {
            case .head where state.target.start != nil && !state.isRefused:
                let isComplete = lipsmith_microhttpd_head_bytes(peer.handle.pointer) > 0
                return (peer, .head(isComplete: isComplete), nil)
            case .request(let exchange) where exchange.takesChunks: return (peer, .chunks, exchange)
            default: return nil
            }
        }
    }

    private func refuse(_ peer: ServerConnection, _ error: HTTPError) {
        let target = peer.state.withLock { state in
            state.isRefused = true
            return String(state.target.text.prefix { $0 != "?" })
        }
        let id = RequestGuards.requestID([:])
        ResponseWriter.write(
            configuration.renderError(error, target, id), requestID: id, hasBody: true, to: peer.socket)
        ResponseWriter.discardInput(of: peer.socket)
        record(status: error.status.rawValue, peer: peer, requestID: id)
    }

    private func record(status: Int, peer: ServerConnection?, requestID: String?) {
        requestMetrics.record(route: nil, status: status, seconds: 0, receivedBytes: 0, sentBytes: 0)
        guard let log = configuration.accessLog else { return }
        var line = JSONLine()
        line.add("time", SystemClock().now.iso8601)
        if let peer, let requestID {
            line.add("request_id", requestID)
            line.add("peer", peer.peerAddress)
            line.add("path", String(peer.state.withLock { $0.target.text }.prefix { $0 != "?" }))
        }
        line.add("route", "none")
        line.add("status", Int64(status))
        line.add("outcome", "refused")
        line.add("detail", "libmicrohttpd cannot read the request")
        log(line.text)
    }
}
