import CMicrohttpd
import Foundation
import Synchronization

/// Turns a response into the library's and queues it.
enum ResponseWriter {
    static func queue(_ response: HTTPResponse, _ exchange: Exchange, _ connection: OpaquePointer, closing: Bool)
        -> MHD_Result
    {
        guard let native = make(response, exchange) else { return .NO }
        defer { MHD_destroy_response(native) }
        for (name, value) in response.headers
        where HTTPHeaders.isWritable(name: name, value: value) && !isOurs(name) {
            MHD_add_response_header(native, name, value)
        }
        MHD_add_response_header(native, "X-Request-Id", exchange.id)
        // Who has watched for minutes asks for nothing more, and to keep its connection the library would write over all of the
        // connection's memory, of which hardly any was used.
        let isWatched = response.headers["Content-Type"]?.hasPrefix("text/event-stream") == true
        if closing || isWatched || exchange.server.isDraining.load(ordering: .relaxed) {
            MHD_add_response_header(native, "Connection", "close")
        }
        return MHD_queue_response(connection, UInt32(response.status.rawValue), native)
    }

    /// Writes a small response to a socket past the library, and ends the sending.
    ///
    /// - Returns: How many bytes the socket has taken, negative for none.
    @discardableResult
    static func write(_ response: HTTPResponse, requestID: String, hasBody: Bool, to socket: Int32) -> Int {
        var response = response
        response.headers["X-Request-Id"] = requestID
        var head = "HTTP/1.1 \(response.status) \(response.status.reason)\r\n"
        for (name, value) in response.headers where HTTPHeaders.isWritable(name: name, value: value) {
            head += "\(name): \(value)\r\n"
        }
        let bytes = response.bytes
        head += "Date: \(HTTPDate.format(time(nil)))\r\nContent-Length: \(bytes.count)\r\nConnection: close\r\n\r\n"
        let message = Array(head.utf8) + (hasBody ? bytes : [])
        defer { shutdown(socket, Int32(SHUT_WR)) }
        return send(socket, message, message.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }

    /// Throws away what has arrived: a socket that is closed with unread bytes may take its last answer back.
    static func discardInput(of socket: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        for _ in 0..<16 where recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT)) <= 0 { return }
    }

    /// Fields that the library writes, from the response's own facts, and the one that this writer adds.
    private static func isOurs(_ name: String) -> Bool {
        ["connection", "content-length", "transfer-encoding", "date", "x-request-id"]
            .contains { HTTPHeaders.equal($0, name) }
    }

    private static func make(_ response: HTTPResponse, _ exchange: Exchange) -> OpaquePointer? {
        switch response.content {
        case .bytes(let bytes):
            return bytes.withUnsafeBytes { buffer in
                MHD_create_response_from_buffer(
                    buffer.count, UnsafeMutableRawPointer(mutating: buffer.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .file(let file, let range):
            // The library closes the descriptor that it is given.
            let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
            guard descriptor >= 0 else { return nil }
            let native = MHD_create_response_from_fd_at_offset64(
                UInt64(range.count), descriptor, UInt64(range.lowerBound))
            if native == nil { close(descriptor) }
            return native
        case .stream(let length, _):
            let context = Unmanaged.passRetained(exchange)
            // A body in chunks is written into the connection's own buffer, so that this one is held for nothing.
            let blockByteCount = length == nil ? 1 : 32_768
            let native = MHD_create_response_from_callback(
                length.map(UInt64.init) ?? UInt64.max, blockByteCount,
                { context, _, buffer, size in
                    guard let context, let buffer else { return lipsmith_microhttpd_end_with_error }
                    return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
                        .fill(UnsafeMutableRawBufferPointer(start: buffer, count: size))
                }, context.toOpaque(),
                { context in context.map { Unmanaged<Exchange>.fromOpaque($0).release() } })
            if native == nil { context.release() }
            return native
        }
    }
}
