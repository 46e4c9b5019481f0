import Foundation
import Time

/// What an installation signs with when nobody gives it anything else: an authority of its own, and a signer below it. It is
/// kept as one text in PEM: the authority's certificate, its key, the signer's key.
///
/// The signer's certificate is not kept. Every process makes one when it begins and before the old one runs out, so that
/// several servers with the same text share one identity and nothing has to be renewed in a file.
struct InstallationIdentity {
    let authority: Certificate
    private let authorityKey: SigningKey
    let signerKey: SigningKey

    /// An authority is good for thirty years. What was signed is read for longer than an installation lives.
    private static let authoritySeconds: Int64 = 30 * 365 * 86_400
    /// A signer's certificate is good for ten years: without a confirmed time, readers ask whether it is good at the moment
    /// of reading.
    private static let signerSeconds: Int64 = 10 * 365 * 86_400
    /// Certificates begin a day before they are made, so that clocks of other machines may be behind.
    private static let backdatedSeconds: Int64 = 86_400
    private static let organisation = "Lipsmith"

    /// Makes an identity that nobody has.
    ///
    /// - Parameter name: Tells installations apart, such as a random word.
    static func makeText(name: String, now: Timestamp) throws(CredentialError) -> String {
        let (authorityKey, signerKey) = (try SigningKey.make(), try SigningKey.make())
        let begin = now.seconds - backdatedSeconds
        let authority = try Certificate.make(
            Certificate.Request(
                organisation: organisation, name: "Lipsmith installation \(name)",
                validity: begin...begin + authoritySeconds,
                extensions: [
                    (NIDs.basicConstraints, "critical,CA:TRUE,pathlen:0"),
                    (NIDs.keyUsage, "critical,keyCertSign,cRLSign"), (NIDs.subjectKeyIdentifier, "hash"),
                ]), about: authorityKey, issuer: nil)
        return try authority.pem() + authorityKey.pem() + signerKey.pem()
    }

    /// Reads a kept text.
    ///
    /// - Throws: `CredentialError` where it is damaged.
    init(text: String) throws(CredentialError) {
        var keys: [SigningKey] = []
        for block in Self.blocks("PRIVATE KEY", of: text) {
            if let key = try SigningKey(pem: block) { keys.append(key) }
        }
        guard let authority = Certificate.chain(pem: text).first, keys.count == 2, keys[0].belongs(to: authority) else {
            throw CredentialError(
                .identityUnusable, message: "The installation's key for credentials is damaged.",
                suggestion:
                    "Restore it from a backup. Removing it makes a new identity, and what was signed stays valid.")
        }
        self.authority = authority
        (authorityKey, signerKey) = (keys[0], keys[1])
    }

    /// Makes a certificate for the signer that is good from now on.
    func makeSignerCertificate(now: Timestamp) throws(CredentialError) -> Certificate {
        let end = min(now.seconds + Self.signerSeconds, authority.validity.upperBound)
        let begin = max(now.seconds - Self.backdatedSeconds, authority.validity.lowerBound)
        return try Certificate.make(
            Certificate.Request(
                organisation: Self.organisation, name: "Lipsmith signer", validity: begin...max(begin, end),
                extensions: [
                    (NIDs.basicConstraints, "critical,CA:FALSE"), (NIDs.keyUsage, "critical,digitalSignature"),
                    // What C2PA's implementations take from signers beside its own purpose.
                    (NIDs.extendedKeyUsage, "critical,emailProtection"), (NIDs.subjectKeyIdentifier, "hash"),
                    (NIDs.authorityKeyIdentifier, "keyid"),
                ]), about: signerKey, issuer: (authority, authorityKey))
    }

    private static func blocks(_ label: String, of text: String) -> [String] {
        let (begin, end) = ("-----BEGIN \(label)-----", "-----END \(label)-----")
        return text.components(separatedBy: begin).dropFirst().compactMap { rest in
            rest.range(of: end).map { begin + rest[..<$0.upperBound] + "\n" }
        }
    }

    /// OpenSSL's numbers of extensions (obj_mac.h), which are macros.
    private enum NIDs {
        static let subjectKeyIdentifier: Int32 = 82
        static let keyUsage: Int32 = 83
        static let basicConstraints: Int32 = 87
        static let authorityKeyIdentifier: Int32 = 90
        static let extendedKeyUsage: Int32 = 126
    }
}
