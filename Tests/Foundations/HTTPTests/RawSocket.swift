import Foundation

/// A blocking TCP client that sends whatever it is told.
final class RawSocket: @unchecked Sendable {
    struct Failure: Error {}

    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, 1, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure() }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure() }
            sent += count
        }
    }

    /// Sends what the kernel takes at once and returns how much that was.
    func offer(_ bytes: [UInt8]) -> Int {
        max(0, Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)))
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What arrives next; `nil` at the end of the stream or after the timeout.
    func receive(timeout: Double = 10) -> [UInt8]? {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, Int32(timeout * 1000)) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// Everything until the server closes or nothing comes for the timeout.
    func receiveAll(timeout: Double = 10) -> String {
        var result: [UInt8] = []
        while let bytes = receive(timeout: timeout) { result += bytes }
        return String(decoding: result, as: UTF8.self)
    }

    /// Everything until a text arrived.
    func receive(until text: String, timeout: Double = 10) -> String {
        var result = ""
        while !result.contains(text), let bytes = receive(timeout: timeout) {
            result += String(decoding: bytes, as: UTF8.self)
        }
        return result
    }

    /// Whether the server closes the connection within the time, whatever it sends before.
    func isClosed(within seconds: Double) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 50) > 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 65536)
            if recv(descriptor, &buffer, buffer.count, 0) <= 0 { return true }
        }
        return false
    }
}
