import Foundation
import Synchronization

/// Wakes the thread that waits for a child.
final class StopSwitch: Sendable {
    /// Becomes readable when the child is to be stopped.
    let descriptor: Int32
    private let writer: Int32
    private let isOpen = Mutex(true)

    init() throws(ChildLaunchError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ChildLaunchError(description: "pipe: \(String(cString: strerror(errno)))") }
        for end in ends { Descriptors.keepFromChildren(end) }
        (descriptor, writer) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    func stop() {
        // Closing would race with a late reader of the number; one byte is enough for ever.
        let mustWrite = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if mustWrite { _ = write(writer, [1], 1) }
    }
}

/// Settings of file descriptors.
enum Descriptors {
    static func keepFromChildren(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    static func neverBlock(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
}
