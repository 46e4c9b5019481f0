import Text

/// Secrets that open something: long and random, shown once, and kept as a digest alone.
public enum Secret {
    /// A new secret of 256 random bits, in letters that need no escape in an address, a header field or a cookie.
    public static func make() -> String { Base64.encodeForURL(RandomBytes.make(32)) }

    /// What a store looks a sent secret up by: SHA-256 in hexadecimal digits. Secrets are long and random, so that one
    /// plain digest is enough.
    public static func digest(of secret: String) -> String { Hexadecimal.encode(Digest.sha256(secret.utf8)) }
}
