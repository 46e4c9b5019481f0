import CCurl
import Synchronization

/// Stops a transfer from another thread.
final class TransferControl: Sendable {
    private struct Multi: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    private let state = Mutex<(multi: Multi?, isCancelled: Bool)>((nil, false))

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func attach(_ multi: UnsafeMutableRawPointer) {
        let multi = Multi(pointer: multi)
        state.withLock { $0.multi = multi }
    }

    func detach() { state.withLock { $0.multi = nil } }

    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            if let multi = state.multi { curl_multi_wakeup(multi.pointer) }
        }
    }

    /// Has the thread of the multi handle look around.
    func wake() {
        state.withLock { state in
            if let multi = state.multi { curl_multi_wakeup(multi.pointer) }
        }
    }
}
