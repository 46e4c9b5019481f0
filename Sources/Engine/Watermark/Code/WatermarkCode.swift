/// How an identifier of 32 bits is spread over the carriers that hold data.
///
/// Identifier and checksum are coded for correction; the coded bits are dealt out to the carriers in an order and with
/// signs that hang on the key.
package struct WatermarkCode: Sendable {
    private static let bitCount = 48
    private static let codedCount = ConvolutionalCode.codedCount(bitCount)

    /// For each carrier the coded bit that it holds.
    private let places: [Int]
    private let signs: [Float]

    /// - Parameter carrierCount: At least 108, so that each coded bit has a carrier.
    package init(key: WatermarkKey, carrierCount: Int) {
        precondition(carrierCount >= Self.codedCount, "each coded bit needs a carrier")
        places = key.order(count: carrierCount).map { $0 % Self.codedCount }
        signs = key.signs(.data, count: carrierCount)
    }

    /// The signs of all carriers for an identifier.
    package func signs(of identifier: UInt32) -> [Float] {
        let word = UInt64(identifier) << 16 | UInt64(Checksum.of(identifier))
        let bits = (0..<Self.bitCount).map { word >> UInt64(Self.bitCount - 1 - $0) & 1 == 1 }
        let coded = ConvolutionalCode.encode(bits)
        return zip(places, signs).map { place, sign in coded[place] ? sign : -sign }
    }

    /// The identifier that carriers hold, or `nil` where its checksum is wrong: of random values one in 65,536 passes.
    ///
    /// - Parameter values: One for each carrier; the sign counts, and the size says how sure it is.
    package func identifier(in values: [Float]) -> UInt32? {
        var sums = [Float](repeating: 0, count: Self.codedCount)
        for (index, value) in values.enumerated() { sums[places[index]] += value * signs[index] }
        let word = ConvolutionalCode.decode(sums).reduce(UInt64(0)) { $0 << 1 | ($1 ? 1 : 0) }
        let identifier = UInt32(truncatingIfNeeded: word >> 16)
        return UInt16(truncatingIfNeeded: word) == Checksum.of(identifier) ? identifier : nil
    }
}
