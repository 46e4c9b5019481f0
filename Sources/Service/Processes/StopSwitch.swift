import Foundation
import Synchronization

/// Wakes the thread that waits for a child.
final class StopSwitch: Sendable {
    private let channel: SocketPair
    private let isOpen = Mutex(true)

    init() throws(ChildLaunchError) { channel = try SocketPair() }

    deinit {
        close(channel.parent)
        close(channel.child)
    }

    /// Becomes readable when the child is to be stopped.
    var descriptor: Int32 { channel.child }

    func stop() {
        // Closing instead would race with a late reader of the descriptor. One byte keeps it readable.
        let mustWrite = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if mustWrite { _ = write(channel.parent, [1], 1) }
    }
}
