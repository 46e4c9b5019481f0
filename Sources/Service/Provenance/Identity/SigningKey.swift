import CCrypto

/// A private key that signs manifests: of a file, or in hardware.
final class SigningKey: @unchecked Sendable {
    // Never changed after `init`; OpenSSL's keys may be used by several threads.
    let handle: OpaquePointer
    let algorithm: SigningAlgorithm
    /// Keeps the module of a key in hardware.
    private let engine: OpaquePointer?

    private init(_ handle: OpaquePointer, engine: OpaquePointer? = nil) throws(CredentialError) {
        self.handle = handle
        self.engine = engine
        guard let algorithm = Self.algorithm(of: handle) else {
            EVP_PKEY_free(handle)
            throw CredentialError(
                .identityUnusable, message: "Manifests cannot be signed with a key of this kind.",
                suggestion: "Use a key of P-256, P-384 or P-521, of Ed25519, or of RSA with 2048 bits or more.")
        }
        self.algorithm = algorithm
    }

    deinit {
        EVP_PKEY_free(handle)
        if let engine {
            ENGINE_finish(engine)
            ENGINE_free(engine)
        }
    }

    /// Makes a key of the curve P-256.
    static func make() throws(CredentialError) -> SigningKey {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { throw failure("make a key") }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            EVP_PKEY_generate(context, &key) == 1, let key
        else { throw failure("make a key") }
        return try SigningKey(key)
    }

    /// Reads a key from a text in PEM, without a passphrase.
    convenience init?(pem: String) throws(CredentialError) {
        // An empty passphrase: without one OpenSSL would ask on the terminal.
        var none: [CChar] = [0]
        guard let key = PEMText.reading(pem, { PEM_read_bio_PrivateKey($0, nil, nil, &none) }) else { return nil }
        try self.init(key)
    }

    /// Finds a key of a PKCS#11 module.
    ///
    /// - Parameters:
    ///   - address: Such as `pkcs11:token=lipsmith;object=signer?pin-source=file:/etc/lipsmith/pin` (RFC 7512).
    ///   - module: The path of the module; `nil` for the one that the system has set.
    convenience init(pkcs11 address: String, module: String?) throws(CredentialError) {
        guard let engine = ENGINE_by_id("pkcs11") else {
            throw CredentialError(
                .identityUnusable, message: "OpenSSL's engine for PKCS#11 is not installed.",
                suggestion: "Install libengine-pkcs11-openssl.", detail: Self.lastError())
        }
        if let module { ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", module, 0) }
        let isReady = ENGINE_init(engine) == 1
        guard isReady, let key = ENGINE_load_private_key(engine, address, nil, nil) else {
            let detail = Self.lastError()
            if isReady { ENGINE_finish(engine) }
            ENGINE_free(engine)
            throw CredentialError(
                .identityUnusable, message: "The key of the PKCS#11 module cannot be used.",
                suggestion: "Check the address of the key, the PIN and --credentials-module.", detail: detail)
        }
        try self.init(key, engine: engine)
    }

    /// The key in PEM, as PKCS#8. Of a key in hardware there is none.
    func pem() throws(CredentialError) -> String {
        try PEMText.writing { PEM_write_bio_PKCS8PrivateKey($0, handle, nil, nil, 0, nil, nil) }
    }

    /// The signature of bytes, in the form that COSE asks for (RFC 9053, section 2): for curves both numbers one behind
    /// the other.
    func sign(_ bytes: [UInt8]) throws(CredentialError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw Self.failure("sign") }
        defer { EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?
        guard EVP_DigestSignInit(context, &parameters, digest, nil, handle) == 1 else { throw Self.failure("sign") }
        if algorithm == .ps256 {
            guard EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1,
                EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
            else { throw Self.failure("sign") }
        }
        var count = 0
        guard EVP_DigestSign(context, nil, &count, bytes, bytes.count) == 1 else { throw Self.failure("sign") }
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1 else { throw Self.failure("sign") }
        signature.removeLast(signature.count - count)
        switch algorithm {
        case .es256: return try Self.plain(signature, numberBytes: 32)
        case .es384: return try Self.plain(signature, numberBytes: 48)
        case .es512: return try Self.plain(signature, numberBytes: 66)
        case .ps256, .ed25519: return signature
        }
    }

    /// Whether a certificate is about this key.
    func belongs(to certificate: Certificate) -> Bool { X509_check_private_key(certificate.handle, handle) == 1 }

    private var digest: OpaquePointer? {
        switch algorithm {
        case .es256, .ps256: EVP_sha256()
        case .es384: EVP_sha384()
        case .es512: EVP_sha512()
        // Has its own.
        case .ed25519: nil
        }
    }

    private static func algorithm(of key: OpaquePointer) -> SigningAlgorithm? {
        let bits = EVP_PKEY_get_bits(key)
        return switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_EC:
            switch bits {
            case 256: .es256
            case 384: .es384
            case 521: .es512
            default: nil
            }
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS: bits >= 2048 ? .ps256 : nil
        case EVP_PKEY_ED25519: .ed25519
        default: nil
        }
    }

    /// A signature of ECDSA in DER as two numbers of a length.
    private static func plain(_ signature: [UInt8], numberBytes: Int) throws(CredentialError) -> [UInt8] {
        let pair = signature.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_ECDSA_SIG(nil, &start, bytes.count)
        }
        guard let pair else { throw failure("sign") }
        defer { ECDSA_SIG_free(pair) }
        var plain = [UInt8](repeating: 0, count: 2 * numberBytes)
        let isWritten = plain.withUnsafeMutableBufferPointer { bytes in
            BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes.baseAddress, Int32(numberBytes)) == Int32(numberBytes)
                && BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes.baseAddress! + numberBytes, Int32(numberBytes))
                    == Int32(numberBytes)
        }
        guard isWritten else { throw failure("sign") }
        return plain
    }

    static func failure(_ step: String) -> CredentialError {
        CredentialError(
            .identityUnusable, message: "The key for credentials cannot be used.",
            suggestion: "Check the key and its certificates.", detail: "\(step): \(lastError())")
    }

    static func lastError() -> String {
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(ERR_get_error(), &text, text.count)
        return String(message: text)
    }
}
