/// What the carriers are for: pilots say whether a mark is there and in which phase, the others hold the identifier.
///
/// Two of five carriers are pilots, of all wavelengths (Lipsmith's watermark study).
enum CarrierRoles {
    static func pilots(_ count: Int) -> [Int] { (0..<count).filter(isPilot) }
    static func data(_ count: Int) -> [Int] { (0..<count).filter { !isPilot($0) } }

    private static func isPilot(_ index: Int) -> Bool { index % 5 == 0 || index % 5 == 2 }

    /// The signs of all carriers of a basis in a mark with this identifier.
    static func signs(_ key: WatermarkKey, identifier: UInt32, carrierCount: Int) -> [Float] {
        var signs = [Float](repeating: 0, count: carrierCount)
        let (pilots, data) = (pilots(carrierCount), data(carrierCount))
        for (carrier, sign) in zip(pilots, key.signs(.pilot, count: pilots.count)) { signs[carrier] = sign }
        let code = WatermarkCode(key: key, carrierCount: data.count)
        for (carrier, sign) in zip(data, code.signs(of: identifier)) { signs[carrier] = sign }
        return signs
    }
}
