import Generations
import Text
package import Time

/// Signatures of Amazon's version 4, for requests and for addresses.
///
/// libcurl could sign requests, but not rightly in version 7.88: it signs fields that it was told to leave out, `Expect`
/// among them, takes queries as they stand instead of sorted, uses the machine's clock, and cannot sign addresses at all.
package struct S3Signature {
    package let credentials: S3Credentials
    package let region: String
    package let moment: Timestamp

    package init(credentials: S3Credentials, region: String, moment: Timestamp) {
        self.credentials = credentials
        self.region = region
        self.moment = moment
    }

    /// What is to be signed. Path and query are not encoded yet.
    package struct Target {
        package var method: String
        package var host: String
        package var path: String
        package var query: [(name: String, value: String)]

        package init(method: String, host: String, path: String, query: [(name: String, value: String)] = []) {
            self.method = method
            self.host = host
            self.path = path
            self.query = query
        }
    }

    /// All fields that a request is sent with, but for `Host`.
    ///
    /// - Parameters:
    ///   - fields: Those of the request; all of them are signed.
    ///   - payload: The SHA-256 digest of its body.
    package func fields(
        for target: Target, _ fields: [(name: String, value: String)], payload: [UInt8]
    ) -> [(name: String, value: String)] {
        let digest = Hexadecimal.encode(payload)
        var all = fields + [("x-amz-content-sha256", digest), ("x-amz-date", time)]
        if let token = credentials.sessionToken { all.append(("x-amz-security-token", token)) }
        let signature = signature(of: target, fields: all + [("host", target.host)], payload: digest)
        let names = Self.names(all + [("host", target.host)])
        return all + [
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
            )
        ]
    }

    /// The query of an address that may be used by whoever has it.
    ///
    /// - Parameter seconds: How long, 1 … 604,800.
    package func query(for target: Target, seconds: Int64) -> String {
        var target = target
        target.query += [
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"), ("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope)"),
            ("X-Amz-Date", time), ("X-Amz-Expires", "\(seconds)"), ("X-Amz-SignedHeaders", "host"),
        ]
        if let token = credentials.sessionToken { target.query.append(("X-Amz-Security-Token", token)) }
        let signature = signature(of: target, fields: [("host", target.host)], payload: "UNSIGNED-PAYLOAD")
        return "\(Self.encode(target.query))&X-Amz-Signature=\(signature)"
    }

    /// A path as it stands in requests and signatures: S3 wants it encoded once.
    static func encode(path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { PercentEncoding.encode(String($0)) }
            .joined(separator: "/")
    }

    /// A query as it stands in requests and signatures: sorted, each name with a value.
    static func encode(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// `20130524T000000Z`.
    private var time: String {
        String(Timestamp(milliseconds: moment.seconds * 1000).iso8601.filter { $0 != "-" && $0 != ":" }.prefix(15))
            + "Z"
    }

    private var scope: String { "\(time.prefix(8))/\(region)/s3/aws4_request" }

    private func signature(
        of target: Target, fields: [(name: String, value: String)], payload: String
    ) -> String {
        // By the names alone: a colon comes after the hyphen of a longer name.
        let lines = fields.map { ($0.name.lowercased(), $0.value) }.sorted { $0.0 < $1.0 }.map { "\($0):\($1)\n" }
            .joined()
        let canonical = [
            target.method, Self.encode(path: target.path), Self.encode(target.query), lines, Self.names(fields),
            payload,
        ].joined(separator: "\n")
        let text = [
            "AWS4-HMAC-SHA256", time, scope, Hexadecimal.encode(Digest.sha256(canonical.utf8)),
        ].joined(separator: "\n")
        let parts = ["\(time.prefix(8))", region, "s3", "aws4_request", text]
        return Hexadecimal.encode(
            parts.reduce(Array("AWS4\(credentials.secretAccessKey)".utf8)) {
                Digest.hmacSHA256(key: $0, message: $1.utf8)
            })
    }

    private static func names(_ fields: [(name: String, value: String)]) -> String {
        fields.map { $0.name.lowercased() }.sorted().joined(separator: ";")
    }
}
