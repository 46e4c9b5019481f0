import Foundation
import Synchronization

/// The standard input of a child that is written to while the child runs.
package final class ChildInput: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isOpen = true
    }

    private let state = Mutex(State())
    private let channel: SocketPair

    package init() throws(ChildLaunchError) {
        channel = try SocketPair()
        SocketPair.neverBlock(channel.child)
        SocketPair.neverBlock(channel.parent)
    }

    deinit {
        close(channel.parent)
        close(channel.child)
    }

    /// Adds bytes to what the child will read; without effect after `finish()`.
    package func write(_ bytes: [UInt8]) {
        state.withLock { if $0.isOpen { $0.bytes += bytes } }
        wake()
    }

    /// Ends the input behind the bytes that were added so far.
    package func finish() {
        state.withLock { $0.isOpen = false }
        wake()
    }

    /// Becomes readable when there is something to take.
    var descriptor: Int32 { channel.child }

    /// The bytes that were added since the last call, and whether more may follow.
    func take() -> (bytes: [UInt8], isOpen: Bool) {
        var drained = [UInt8](repeating: 0, count: 256)
        while read(channel.child, &drained, drained.count) == drained.count {}
        return state.withLock { state in
            defer { state.bytes = [] }
            return (state.bytes, state.isOpen)
        }
    }

    // A full channel is readable already.
    private func wake() { _ = Foundation.write(channel.parent, [1], 1) }
}
