import CCrypto

/// The secret of a watermark: who knows it can add the mark, find it and remove it.
///
/// The key of Lipsmith's own mark is public, so that anybody can look for the mark. It proves nothing by itself.
public struct WatermarkKey: Hashable, Sendable {
    /// Any number of bytes.
    public let bytes: [UInt8]

    /// The public key of Lipsmith's mark.
    public static let standard = WatermarkKey("lipsmith-mark-v1".utf8)

    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// What random numbers are drawn for; the texts are part of the mark's format.
    package enum Purpose: String {
        /// The signs of the carriers that say whether a mark is there.
        case pilot
        /// The signs of the carriers that hold the identifier.
        case data
        /// Which bit each of those carriers holds.
        case order = "perm"
    }

    /// `count` numbers, each −1 or 1: the bits of the digests with the numbers 0, 1, …, the highest of a byte first.
    package func signs(_ purpose: Purpose, count: Int) -> [Float] {
        let bytes = (0..<(count + 255) / 256).flatMap { digest(purpose, number: $0) }
        return (0..<count).map { bytes[$0 / 8] >> UInt8(7 - $0 % 8) & 1 == 1 ? 1 : -1 }
    }

    /// The numbers 0..<`count` in an order that hangs on the key.
    package func order(count: Int) -> [Int] {
        let ranks = (0..<count).map { number in
            digest(.order, number: number).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        return (0..<count).sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    }

    /// SHA-256 of key, purpose and number (32 bits, highest byte first).
    private func digest(_ purpose: Purpose, number: Int) -> [UInt8] {
        let counter = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        let input = bytes + Array(purpose.rawValue.utf8) + counter
        var output = [UInt8](repeating: 0, count: 32)
        precondition(EVP_Digest(input, input.count, &output, nil, EVP_sha256(), nil) == 1, "SHA-256 is built in")
        return output
    }
}
