import Testing
import Watermark

/// Goal: marks that were painted years ago can be read. The vectors were computed by another implementation, in Python.
@Suite("The code of a mark")
struct WatermarkCodeTests {
    private static func text(_ signs: [Float]) -> String { String(signs.map { $0 > 0 ? "+" : "-" }) }

    @Test(
        "Checksums are those of CRC-16/CCITT",
        arguments: [(0, 0x84C0), (1, 0x94E1), (0x1234_5678, 0x30EC), (0xFFFF_FFFF, 0x1D0F)] as [(UInt32, UInt16)])
    func checksum(value: UInt32, checksum: UInt16) { #expect(Checksum.of(value) == checksum) }

    @Test("The convolutional code's bits are known, and its decoder repairs them")
    func convolution() {
        let bits = [true, false, true, true, false, false, true]
        let coded = ConvolutionalCode.encode(bits)
        #expect(String(coded.map { $0 ? "1" : "0" }) == "11011101100100000100111011")
        var values = coded.map { $0 ? Float(1) : -1 }
        for place in [3, 11, 20] { values[place] *= -0.9 }
        #expect(ConvolutionalCode.decode(values) == bits)
    }

    @Test("Signs and order of the public key are known")
    func keyed() {
        let key = WatermarkKey.standard
        #expect(
            Self.text(key.signs(.pilot, count: 64))
                == "+-+-+++--+++--+-+++-++---+-+-+--+-+++-+-+-+----+++++-+---+-+-+--")
        #expect(
            Self.text(key.signs(.data, count: 64))
                == "-++-+--++---------+--+-+--+--+-+--+-----+++++++-+-+-++--+++-+++-")
        #expect(
            key.order(count: 207).prefix(12) == [112, 64, 142, 139, 100, 44, 66, 200, 85, 107, 191, 206])
        #expect(key.order(count: 120).prefix(12) == [112, 64, 100, 44, 66, 85, 107, 13, 119, 69, 49, 77])
        #expect(key.order(count: 500).sorted() == Array(0..<500))
    }

    @Test("An identifier is spread over the carriers as ever")
    func spread() {
        #expect(
            Self.text(WatermarkCode(key: .standard, carrierCount: 207).signs(of: 0x1234_5678))
                == "+++---++-+-+++++-+-++++-+---+-++-+-+-+-----+-+-+--+-+++++--+-++-+---+-+-+---+--++--++-+++--+---"
                + "+++-+--+-+-+-+-----+--+-+-+---++-+-+----++---++-++-+-++----+++++----+-----+--------++--++++----+"
                + "--+-++--++-++++-")
        #expect(
            Self.text(WatermarkCode(key: .standard, carrierCount: 120).signs(of: 0xCAFE_F00D))
                == "+--++-+--+-+--++---++-++--+-++++++-++++++--++----++-+++++------+--+--+-++++-+--+--++++-+----+++------+++-"
                + "--+--++--++++++")
    }

    @Test("Identifiers come back from noise, and never as others", arguments: [0, 1, 0x1234_5678, UInt32.max])
    func roundTrip(identifier: UInt32) {
        var generator = SplitMix(seed: UInt64(identifier) + 1)
        let code = WatermarkCode(key: .standard, carrierCount: 180)
        let signs = code.signs(of: identifier)
        #expect(code.identifier(in: signs) == identifier)
        for trial in 0..<200 {
            let noise = Float(trial) / 100
            let read = code.identifier(in: signs.map { $0 + noise * generator.bell() })
            if trial < 80 { #expect(read == identifier) }
            if let read { #expect(read == identifier) }
        }
    }

    @Test("Another key's mark is not read")
    func otherKey() {
        let other = WatermarkCode(key: WatermarkKey("another".utf8), carrierCount: 180)
        let read = other.identifier(in: WatermarkCode(key: .standard, carrierCount: 180).signs(of: 7))
        #expect(read == nil)
    }
}

/// Numbers that are the same in every run (Steele, Lea and Flood, OOPSLA 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// About normally distributed, with deviation 1.
    mutating func bell() -> Float { (0..<12).reduce(-6) { sum, _ in sum + Float.random(in: 0...1, using: &self) } }
}
