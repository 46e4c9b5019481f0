import Foundation

/// Which ports belong to services that are not the web's.
package enum NetworkPort {
    /// Ports from 1024 on of well-known services, which may take the lines of an HTTP request for commands: by IANA's
    /// registry of service names and, for those that browsers refuse, the Fetch standard's list of bad ports.
    package static let services: Set<UInt16> = Set(databases + messages + shells + clusters + others)

    /// SQL Server, Oracle, MySQL, PostgreSQL and its poolers, Redis and its kin, Cassandra, CouchDB, InfluxDB,
    /// Elasticsearch, MongoDB, RethinkDB, memcached, Neo4j, ClickHouse.
    private static let databases: [UInt16] = [
        1433, 1434, 1521, 1522, 1526, 1527, 1830, 2483, 2484, 3050, 3306, 33_060, 5432, 5433, 6379, 6380, 6432, 7000,
        7001, 7199, 7474, 7687, 5984, 6984, 8086, 8123, 9042, 9160, 9200, 9300, 11_211, 16_379, 26_379, 27_017, 27_018,
        27_019, 28_015, 29_015,
    ]

    /// Mail besides its ports below 1024 (2525, 4190), AMQP, MQTT, STOMP, NATS, Kafka, ActiveMQ, IRC, XMPP, SIP.
    private static let messages: [UInt16] = [
        1719, 1720, 1883, 2525, 4190, 4222, 5060, 5061, 5222, 5269, 5671, 5672, 6566, 6660, 6661, 6662, 6663, 6664,
        6665,
        6666, 6667, 6668, 6669, 6679, 6697, 8883, 9092, 9093, 61_613, 61_616,
    ]

    /// Other ports of SSH, remote desktops, X11, VNC, Windows' remote management.
    private static let shells: [UInt16] =
        [2222, 3389, 5800, 5900, 5901, 5902, 5903, 5985, 5986] + (6000...6063)

    /// Docker, etcd, Kubernetes, ZooKeeper, Consul, Vault, Nomad, Salt, Erlang's mapper.
    private static let clusters: [UInt16] = [
        2181, 2375, 2376, 2377, 2379, 2380, 2888, 3888, 4001, 4369, 4505, 4506, 4646, 4647, 4648, 6443, 8200, 8300,
        8301,
        8302, 8500, 8600, 10_250, 10_255, 10_256,
    ]

    /// SOCKS and web proxies, PPTP, NFS, lock manager, iSCSI, directories, Subversion, Git, printers, backups.
    private static let others: [UInt16] = [
        1080, 1723, 2049, 3128, 3260, 3268, 3269, 3659, 3690, 4045, 9100, 9418, 10_080,
    ]

    /// The port of a socket address, which stands at the same place for IPv4 and IPv6.
    static func number(_ address: UnsafePointer<sockaddr>) -> UInt16 {
        let bytes = UnsafeRawBufferPointer(start: address, count: 4)
        return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }

    /// Reads numbers separated by commas or spaces; nil if one is none from 1 to 65535.
    package static func list(_ text: String) -> Set<UInt16>? {
        var ports: Set<UInt16> = []
        for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            guard let port = UInt16(part), port > 0 else { return nil }
            ports.insert(port)
        }
        return ports
    }
}
