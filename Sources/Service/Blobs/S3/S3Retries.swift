import HTTP

/// When a request that failed is sent again: after waits that grow, each of a random part of its length, so that servers that
/// failed together do not come back together.
package struct S3Retries: Sendable {
    /// How often a request is sent at most. One of ten failing at random, all of ten do in one of ten thousand million cases.
    package var maximumAttempts = 10
    /// The longest first wait; each further one may be twice as long, …
    package var firstWait = Duration.milliseconds(100)
    /// … up to this.
    package var longestWait = Duration.seconds(10)
    /// After this time nothing is sent again.
    package var totalTime = Duration.seconds(300)

    package init() {}

    /// How long to wait before the next attempt; nil to give up.
    ///
    /// - Parameters:
    ///   - attempts: How many have failed, from 1 on.
    ///   - elapsed: The time since the first one began.
    ///   - retryAfter: How long the service asks to wait.
    ///   - random: 0 … 1.
    package func wait(
        attempts: Int, elapsed: Duration, retryAfter: Duration?, random: Double
    ) -> Duration? {
        guard attempts < maximumAttempts else { return nil }
        let most = min(firstWait * (1 << min(attempts - 1, 20)), longestWait)
        let wait = max(most * random, retryAfter ?? .zero)
        return elapsed + wait < totalTime ? wait : nil
    }
}

/// An answer by which S3 says that something failed.
struct S3Failure: Error, Equatable {
    /// The status of the answer.
    let status: Int
    /// S3's name for it; empty where the answer has no body.
    let code: String
    /// S3's own words, for logs.
    let message: String
    /// The region that the bucket lies in, where the answer says so.
    let region: String?

    init(status: Int, code: String = "", message: String = "", region: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.region = region
    }

    /// Reads an answer; nil for a success.
    init?(_ response: HTTPClientResponse) {
        // Copies and completions begin to answer before they know how they end.
        let root = response.bytes.isEmpty ? nil : S3Element(parsing: response.bytes)
        let isError = root?.name == "Error"
        guard !response.status.isSuccess || isError else { return nil }
        status = response.status.isSuccess ? 500 : response.status.rawValue
        code = (isError ? root?["Code"] : nil) ?? ""
        message = (isError ? root?["Message"] : nil) ?? ""
        region = response.headers["x-amz-bucket-region"] ?? (isError ? root?["Region"] : nil)
    }

    private static let transientCodes: Set<String> = [
        "InternalError", "SlowDown", "ServiceUnavailable", "RequestTimeout", "OperationAborted", "Throttling",
        "ConditionalRequestConflict", "IncompleteBody", "BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch",
        "XAmzContentChecksumMismatch", "TooManyRequests",
    ]

    /// Whether the same request may succeed later. A body that arrived damaged is one of these cases.
    var isTransient: Bool { [408, 429, 500, 502, 503, 504].contains(status) || Self.transientCodes.contains(code) }

    /// Whether other credentials may help.
    var concernsCredentials: Bool { ["ExpiredToken", "InvalidToken", "TokenRefreshRequired"].contains(code) }

    /// Whether another region is to be asked.
    var concernsRegion: Bool {
        status == 301 || code == "AuthorizationHeaderMalformed" || code == "PermanentRedirect"
            || (status == 400 && code.isEmpty)
    }
}
