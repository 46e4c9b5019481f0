import CCrypto

/// A key pair of Ed25519: what is signed with its secret half anybody can check by its public half.
public struct SigningKey: Sendable {
    private let seed: [UInt8]
    /// The public half, 32 bytes.
    public let publicKey: [UInt8]

    /// The pair of a seed of 32 bytes.
    public init(seed: [UInt8]) {
        precondition(seed.count == 32, "a seed has 32 bytes")
        self.seed = seed
        publicKey = Self.withKey(seed) { key in
            var bytes = [UInt8](repeating: 0, count: 32)
            var count = bytes.count
            precondition(EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, "the key has a public half")
            return bytes
        }
    }

    /// The pair that follows from a secret of the installation: the same in all of its processes.
    ///
    /// - Parameter use: What it signs; every use has a pair of its own.
    public init(secret: [UInt8], use: String) {
        self.init(seed: Digest.hmacSHA256(key: secret, message: "signing key\n\(use)".utf8))
    }

    /// The 64 bytes of the signature of a message.
    public func signature(of message: [UInt8]) -> [UInt8] {
        Self.withKey(seed) { key in
            guard let context = EVP_MD_CTX_new() else { preconditionFailure("no memory for a digest context") }
            defer { EVP_MD_CTX_free(context) }
            var bytes = [UInt8](repeating: 0, count: 64)
            var count = bytes.count
            // Ed25519 takes the message whole and hashes it by itself.
            precondition(
                EVP_DigestSignInit(context, nil, nil, nil, key) == 1
                    && EVP_DigestSign(context, &bytes, &count, message, message.count) == 1 && count == 64,
                "Ed25519 is built in")
            return bytes
        }
    }

    private static func withKey<Value>(_ seed: [UInt8], _ body: (OpaquePointer) -> Value) -> Value {
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
            preconditionFailure("Ed25519 is built in")
        }
        defer { EVP_PKEY_free(key) }
        return body(key)
    }
}
