/// Which addresses the client may connect to: all public ones, and the ranges that the operator allows.
public struct NetworkPolicy: Sendable {
    /// Ranges that are allowed although they are not public.
    public let allowedRanges: [NetworkRange]

    /// Makes a policy; without ranges only public addresses are allowed.
    public init(allowing allowedRanges: [NetworkRange] = []) { self.allowedRanges = allowedRanges }

    /// Whether a connection to the address may be opened.
    public func allows(_ address: NetworkAddress) -> Bool {
        allowedRanges.contains { $0.contains(address) } || !Self.refused.contains { $0.contains(address) }
    }

    /// The ranges of IANA's special-purpose registries (IPv4 and IPv6) that are not globally reachable, and those that
    /// carry an IPv4 address to a translator, which could be a private one: NAT64, 6to4, Teredo, IPv4-compatible.
    package static let refused: [NetworkRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap(NetworkRange.init)
}
