import Foundation
import Generations
import Synchronization
public import Time

/// Who signs manifests: a key, and the certificates that say whose it is.
public final class SigningIdentity: Sendable {
    /// What the operator has set.
    public struct Settings: Sendable {
        /// A file with a key in PEM, or the address of a key in a PKCS#11 module (`pkcs11:…`); `nil` for the installation's
        /// own.
        public var key: String?
        /// A file with the certificate of that key and those above it, in PEM.
        public var chainPath: String?
        /// The PKCS#11 module.
        public var modulePath: String?

        public init(key: String? = nil, chainPath: String? = nil, modulePath: String? = nil) {
            self.key = key
            self.chainPath = chainPath
            self.modulePath = modulePath
        }
    }

    /// Certificates that are good at a moment.
    struct Current: Sendable {
        var certificates: String
        var validity: ClosedRange<Int64>
    }

    private let key: SigningKey
    /// Makes certificates anew; `nil` for those of the operator, which stay.
    private let installation: InstallationIdentity?
    private let current: Mutex<Current>
    /// The installation's certificates are made anew this long before they run out, and of the operator's it is said.
    private static let renewalSeconds: Int64 = 30 * 86_400

    /// Makes a text to be kept: an identity of an installation, with a random name.
    public static func makeInstallationText(now: Timestamp) throws(CredentialError) -> String {
        try InstallationIdentity.makeText(name: String(RandomBytes.uuid().prefix(8)), now: now)
    }

    /// The identity of an installation.
    ///
    /// - Parameter text: See `makeInstallationText`.
    /// - Throws: `CredentialError` where it is damaged, or begins in the future.
    public init(installationText text: String, now: Timestamp) throws(CredentialError) {
        let installation = try InstallationIdentity(text: text)
        self.installation = installation
        key = installation.signerKey
        try Self.check(installation.authority.validity, now)
        current = Mutex(try Self.renewed(installation, now))
    }

    /// The identity that an operator has set.
    ///
    /// - Parameters:
    ///   - key: See `Settings.key`.
    ///   - read: Gives the content of a file.
    /// - Throws: `CredentialError` where the key or the certificates cannot be used.
    public init(
        key keyPlace: String, settings: Settings, now: Timestamp, read: (String) -> String?
    ) throws(CredentialError) {
        guard let chainPath = settings.chainPath else {
            throw Self.unusable("--credentials-key needs --credentials-chain.", "Name the file with its certificates.")
        }
        if keyPlace.hasPrefix("pkcs11:") {
            key = try SigningKey(pkcs11: keyPlace, module: settings.modulePath)
        } else {
            guard let text = read(keyPlace), let known = try SigningKey(pem: text) else {
                throw Self.unusable(
                    "The key of --credentials-key cannot be read.", "Give a key in PEM without a passphrase.", keyPlace)
            }
            key = known
        }
        let chain = Certificate.chain(pem: read(chainPath) ?? "")
        guard let signer = chain.first else {
            throw Self.unusable(
                "The certificates of --credentials-chain cannot be read.", "Give them in PEM, the signer's first.",
                chainPath)
        }
        guard key.belongs(to: signer) else {
            throw Self.unusable(
                "The first certificate of --credentials-chain is not that of the key.",
                "Put the signer's certificate first, then those above it.")
        }
        guard signer.maySign else {
            throw Self.unusable(
                "The certificate of --credentials-chain may not sign content.",
                "Ask for one with the key usage digitalSignature.")
        }
        guard zip(chain, chain.dropFirst()).allSatisfy({ $0.isSigned(by: $1) }) else {
            throw Self.unusable(
                "The certificates of --credentials-chain do not follow from each other.",
                "Put each behind the one that it has signed.")
        }
        try Self.check(signer.validity, now)
        installation = nil
        var certificates = ""
        for certificate in chain { certificates += try certificate.pem() }
        current = Mutex(Current(certificates: certificates, validity: signer.validity))
    }

    /// The algorithm of the key.
    public var algorithm: SigningAlgorithm { key.algorithm }

    /// The certificates in PEM, the signer's first, good at a moment.
    ///
    /// - Throws: `CredentialError` of kind `identityOutOfDate`.
    public func certificates(now: Timestamp) throws(CredentialError) -> String {
        let result: Result<String, CredentialError> = current.withLock { current in
            do throws(CredentialError) {
                if let installation, !isFresh(current, now) { current = try Self.renewed(installation, now) }
                try Self.check(current.validity, now)
                return .success(current.certificates)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The certificates by which others can tell this identity's signatures, in PEM: the highest of the chain.
    public var anchors: String {
        Self.anchors(ofChain: current.withLock { $0.certificates }) ?? ""
    }

    /// The highest of certificates in PEM; `nil` where there is none.
    public static func anchors(ofChain chain: String) -> String? {
        try? Certificate.chain(pem: chain).last?.pem()
    }

    /// Days until the operator's certificate runs out, where that is soon.
    public func daysLeft(now: Timestamp) -> Int? {
        let left = current.withLock { $0.validity.upperBound } - now.seconds
        return left < Self.renewalSeconds ? Int(max(0, left) / 86_400) : nil
    }

    /// Signs what COSE lays before a signer, and nothing else: a `Sig_structure` for one signature (RFC 9052, section 4.4).
    ///
    /// - Returns: `nil` for other bytes.
    /// - Throws: `CredentialError`.
    public func sign(_ bytes: [UInt8]) throws(CredentialError) -> [UInt8]? {
        guard bytes.starts(with: Self.structureBegin) else { return nil }
        return try key.sign(bytes)
    }

    /// An array of four, beginning with the text “Signature1”, in CBOR.
    private static let structureBegin: [UInt8] = [0x84, 0x6A] + Array("Signature1".utf8)

    private func isFresh(_ current: Current, _ now: Timestamp) -> Bool {
        current.validity.lowerBound <= now.seconds && now.seconds < current.validity.upperBound - Self.renewalSeconds
    }

    private static func renewed(
        _ installation: InstallationIdentity, _ now: Timestamp
    ) throws(CredentialError) -> Current {
        let signer = try installation.makeSignerCertificate(now: now)
        return Current(
            certificates: try signer.pem() + installation.authority.pem(), validity: signer.validity)
    }

    private static func check(_ validity: ClosedRange<Int64>, _ now: Timestamp) throws(CredentialError) {
        guard !validity.contains(now.seconds) else { return }
        let isEarly = now.seconds < validity.lowerBound
        func date(_ seconds: Int64) -> String { String(Timestamp(milliseconds: seconds * 1000).iso8601.prefix(10)) }
        throw CredentialError(
            .identityOutOfDate,
            message: isEarly
                ? "The certificate for credentials is good from \(date(validity.lowerBound)) on, and this machine's clock "
                    + "says \(date(now.seconds))."
                : "The certificate for credentials ran out on \(date(validity.upperBound)).",
            suggestion: isEarly ? "Set the clock." : "Renew it (--credentials-chain), or remove the setting.")
    }

    private static func unusable(_ message: String, _ suggestion: String, _ detail: String = "") -> CredentialError {
        CredentialError(.identityUnusable, message: message, suggestion: suggestion, detail: detail)
    }
}
