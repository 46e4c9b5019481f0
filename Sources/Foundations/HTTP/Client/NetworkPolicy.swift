/// The addresses and ports that the client may connect to: public addresses and the ranges that the operator allows, at
/// the ports of the web and at those above 1023 that belong to no well-known service.
public struct NetworkPolicy: Sendable {
    /// Ranges that are allowed although they are not public.
    public let allowedRanges: [NetworkRange]
    /// Ports that are allowed although they are not the web's; nil allows every port.
    public let allowedPorts: Set<UInt16>?

    /// Makes a policy; without ranges only public addresses are allowed.
    ///
    /// - Parameter allowedPorts: Ports in addition to 80, 443 and those from 1024 on that `NetworkPort` does not name;
    ///   nil for all.
    public init(allowing allowedRanges: [NetworkRange] = [], ports allowedPorts: Set<UInt16>? = []) {
        self.allowedRanges = allowedRanges
        self.allowedPorts = allowedPorts
    }

    /// Every address at every port, for services that the operator has configured.
    package static let unrestricted = NetworkPolicy(
        allowing: (["0.0.0.0/0", "::/0"] + metadataServices.map(\.description)).compactMap(NetworkRange.init),
        ports: nil)

    /// Whether a connection to the address may be opened, at a port that is allowed.
    ///
    /// An IPv6 address that carries an IPv4 address is allowed only where that one is allowed too. A metadata service
    /// of a cloud, which hands out the machine's credentials, is allowed only by a range that holds it alone.
    public func allows(_ address: NetworkAddress) -> Bool {
        let addresses = [address] + address.carriedVersion4
        return addresses.allSatisfy { address in
            if allowedRanges.contains(where: { $0.contains(address) && $0.isSingle }) { return true }
            if Self.metadataServices.contains(where: { $0.contains(address) }) { return false }
            return allowedRanges.contains { $0.contains(address) } || !Self.refused.contains { $0.contains(address) }
        }
    }

    /// Whether a connection to the port may be opened, at an address that is allowed.
    public func allows(port: UInt16) -> Bool {
        guard let allowedPorts, !allowedPorts.contains(port) else { return true }
        return port == 80 || port == 443 || (port >= 1024 && !NetworkPort.services.contains(port))
    }

    /// The ranges of IANA's special-purpose registries (IPv4 and IPv6) that are not globally reachable, and those that
    /// carry an IPv4 address through relays without a known operator: 6to4, Teredo, IPv4-compatible, IPv4-translated.
    package static let refused: [NetworkRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
        "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap(NetworkRange.init)

    /// Where the clouds answer a machine's questions about itself, by their documents. All but one lie in ranges that
    /// are not public anyway; they stand here so that allowing such a range does not open them.
    package static let metadataServices: [NetworkRange] = [
        // Amazon, Google, Microsoft, Oracle, DigitalOcean, Hetzner, OpenStack and most others; the same by IPv6.
        "169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fe80::a9fe:a9fe",
        // Amazon: credentials of containers and pods, name server, time.
        "169.254.170.2", "169.254.170.23", "fd00:ec2::23", "169.254.169.253", "169.254.169.123", "fd00:ec2::253",
        "fd00:ec2::123",
        // Microsoft Azure's wire server, a public address that only its machines reach.
        "168.63.129.16",
        // Alibaba, Tencent, Volcano Engine, Oracle's first cloud, Scaleway.
        "100.100.100.200", "169.254.0.23", "169.254.10.10", "100.96.0.96", "192.0.0.192", "169.254.42.42",
        "fd00:42::42",
    ].compactMap(NetworkRange.init)
}
