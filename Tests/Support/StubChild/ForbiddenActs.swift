import Foundation
import Synchronization

/// Tries what a confined process must not be able to do, and prints the error number or `done`.
enum ForbiddenActs {
    static func run(_ name: String, folder: String) {
        errno = 0
        let isDone: Bool
        switch name {
        case "connect": isDone = connectToOwnPort()
        case "socket-unix": isDone = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) >= 0
        case "exec":
            var words: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
            isDone = execve("/bin/true", &words, environ) == 0
        case "spawn":
            var identifier: pid_t = 0
            var words: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
            let status = posix_spawn(&identifier, "/bin/true", nil, nil, &words, environ)
            errno = status
            isDone = status == 0
        case "kill-parent": isDone = kill(getppid(), 0) == 0
        case "mount": isDone = mount("none", "/tmp", "tmpfs", 0, nil) == 0
        case "chroot": isDone = chroot("/tmp") == 0
        case "many-files": isDone = (0..<300).allSatisfy { _ in open("/dev/null", O_RDONLY) >= 0 }
        case "raise-limit":
            var more = rlimit(rlim_cur: 1000, rlim_max: 1000)
            isDone = setrlimit(Int32(RLIMIT_NOFILE.rawValue), &more) == 0
        case "read-elsewhere": isDone = open("\(folder)/../secret", O_RDONLY) >= 0
        case "list-elsewhere": isDone = opendir("\(folder)/..") != nil
        case "read-parent-environment": isDone = open("/proc/\(getppid())/environ", O_RDONLY) >= 0
        case "change-input": isDone = open("\(folder)/input", O_WRONLY) >= 0
        case "truncate-input": isDone = truncate("\(folder)/input", 0) == 0
        case "remove-input": isDone = unlink("\(folder)/input") == 0
        case "write-elsewhere": isDone = open("\(folder)/../new", O_WRONLY | O_CREAT, 0o600) >= 0
        case "change-mode": isDone = chmod("\(folder)/output/own", 0o777) == 0
        case "change-open-mode": isDone = fchmod(open("\(folder)/output/own", O_RDONLY), 0o777) == 0
        case "change-owner": isDone = lchown("\(folder)/output/own", 1, 1) == 0
        case "change-times": isDone = utimensat(AT_FDCWD, "\(folder)/output/own", nil, 0) == 0
        case "set-attribute": isDone = setAttribute("\(folder)/output/own")
        case "remove-attribute": isDone = removeAttribute("\(folder)/output/own")
        // What must go on working.
        case "read-input": isDone = open("\(folder)/input", O_RDONLY) >= 0
        case "write-output": isDone = open("\(folder)/output/new", O_WRONLY | O_CREAT, 0o600) >= 0
        case "thread": isDone = runThread()
        case "read": isDone = open("/proc/self/status", O_RDONLY) >= 0
        default: exit(2)
        }
        print(isDone ? "done" : "refused \(errno)")
    }

    // Swift's view of the C library has no extended attributes.
    private static func setAttribute(_ path: String) -> Bool {
        typealias Function =
            @convention(c) (
                UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeRawPointer, Int, Int32
            ) -> Int32
        guard let symbol = dlsym(nil, "setxattr") else { exit(2) }
        return unsafeBitCast(symbol, to: Function.self)(path, "user.a", "x", 1, 0) == 0
    }

    private static func removeAttribute(_ path: String) -> Bool {
        typealias Function = @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
        guard let symbol = dlsym(nil, "removexattr") else { exit(2) }
        return unsafeBitCast(symbol, to: Function.self)(path, "user.a") == 0
    }

    private static func connectToOwnPort() -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(22).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func runThread() -> Bool {
        let hasRun = Atomic(false)
        let end = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            hasRun.store(true, ordering: .sequentiallyConsistent)
            end.signal()
        }
        end.wait()
        return hasRun.load(ordering: .sequentiallyConsistent)
    }
}
