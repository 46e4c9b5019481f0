import Speech
import Testing

@Suite("Reading bands for another vocal tract")
struct FormantWarpTests {
    @Test("A factor of 1 reads every band as it is")
    func identity() {
        for band in 0..<MelTriangles.count {
            #expect(abs(FormantWarp.none.read(band) { Float($0) } - Float(band)) < 1e-3)
        }
    }

    @Test("A higher voice is read at higher bands, by its factor in frequency", arguments: FormantWarp.all)
    func frequencies(warp: FormantWarp) {
        for band in 0..<MelTriangles.count {
            let wanted = MelTriangles.middleHertz(band) * warp.factor
            let read = warp.read(band) { Float(MelTriangles.middleHertz($0)) }
            let (lowest, highest) = (MelTriangles.middleHertz(0), MelTriangles.middleHertz(MelTriangles.count - 1))
            // Between two bands the mel scale bends a little.
            #expect(abs(Double(read) / min(max(wanted, lowest), highest) - 1) < 0.01)
        }
    }
}
