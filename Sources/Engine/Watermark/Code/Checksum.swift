/// CRC-16/CCITT with the start value 0xFFFF (ITU-T V.41's polynomial x¹⁶ + x¹² + x⁵ + 1).
package enum Checksum {
    /// The checksum of the four bytes of a number, the highest first.
    package static func of(_ value: UInt32) -> UInt16 {
        var checksum: UInt16 = 0xFFFF
        for shift in [24, 16, 8, 0] {
            checksum ^= UInt16(truncatingIfNeeded: value >> UInt32(shift) & 0xFF) << 8
            for _ in 0..<8 { checksum = checksum & 0x8000 != 0 ? checksum << 1 ^ 0x1021 : checksum << 1 }
        }
        return checksum
    }
}
