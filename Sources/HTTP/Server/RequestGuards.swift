/// What libmicrohttpd 0.9.75 lets through and a server must not: a request whose length two readers could see
/// differently. Each is answered with 400 and the end of the connection.
enum RequestGuards {
    /// The length of the body: 0 without one, `nil` if it comes in chunks.
    static func bodyLength(_ headers: HTTPHeaders) throws(HTTPError) -> Int64? {
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
            return nil
        }
        guard let length = lengths.first else { return 0 }
        guard length.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int64(length) else {
            throw .malformed("invalid_length", "Content-Length is not a number.")
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
        let number = UInt64.random(in: .min ... .max)
        let digits = String(number, radix: 16)
        return "req-" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
