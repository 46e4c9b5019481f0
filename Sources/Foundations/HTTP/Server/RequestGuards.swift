import Synchronization

/// What libmicrohttpd 0.9.75 lets through and a server must not: a request that two readers could see differently. Each
/// is answered with 400 and the end of the connection.
enum RequestGuards {
    /// A head with folded lines, bare line feeds, NUL, or other blanks than HTTP has (RFC 9112, sections 2.2, 3 and
    /// 5.2).
    static let ambiguousHead = HTTPError.malformed(
        "invalid_head", "The request's head has folded lines, bare line feeds, NUL, or blanks where none belong.")

    /// A head that is too large, by its bytes or by the number of its fields.
    static func headTooLarge(limit: Int) -> HTTPError {
        HTTPError(
            .headTooLarge, "head_too_large", "The request head is larger than \(limit) bytes, or has too many fields.")
    }

    /// A length that is no number.
    static let invalidLength = HTTPError.malformed("invalid_length", "Content-Length is not a number.")

    /// One Host field, with a host and perhaps a port in it (RFC 9112, section 3.2).
    static func checkHost(_ headers: HTTPHeaders, version: String) throws(HTTPError) {
        let hosts = headers.values("Host")
        guard hosts.count == 1 || (hosts.isEmpty && version == "HTTP/1.0") else {
            throw .malformed("invalid_host", "A request has one Host field.")
        }
        // Letters and digits, the signs of RFC 3986, section 3.2.2, and those of an IPv6 address and a port.
        let isHost = hosts.allSatisfy { host in
            host.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: "-._~!$&'()*+,;=%:[]".utf8.contains(byte)
                }
            }
        }
        guard isHost else { throw .malformed("invalid_host", "The Host field is not a host.") }
    }

    /// The length of the body: 0 without one, `nil` if it comes in chunks.
    static func bodyLength(_ headers: HTTPHeaders, version: String) throws(HTTPError) -> Int64? {
        for (name, value) in headers where !HTTPHeaders.isWritable(name: name, value: value) {
            throw .malformed("invalid_header", "A header field has a name or a value that is not valid.")
        }
        let lengths = headers.values("Content-Length")
        let codings = headers.values("Transfer-Encoding")
        guard lengths.isEmpty || codings.isEmpty, lengths.count <= 1, codings.count <= 1 else {
            throw .malformed("ambiguous_length", "The length of the request body is stated more than once.")
        }
        if let coding = codings.first {
            guard coding.lowercased() == "chunked" else {
                throw .malformed("unknown_transfer_coding", "The only transfer coding is chunked.")
            }
            // Chunks are new in HTTP/1.1: those of an older sender may have passed an intermediary that does not know
            // them (RFC 9112, section 6.1).
            guard version != "HTTP/1.0" else {
                throw .malformed("unknown_transfer_coding", "A request of HTTP/1.0 has no transfer coding.")
            }
            return nil
        }
        guard let length = lengths.first else { return 0 }
        guard length.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int64(length) else {
            throw invalidLength
        }
        return value
    }

    /// The client's request id if it is 1 … 128 letters, digits, dots, hyphens and underscores, else a new one.
    static func requestID(_ headers: HTTPHeaders) -> String {
        if let id = headers["X-Request-Id"], (1...128).contains(id.utf8.count),
            id.utf8.allSatisfy({ byte in
                switch byte {
                case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
                default: false
                }
            })
        {
            return id
        }
        return newRequestID()
    }

    private static let requestCount = Atomic(UInt64.random(in: .min ... .max))

    /// `req-` and sixteen digits that no other request of this process has. They are a count from a random beginning,
    /// stirred by the one-to-one function of SplitMix64 (Steele, Lea and Flood 2014): a random number for each request
    /// would be a system call for each request.
    private static func newRequestID() -> String {
        var number = requestCount.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
        number ^= number >> 31
        return String(unsafeUninitializedCapacity: 20) { buffer in
            _ = buffer.initialize(from: "req-".utf8)
            for index in 4..<20 {
                let digit = UInt8(number >> 60)
                buffer[index] = digit < 10 ? 48 + digit : 87 + digit
                number <<= 4
            }
            return 20
        }
    }
}
