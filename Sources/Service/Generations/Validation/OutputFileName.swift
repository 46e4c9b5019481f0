/// The name of an output, made safe for every file system.
public enum OutputFileName {
    /// The longest name taken, in characters.
    public static let limit = 255

    /// Keeps ASCII letters, digits, underscores and hyphens, turns spaces into underscores, drops the rest; nil where
    /// nothing is left.
    public static func sanitized(_ name: String) -> String? {
        var kept: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: kept.append(byte)
            case 0x20: kept.append(0x5F)
            default: break
            }
        }
        return kept.isEmpty ? nil : String(decoding: kept, as: UTF8.self)
    }
}
