public import Foundation
import Generations
public import Text
import Time

/// Writes lines of JSON to standard error, whole and one after the other.
public final class Log: Sendable {
    private let lock = NSLock()
    private let descriptor: Int32

    /// A log to a file descriptor; standard error unless another is given.
    public init(descriptor: Int32 = STDERR_FILENO) { self.descriptor = descriptor }

    /// Writes a line that is JSON already.
    public func line(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        lock.lock()
        defer { lock.unlock() }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Whoever read the log has gone; serving goes on.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes an event.
    public func event(_ name: String, _ fields: [String: JSONValue] = [:]) {
        var members = fields
        members["time"] = .string(SystemClock().now.iso8601)
        members["event"] = .string(name)
        line(JSONValue.object(members).serialized)
    }
}
