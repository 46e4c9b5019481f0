import HTTP
import Testing

@Suite("Network addresses and ranges")
struct NetworkRangeTests {
    /// An address of a literal; a wrong literal becomes 0.0.0.0.
    private func address(_ text: String) -> NetworkAddress {
        guard let address = NetworkAddress(text) ?? NetworkAddress("0.0.0.0") else { preconditionFailure() }
        return address
    }

    @Test("Ranges hold their addresses and no others")
    func contains() throws {
        for (range, inside, outside) in [
            (
                "10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"],
                ["9.255.255.255", "11.0.0.0", "::a00:1"]
            ),
            ("100.64.0.0/10", ["100.64.0.0", "100.127.255.255"], ["100.63.255.255", "100.128.0.0"]),
            ("172.16.99.1/12", ["172.31.0.1"], ["172.32.0.1"]),
            ("192.168.7.9", ["192.168.7.9"], ["192.168.7.8"]),
            ("0.0.0.0/0", ["1.2.3.4"], ["::1"]),
            ("fe80::/10", ["fe80::1", "febf::1"], ["fec0::1"]),
            ("::1/128", ["::1"], ["::2", "0.0.0.1"]),
            ("::ffff:10.0.0.0/104", ["10.9.9.9"], ["11.0.0.0"]),
        ] {
            let range = try #require(NetworkRange(range))
            for text in inside { #expect(range.contains(address(text)), "\(range) \(text)") }
            for text in outside { #expect(!range.contains(address(text)), "\(range) \(text)") }
        }
        #expect(NetworkRange("172.16.99.1/12")?.description == "172.16.0.0/12")
    }

    @Test(
        "What is no range is refused",
        arguments: [
            "", "/8", "10/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "a.b.c.d/8", "fe80::/129",
            "::ffff:1.2.3.4/32", "fe80::1%1/64",
        ])
    func invalid(text: String) { #expect(NetworkRange(text) == nil) }

    @Test("Lists, as the setting has them")
    func lists() {
        #expect(NetworkRange.list("10.0.0.0/8, 127.0.0.1  fc00::/7")?.count == 3)
        #expect(NetworkRange.list("")?.isEmpty == true)
        #expect(NetworkRange.list("10.0.0.0/8,localhost") == nil)
    }

    @Test("The policy refuses every special range and allows public addresses and what the operator allows")
    func policy() throws {
        #expect(NetworkPolicy.refused.count == 28, "every literal is a range")
        let policy = NetworkPolicy()
        for text in [
            "0.1.2.3", "10.1.1.1", "100.64.1.1", "127.9.9.9", "169.254.169.254", "172.31.255.255", "192.0.0.8",
            "192.168.0.1",
            "198.19.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
            "::7f00:1",
            "fc00::1", "fdff::1", "fe80::1", "ff02::1", "64:ff9b::a00:1", "2002:7f00:1::", "2001::1",
        ] {
            #expect(!policy.allows(address(text)), "\(text)")
        }
        for text in ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"] {
            #expect(policy.allows(address(text)), "\(text)")
        }
        let open = NetworkPolicy(allowing: try #require(NetworkRange.list("10.0.0.0/8")))
        #expect(open.allows(address("10.1.1.1")))
        #expect(!open.allows(address("127.0.0.1")))
    }
}
