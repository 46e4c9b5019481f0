import HTTP

/// A request to a bucket.
struct S3Request: Sendable {
    var method: HTTPMethod
    /// The whole key; empty for the bucket itself.
    var key: String
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// The SHA-256 digest of the body, where it is known already.
    var digest: [UInt8]?
    /// The largest body of an answer, in bytes.
    var maximumBytes: Int64 = 16 << 20
    /// Whether S3 may work for a while before it answers.
    var isSlow = false
    /// Statuses that are no failure although they are not of the class 2xx.
    var expected: Set<Int> = []

    init(_ method: HTTPMethod, _ key: String = "") {
        self.method = method
        self.key = key
    }
}
