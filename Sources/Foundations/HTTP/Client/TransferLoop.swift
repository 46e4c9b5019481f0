import CCurl
import Foundation
import Synchronization

/// Runs transfers beside each other on one thread, which keeps their connections for the next ones. The thread starts with
/// the first transfer and ends with the loop.
final class TransferLoop: Sendable {
    /// A transfer that is to begin.
    struct Order: Sendable {
        let request: HTTPClientRequest
        let configuration: HTTPClientConfiguration
        let maximumBytes: Int64
        let prefixBytes: Int?
        let control: TransferControl
        let continuation: CheckedContinuation<HTTPClientResponse, any Error>
    }

    /// What the loop and its thread share; the thread does not keep the loop alive.
    private final class Shared: Sendable {
        struct State {
            var orders: [Order] = []
            var hasThread = false
            var isOver = false
        }

        let state = Mutex(State())
        let bell = TransferControl()
    }

    private let shared = Shared()

    deinit {
        shared.state.withLock { $0.isOver = true }
        shared.bell.wake()
    }

    /// Begins a transfer; its continuation gets the response or the error.
    func add(_ order: Order) {
        let needsThread = shared.state.withLock { state in
            state.orders.append(order)
            defer { state.hasThread = true }
            return !state.hasThread
        }
        guard needsThread else { return shared.bell.wake() }
        Thread.detachNewThread { [shared] in Self.run(shared) }
    }

    private static func run(_ shared: Shared) {
        guard lipsmith_curl_initialise() == CURLE_OK, let multi = curl_multi_init() else {
            let orders = shared.state.withLock { state in
                defer { (state.orders, state.hasThread) = ([], false) }
                return state.orders
            }
            for order in orders {
                order.continuation.resume(throwing: HTTPClientError(.unreachable, detail: "libcurl does not start"))
            }
            return
        }
        shared.bell.attach(multi)
        var running = RunningTransfers(multi)
        while true {
            let (orders, isOver) = shared.state.withLock { state in
                defer { state.orders = [] }
                return (state.orders, state.isOver)
            }
            orders.forEach { running.begin($0) }
            if isOver, running.isEmpty { break }
            running.step()
            // An order or a cancellation ends the wait at once.
            curl_multi_poll(multi, nil, 0, running.isEmpty ? 60_000 : 1000, nil)
        }
        shared.bell.detach()
        curl_multi_cleanup(multi)
    }
}

/// The transfers of a loop's thread.
private struct RunningTransfers {
    private let multi: UnsafeMutableRawPointer
    private var all: [UnsafeMutableRawPointer: (Transfer, CheckedContinuation<HTTPClientResponse, any Error>)] = [:]

    init(_ multi: UnsafeMutableRawPointer) { self.multi = multi }

    var isEmpty: Bool { all.isEmpty }

    mutating func begin(_ order: TransferLoop.Order) {
        let transfer = Transfer(
            order.request, order.configuration, path: nil, maximumBytes: order.maximumBytes,
            prefixBytes: order.prefixBytes, control: order.control)
        do {
            try transfer.begin(in: multi)
            guard let easy = transfer.easy else { throw HTTPClientError(.unreachable) }
            all[easy] = (transfer, order.continuation)
        } catch {
            transfer.cleanUp()
            order.continuation.resume(throwing: error)
        }
    }

    /// Moves what can be moved, and ends the transfers that are over or must not go on.
    mutating func step() {
        var count: Int32 = 0
        let code = curl_multi_perform(multi, &count)
        var easy: UnsafeMutableRawPointer?
        var result = CURLE_OK
        while lipsmith_curl_finished(multi, &easy, &result) == 1 {
            guard let easy, let (transfer, _) = all[easy] else { continue }
            end(easy, Result { try transfer.response(after: result) })
        }
        for (easy, (transfer, _)) in all {
            do {
                try transfer.checkProgress()
                if code != CURLM_OK { throw HTTPClientError(.unreachable, detail: "libcurl: \(code.rawValue)") }
            } catch { end(easy, .failure(error)) }
        }
    }

    private mutating func end(_ easy: UnsafeMutableRawPointer, _ result: Result<HTTPClientResponse, any Error>) {
        guard let (transfer, continuation) = all.removeValue(forKey: easy) else { return }
        transfer.cleanUp()
        continuation.resume(with: result)
    }
}
