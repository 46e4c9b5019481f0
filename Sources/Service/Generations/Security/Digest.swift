import CCrypto
import Text

/// SHA-256 and HMAC-SHA-256.
public enum Digest {
    /// The algorithm, looked up once: the lookup takes longer than a short digest. Never changed, never freed.
    fileprivate nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else { preconditionFailure("SHA-256 is built in") }
        return algorithm
    }()

    /// The 32 bytes of SHA-256.
    public static func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let input = Array(bytes)
        var output = [UInt8](repeating: 0, count: 32)
        precondition(EVP_Digest(input, input.count, &output, nil, algorithm, nil) == 1, "SHA-256 is built in")
        return output
    }

    /// The 32 bytes of HMAC-SHA-256.
    public static func hmacSHA256(key: some Sequence<UInt8>, message: some Sequence<UInt8>) -> [UInt8] {
        MessageAuthentication(key: key).code(for: message)
    }

    /// Whether two byte strings are equal, in a time that does not tell where they differ.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }

    /// Whether two texts have equal bytes, in a time that does not tell where they differ.
    public static func areEqual(_ left: String, _ right: String) -> Bool {
        var (left, right) = (left, right)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                left.count == right.count && CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }
}

/// HMAC-SHA-256 with a key that is prepared once and used often.
public final class MessageAuthentication: @unchecked Sendable {
    // Never freed: one for the life of the process.
    private nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { preconditionFailure("HMAC is built in") }
        return algorithm
    }()

    // Only ever copied after `init`, which any number of threads may do.
    private let prepared: OpaquePointer

    /// Prepares a key.
    public init(key: some Sequence<UInt8>) {
        guard let context = EVP_MAC_CTX_new(Self.algorithm) else { preconditionFailure("out of memory") }
        prepared = context
        let bytes = Array(key)
        var name = Array("SHA256".utf8CString)
        let isReady = name.withUnsafeMutableBufferPointer { name in
            var parameters = [
                OSSL_PARAM_construct_utf8_string("digest", name.baseAddress, 0), OSSL_PARAM_construct_end(),
            ]
            return EVP_MAC_init(context, bytes, bytes.count, &parameters)
        }
        precondition(isReady == 1, "HMAC takes any key")
    }

    deinit { EVP_MAC_CTX_free(prepared) }

    /// The 32 bytes for a message.
    public func code(for message: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(message)
        var output = [UInt8](repeating: 0, count: 32)
        var count = 0
        let context = EVP_MAC_CTX_dup(prepared)
        defer { EVP_MAC_CTX_free(context) }
        precondition(
            EVP_MAC_update(context, bytes, bytes.count) == 1
                && EVP_MAC_final(context, &output, &count, output.count) == 1 && count == 32, "HMAC-SHA-256 is built in"
        )
        return output
    }
}

/// SHA-256 of bytes that arrive in parts.
public final class DigestStream {
    private let context: OpaquePointer

    /// Begins an empty digest.
    public init() {
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        self.context = context
        EVP_DigestInit_ex(context, Digest.algorithm, nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

    /// Adds bytes.
    public func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Ends the digest and begins a new empty one.
    public func finish() -> [UInt8] {
        var output = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &output, nil)
        EVP_DigestInit_ex(context, Digest.algorithm, nil)
        return output
    }
}

/// Random numbers good enough for keys and tokens.
public enum RandomBytes {
    /// `count` random bytes.
    public static func make(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // Without random numbers every secret would be guessable: better no process than a weak one.
        precondition(RAND_bytes(&bytes, Int32(count)) == 1, "no random numbers")
        return bytes
    }

    /// A random UUID (version 4), lower-case with hyphens.
    public static func uuid() -> String { UUIDText.make(make(16), version: 4) }
}
