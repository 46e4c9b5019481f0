/// Why signed manifests cannot be written or read.
public struct CredentialError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Kind: Hashable, Sendable {
        /// The library is missing, or is another version.
        case libraryMissing
        /// A key or a certificate cannot be read, or does not fit.
        case identityUnusable
        /// The clock stands outside of the time for which the certificate is good.
        case identityOutOfDate
        /// A file cannot be signed, or its manifest cannot be read.
        case signingFailed
        /// A file is not of the form that its beginning says.
        case fileUnreadable
    }

    public var kind: Kind
    /// One sentence.
    public var message: String
    /// What the user can do.
    public var suggestion: String
    /// Particulars, for the log.
    public var detail: String

    public init(_ kind: Kind, message: String, suggestion: String, detail: String = "") {
        self.kind = kind
        self.message = message
        self.suggestion = suggestion
        self.detail = detail
    }
}

extension String {
    /// The text that a C library has written into memory of ours, up to its NUL.
    init(message: [CChar]) {
        self.init(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
