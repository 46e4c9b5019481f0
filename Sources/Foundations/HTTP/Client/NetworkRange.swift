/// A range of addresses in CIDR form, `10.0.0.0/8` or `fc00::/7`.
public struct NetworkRange: Hashable, Sendable, CustomStringConvertible {
    /// An address of the range, its host bits cleared.
    public let base: NetworkAddress
    /// How many leading bits count.
    public let prefixLength: Int

    /// Reads an address with a prefix length, or an address alone as a range of one. `nil` if it is neither.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(String(parts[0])) else { return nil }
        // The length counts in the form that was written: a mapped address is written with 128 bits.
        let isWrittenAsVersion6 = parts[0].contains(":")
        var length = address.bytes.count * 8
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
                var written = Int(parts[1])
            else { return nil }
            if isWrittenAsVersion6, address.isVersion4 { written -= 96 }
            guard (0...length).contains(written) else { return nil }
            length = written
        }
        var bytes = address.bytes
        for index in bytes.indices {
            let kept = min(max(length - index * 8, 0), 8)
            bytes[index] &= UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
        // Clearing host bits keeps the number of bytes, so this cannot fail.
        guard let base = NetworkAddress(bytes: bytes), base.bytes.count == bytes.count else { return nil }
        self.base = base
        prefixLength = length
    }

    /// Reads a list separated by commas or spaces, as `LIPSMITH_ALLOW_PRIVATE_NETWORKS` has it. `nil` if one is no
    /// range.
    public static func list(_ text: String) -> [NetworkRange]? {
        var ranges: [NetworkRange] = []
        for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            guard let range = NetworkRange(String(part)) else { return nil }
            ranges.append(range)
        }
        return ranges
    }

    /// Whether an address lies in the range; never for one of the other family.
    public func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == base.bytes.count else { return false }
        return base.bytes.indices.allSatisfy { index in
            let kept = min(max(prefixLength - index * 8, 0), 8)
            return address.bytes[index] & UInt8(truncatingIfNeeded: 0xFF00 >> kept) == base.bytes[index]
        }
    }

    /// Whether the range is one address.
    var isSingle: Bool { prefixLength == base.bytes.count * 8 }

    /// The range in CIDR form.
    public var description: String { "\(base)/\(prefixLength)" }
}
