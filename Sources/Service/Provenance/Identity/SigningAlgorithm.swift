/// How manifests are signed: the algorithms that C2PA allows.
public enum SigningAlgorithm: String, Codable, CaseIterable, Sendable {
    /// Elliptic curves of NIST with SHA-2.
    case es256, es384, es512
    /// RSA with PSS padding and SHA-256.
    case ps256
    /// Ed25519.
    case ed25519

    /// The library's number.
    var number: Int32 {
        switch self {
        case .es256: 0
        case .es384: 1
        case .es512: 2
        case .ps256: 3
        case .ed25519: 6
        }
    }
}
