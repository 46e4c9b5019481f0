import Generations
import Text

/// The number of an output's watermark.
public enum WatermarkNumber {
    /// A number that follows from a name: the beginning of its SHA-256.
    public static func of(_ name: String) -> UInt32 {
        Digest.sha256(name.utf8).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The number as people and manifests write it: eight digits of base 16.
    public static func text(_ number: UInt32) -> String {
        Hexadecimal.encode([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
    }
}
