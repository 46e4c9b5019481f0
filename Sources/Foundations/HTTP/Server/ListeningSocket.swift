import CMicrohttpd
import Foundation

/// The reason why a server could not start.
public struct HTTPServerError: Error, Sendable, CustomStringConvertible {
    /// One sentence with the system's reason.
    public let description: String
}

/// A bound, listening socket.
struct ListeningSocket {
    let descriptor: Int32
    let host: String
    let port: Int

    init(host: String, port: Int) throws(HTTPServerError) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = lipsmith_microhttpd_stream
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &found)
        guard code == 0, let info = found?.pointee else {
            throw HTTPServerError(description: "Cannot listen on \(host): \(String(cString: gai_strerror(code))).")
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(info.ai_family, lipsmith_microhttpd_listening_stream, 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var bound = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let address = withUnsafeMutablePointer(to: &bound) { storage -> NetworkAddress? in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard bind(descriptor, info.ai_addr, info.ai_addrlen) == 0, listen(descriptor, 4096) == 0,
                    getsockname(descriptor, pointer, &size) == 0
                else { return nil }
                return NetworkAddress(pointer)
            }
        }
        guard let address else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw HTTPServerError(description: "Cannot listen on \(host), port \(port): \(reason).")
        }
        self.descriptor = descriptor
        self.host = address.description
        self.port = withUnsafePointer(to: &bound) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { Int(NetworkPort.number($0)) }
        }
    }
}
