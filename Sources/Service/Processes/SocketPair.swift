import Foundation

/// A channel between this process and a child that no other child inherits.
///
/// Made of sockets, which are close-on-exec from the start. A pipe is marked so only after it was made, and a child
/// that another thread starts in between would keep its other end open.
struct SocketPair {
    /// The descriptor of this process's end.
    let parent: Int32
    /// The descriptor of the child's end.
    let child: Int32

    init() throws(ChildLaunchError) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            let number = errno
            throw ChildLaunchError(description: "socketpair: \(String(cString: strerror(number)))", number: number)
        }
        (parent, child) = (ends[0], ends[1])
    }

    /// Makes a descriptor non-blocking.
    static func neverBlock(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
}
