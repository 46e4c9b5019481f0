import Foundation

/// A channel between this process and a child, closed in every other program from its first moment on.
///
/// Sockets and not a pipe: a pipe is marked for closing only after it was made, and a child that is started in between
/// by another thread would hold its other end open.
struct SocketPair {
    /// This process's end.
    let parent: Int32
    /// The child's end.
    let child: Int32

    init() throws(ChildLaunchError) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            let number = errno
            throw ChildLaunchError(description: "socketpair: \(String(cString: strerror(number)))", number: number)
        }
        (parent, child) = (ends[0], ends[1])
    }

    /// Makes reads and writes of an end return at once.
    static func neverBlock(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
}
