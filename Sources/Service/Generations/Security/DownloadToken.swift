import Text
public import Time

/// A token in a link that opens one thing without a key: who holds the link may fetch it until it expires.
///
/// Form: `<expiry in seconds>.<HMAC-SHA-256, base64 for URLs>`; the expiry `0` means never.
public struct DownloadTokenSigner: Sendable {
    private let authentication: MessageAuthentication

    /// Makes a signer; `secret` has at least 32 random bytes and is the same in every process of an installation.
    public init(secret: [UInt8]) {
        precondition(secret.count >= 32, "a download secret has at least 32 bytes")
        authentication = MessageAuthentication(key: secret)
    }

    /// A token for `subject` (for example `generation/<id>`) until `expiry`.
    public func token(for subject: String, expiry: Timestamp?) -> String {
        let seconds = expiry?.seconds ?? 0
        return "\(seconds).\(Base64.encodeForURL(code(subject: subject, seconds: seconds)))"
    }

    /// Whether `token` opens `subject` at the moment `now`.
    public func isValid(_ token: String, for subject: String, now: Timestamp) -> Bool {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 80, parts.count == 2, let seconds = Int64(parts[0]), String(seconds) == parts[0],
            let claimed = Base64.decode(parts[1])
        else { return false }
        let isGenuine = Digest.areEqual(claimed, code(subject: subject, seconds: seconds))
        return isGenuine && (seconds == 0 || now.seconds < seconds)
    }

    private func code(subject: String, seconds: Int64) -> [UInt8] {
        authentication.code(for: "download\n\(seconds)\n\(subject)".utf8)
    }
}
