import HTTP

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
    ///
    /// - Parameter mayFailLate: Whether S3 begins such an answer before it knows how it ends, as that of a copy. In any other
    ///   success the body is an object's, which may look like anything.
    init?(_ response: HTTPClientResponse, mayFailLate: Bool) {
        guard !response.status.isSuccess || mayFailLate else { return nil }
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
