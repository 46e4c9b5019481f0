import Foundation

/// Where in S3 files are kept: `s3://bucket/prefix`, with `endpoint=`, `region=` and `style=` behind a question mark.
public struct S3Address: Hashable, Sendable {
    /// Where a request's address has the bucket.
    public enum Style: String, Hashable, Sendable {
        /// In the host: `https://bucket.host/key`.
        case virtual
        /// In the path: `https://host/bucket/key`.
        case path
    }

    /// The bucket's name.
    public let bucket: String
    /// What all keys begin with, without a slash at either end; empty for the whole bucket.
    public let prefix: String
    /// Scheme, host and port of a service that is not Amazon's; nil for Amazon's.
    public let endpoint: String?
    /// The region that the address names; nil where it names none.
    public let region: String?
    /// Where the bucket stands in addresses.
    public let style: Style

    /// Reads an address.
    ///
    /// - Throws: `S3Problem` of code `s3_address_invalid`, which names the part that is wrong.
    public init(parsing text: String) throws(S3Problem) {
        guard let parts = URLComponents(string: text), parts.scheme == "s3" else {
            throw Self.invalid("it does not begin with s3:// or holds a character that an address may not hold")
        }
        // The text itself is not repeated: somebody may have put a secret there.
        guard parts.user == nil, parts.password == nil, parts.port == nil, parts.fragment == nil else {
            throw Self.invalid("between s3:// and the prefix stands more than the bucket's name")
        }
        bucket = parts.host ?? ""
        guard Self.isBucket(bucket) else {
            throw Self.invalid("the bucket's name is not 3 to 63 lower-case letters, digits, dots and hyphens")
        }
        prefix = parts.path.split(separator: "/", omittingEmptySubsequences: true).joined(separator: "/")
        guard Self.isPrefix(prefix) else {
            throw Self.invalid(
                "the prefix is longer than 200 bytes, or a part of it is not letters, digits, dots, underscores and hyphens"
            )
        }
        var values: [String: String] = [:]
        for item in parts.queryItems ?? [] {
            guard ["endpoint", "region", "style"].contains(item.name) else {
                throw Self.invalid("it knows endpoint, region and style, but not \"\(item.name.prefix(40))\"")
            }
            guard let value = item.value, !value.isEmpty, values.updateValue(value, forKey: item.name) == nil else {
                throw Self.invalid("\(item.name) has no value, or stands there twice")
            }
        }
        endpoint = try values["endpoint"].map { text throws(S3Problem) in try Self.endpoint(text) }
        region = values["region"]
        guard region?.utf8.allSatisfy(Self.isLabelByte) != false else {
            throw Self.invalid("region is not lower-case letters, digits and hyphens")
        }
        if let name = values["style"] {
            guard let named = Style(rawValue: name) else { throw Self.invalid("style is neither virtual nor path") }
            style = named
        } else {
            // Amazon's certificates are for one label before the host.
            style = endpoint == nil && !bucket.contains(".") ? .virtual : .path
        }
    }

    /// The host with its port, and the path before a key's, in a region.
    package func base(region: String) -> (scheme: String, host: String, path: String) {
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let (scheme, host): (String, String)
        if let endpoint, let mark = endpoint.firstRange(of: "://") {
            (scheme, host) = (String(endpoint[..<mark.lowerBound]), String(endpoint[mark.upperBound...]))
        } else {
            (scheme, host) = ("https", "s3.\(region).\(domain)")
        }
        return style == .virtual ? (scheme, "\(bucket).\(host)", "") : (scheme, host, "/\(bucket)")
    }

    private static func endpoint(_ text: String) throws(S3Problem) -> String {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, scheme == "https" || scheme == "http",
            let host = parts.host, !host.isEmpty
        else { throw invalid("endpoint is not https://host or http://host") }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil,
            parts.path.isEmpty || parts.path == "/"
        else { throw invalid("endpoint has more than a scheme, a host and a port") }
        // What libcurl leaves out of the Host field must not be signed either.
        let port = parts.port.flatMap { $0 == (scheme == "https" ? 443 : 80) ? nil : $0 }
        return "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")"
    }

    private static func invalid(_ reason: String) -> S3Problem {
        S3Problem(.addressInvalid, "The address of the bucket cannot be read: \(reason).")
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
    }

    private static func isBucket(_ name: String) -> Bool {
        (3...63).contains(name.utf8.count) && name.utf8.allSatisfy { isLabelByte($0) || $0 == 0x2E }
            && !name.contains("..") && ![".", "-"].contains { name.hasPrefix($0) || name.hasSuffix($0) }
    }

    private static func isPrefix(_ text: String) -> Bool {
        text.utf8.count <= 200
            && text.split(separator: "/").allSatisfy { part in
                part != "." && part != ".."
                    && part.utf8.allSatisfy {
                        isLabelByte($0) || (0x41...0x5A).contains($0) || $0 == 0x2E || $0 == 0x5F
                    }
            }
    }
}
