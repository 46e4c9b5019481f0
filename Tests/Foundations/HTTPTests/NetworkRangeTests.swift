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
        for text in [
            "1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8", "2606:4700::5efe:8.8.8.8",
        ] {
            #expect(policy.allows(address(text)), "\(text)")
        }
        let open = NetworkPolicy(allowing: try #require(NetworkRange.list("10.0.0.0/8")))
        #expect(open.allows(address("10.1.1.1")))
        #expect(open.allows(address("64:ff9b::10.1.1.1")))
        #expect(!open.allows(address("127.0.0.1")))
    }

    @Test(
        "Every metadata service of a cloud is refused, also where its range is allowed, but not where it stands alone")
    func metadata() throws {
        let wide = NetworkPolicy(allowing: try #require(NetworkRange.list("0.0.0.0/0,::/0")))
        let alone = NetworkPolicy(allowing: try #require(NetworkRange.list("168.63.129.16, fd00:ec2::254/128")))
        for text in [
            "168.63.129.16", "169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "192.0.0.192",
            "169.254.0.23", "100.96.0.96", "169.254.42.42", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254",
            "fd00:c1::a9fe:a9fe", "fd00:42::42", "::ffff:168.63.129.16", "::ffff:0:a83f:8110", "64:ff9b::a83f:8110",
        ] {
            #expect(!NetworkPolicy().allows(address(text)), "\(text)")
            #expect(!wide.allows(address(text)), "\(text)")
        }
        #expect(NetworkPolicy.metadataServices.count == 20, "every literal is an address")
        #expect(NetworkPolicy().allows(address("168.63.129.17")))
        #expect(wide.allows(address("169.254.169.1")))
        #expect(alone.allows(address("168.63.129.16")))
        #expect(alone.allows(address("fd00:ec2::254")))
        #expect(NetworkPolicy.unrestricted.allows(address("169.254.169.254")))
    }

    @Test("An IPv4 address inside an IPv6 one is found in every form, and is refused where it is not public")
    func carried() throws {
        for (text, carried) in [
            ("::7f00:1", ["127.0.0.1"]), ("::ffff:0:7f00:1", ["127.0.0.1"]),
            ("64:ff9b::a9fe:a9fe", ["169.254.169.254"]),
            ("64:ff9b:1::a00:1", ["10.0.0.1"]), ("64:ff9b:1:2:3:4:a00:1", ["10.0.0.1"]),
            ("64:ff9b:1:a00:0:100::", ["10.0.0.1", "0.0.1.0", "0.1.0.0"]),
            ("64:ff9b:1:12a:0:1::", ["42.0.0.1", "0.0.1.0"]), ("2002:7f00:1::", ["127.0.0.1"]),
            ("2001:0:a00:1:0:0:80ff:fffe", ["10.0.0.1", "127.0.0.1"]), ("2a00:1450::5efe:7f00:1", ["127.0.0.1"]),
            ("2a00:1450::200:5efe:7f00:1", ["127.0.0.1"]), ("2a00:1450::1", []), ("::1", []), ("::", []),
            ("::ffff:1.2.3.4", []), ("1.2.3.4", []),
        ] {
            let found = address(text).carriedVersion4.map(\.description)
            #expect(found == carried, "\(text)")
            if !carried.isEmpty { #expect(!NetworkPolicy().allows(address(text)), "\(text)") }
        }
        // Who allows a prefix of translators has not allowed what lies behind it.
        let translator = NetworkPolicy(allowing: try #require(NetworkRange.list("64:ff9b:1::/48, 2002::/16")))
        #expect(translator.allows(address("64:ff9b:1::8.8.8.8")))
        #expect(translator.allows(address("2002:808:808::1")))
        #expect(!translator.allows(address("64:ff9b:1::10.0.0.1")))
        #expect(!translator.allows(address("2002:a00:1::1")))
        #expect(!translator.allows(address("64:ff9b:1:a00:0:100::")))
        #expect(NetworkPolicy(allowing: try #require(NetworkRange.list("::1"))).allows(address("::1")))
    }

    @Test("Ports of the web and free ones are allowed, those of other services where they are named")
    func ports() throws {
        let policy = NetworkPolicy()
        for port: UInt16 in [80, 443, 1024, 3000, 8000, 8080, 8443, 9000, 49_152, 65_535] {
            #expect(policy.allows(port: port), "\(port)")
        }
        for port: UInt16 in [
            0, 1, 21, 22, 23, 25, 53, 110, 111, 139, 143, 389, 445, 465, 514, 587, 636, 873, 993, 1023, 1433, 1521,
            2049,
            2222, 2375, 2379, 2525, 3306, 3389, 5432, 5900, 5985, 6000, 6379, 6443, 9042, 9200, 10_250, 11_211, 27_017,
        ] {
            #expect(!policy.allows(port: port), "\(port)")
            #expect(NetworkPolicy(ports: [port]).allows(port: port))
            #expect(NetworkPolicy(ports: nil).allows(port: port))
        }
        #expect(NetworkPort.list("25, 6379") == [25, 6379])
        #expect(NetworkPort.list("") == [])
        #expect(NetworkPort.list("0") == nil)
        #expect(NetworkPort.list("http") == nil)
    }

    @Test("An average below the floor is noticed although bursts lie between, and one above is not")
    func rate() {
        func firstBelow(burst: Int64, everySeconds: Int64) -> Int64? {
            var rate = TransferRate(bytesPerSecond: 1024, window: .seconds(30))
            for second in Int64(0)..<200 {
                let count = 1 + burst * (second / everySeconds)
                if rate.isBelowFloor(byteCount: count, at: .seconds(1000 + second)) { return second }
            }
            return nil
        }
        #expect(firstBelow(burst: 0, everySeconds: 1) == 30)
        #expect(firstBelow(burst: 10_000, everySeconds: 20) != nil, "half a kilobyte a second in bursts")
        #expect(firstBelow(burst: 1100, everySeconds: 1) == nil)
        #expect(firstBelow(burst: 32_000, everySeconds: 10) == nil)
    }
}
