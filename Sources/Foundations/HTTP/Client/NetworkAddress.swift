import Foundation

/// An IPv4 or IPv6 address without port. IPv4-mapped IPv6 addresses count as the IPv4 address inside.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// Four or sixteen bytes in network order.
    public let bytes: [UInt8]

    /// Whether it is an IPv4 address.
    public var isVersion4: Bool { bytes.count == 4 }

    /// Makes an address of its bytes; `nil` unless there are four or sixteen.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16:
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
            self.bytes = isMapped ? Array(bytes[12...]) : bytes
        default: return nil
        }
    }

    /// Reads the dotted or the colon form; `nil` for anything else, such as names and zones.
    public init?(_ text: String) {
        var buffer = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &buffer) == 1 {
            self.init(bytes: Array(buffer[..<4]))
        } else if inet_pton(AF_INET6, text, &buffer) == 1 {
            self.init(bytes: buffer)
        } else {
            return nil
        }
    }

    /// Reads a socket address; `nil` for families other than IPv4 and IPv6.
    init?(_ address: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET: self.init(bytes: Array(UnsafeRawBufferPointer(start: raw + 4, count: 4)))
        case AF_INET6: self.init(bytes: Array(UnsafeRawBufferPointer(start: raw + 8, count: 16)))
        default: return nil
        }
    }

    /// The IPv4 addresses that packets to this IPv6 address may reach, by a translator, a tunnel or the system itself.
    ///
    /// - Returns: None for an IPv4 address and for most IPv6 ones; more than one where the form can be read in several
    ///   ways, as that of NAT64 with a prefix of the network's own.
    package var carriedVersion4: [NetworkAddress] {
        guard !isVersion4 else { return [] }
        func carried(_ indices: [Int], inverted: Bool = false) -> [NetworkAddress] {
            NetworkAddress(bytes: indices.map { inverted ? ~bytes[$0] : bytes[$0] }).map { [$0] } ?? []
        }
        let last = [12, 13, 14, 15]
        func begins(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }
        func isZero(from first: Int, below end: Int = 16) -> Bool { bytes[first..<end].allSatisfy { $0 == 0 } }
        // IPv4-compatible (RFC 4291, section 2.5.5.1), besides :: and ::1, which carry nothing.
        if begins([UInt8](repeating: 0, count: 12)) {
            return isZero(from: 12, below: 15) && bytes[15] < 2 ? [] : carried(last)
        }
        // IPv4-translated, ::ffff:0:0:0/96 (RFC 2765, section 2.1).
        if begins([0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0]) { return carried(last) }
        // NAT64 with the well-known prefix 64:ff9b::/96 (RFC 6052, section 2.1).
        if begins([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) { return carried(last) }
        // NAT64 with a prefix of the network's own in 64:ff9b:1::/48 (RFC 8215), whose length the address does not say.
        // What lies behind the IPv4 address is zero, and so is the byte 8 (RFC 6052, section 2.2).
        if begins([0, 0x64, 0xFF, 0x9B, 0, 1]) {
            let readings: [[Int]] = [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12]]
            let short = readings.filter { bytes[8] == 0 && isZero(from: $0[3] + 1) }
            return (isZero(from: 12) ? [] : carried(last)) + short.flatMap { carried($0) }
        }
        // 6to4, 2002::/16 (RFC 3056, section 2).
        if begins([0x20, 0x02]) { return carried([2, 3, 4, 5]) }
        // Teredo, 2001::/32: the server, and the client with every bit inverted (RFC 4380, section 4).
        if begins([0x20, 0x01, 0, 0]) { return carried([4, 5, 6, 7]) + carried(last, inverted: true) }
        // ISATAP: an interface identifier 0:5efe or 200:5efe behind any prefix (RFC 5214, section 6.1).
        if bytes[8] & 0xFD == 0, bytes[9] == 0, bytes[10] == 0x5E, bytes[11] == 0xFE { return carried(last) }
        return []
    }

    /// The usual text form.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(isVersion4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
