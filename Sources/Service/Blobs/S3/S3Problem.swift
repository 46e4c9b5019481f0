/// Why a bucket cannot be used as it is configured: what an operator reads when a server does not start.
public struct S3Problem: Error, Sendable, CustomStringConvertible {
    /// The kinds of problem.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The stable name.
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The `s3://` address is not well formed.
        public static let addressInvalid = Code(rawValue: "s3_address_invalid")
        /// There are no credentials, or they cannot be read.
        public static let credentialsMissing = Code(rawValue: "s3_credentials_missing")
        /// The endpoint does not answer.
        public static let unreachable = Code(rawValue: "s3_unreachable")
        /// There is no such bucket.
        public static let bucketMissing = Code(rawValue: "s3_bucket_missing")
        /// The credentials are wrong, or may not do what is needed.
        public static let accessDenied = Code(rawValue: "s3_access_denied")
        /// The bucket lies in another region, and the service does not say in which.
        public static let regionWrong = Code(rawValue: "s3_region_wrong")
        /// The clocks differ, and correcting that has not helped.
        public static let clockWrong = Code(rawValue: "s3_clock_wrong")
        /// Another installation keeps its files under the same prefix.
        public static let inUse = Code(rawValue: "s3_in_use")
        /// The service answers in a way that S3 does not.
        public static let answerUnknown = Code(rawValue: "s3_answer_unknown")
    }

    /// What kind of problem it is.
    public let code: Code
    /// One sentence that names what is wrong; without secrets.
    public let sentence: String

    init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    /// The code and the sentence.
    public var description: String { "\(code.rawValue): \(sentence)" }
}
