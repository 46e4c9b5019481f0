import Foundation
import Speech
import Testing

@Suite("Spectra of a sound")
struct SoundSpectraTests {
    /// A made sound with a spectrum all over.
    private static let sound: [Float] = (0..<2000).map { index -> Float in
        let time = Double(index)
        let gliding: Double = 0.3 * cos(time * time * 0.001)
        let steady: Double = sin(time * 0.7) + 0.2 * sin(time * 2.9)
        return Float(steady + gliding)
    }

    private static func spectra(_ samples: [Float], blockLength: Int) -> [[Float]] {
        var spectra = SoundSpectra()
        var result: [[Float]] = []
        for start in stride(from: 0, to: samples.count, by: blockLength) {
            spectra.append(samples[start..<min(start + blockLength, samples.count)])
            while let next = spectra.next() { result.append(next) }
        }
        spectra.finish()
        while let next = spectra.next() { result.append(next) }
        return result
    }

    @Test("are those of the discrete Fourier transform, mirrored before the sound and silent behind it")
    func transform() {
        let spectra = Self.spectra(Self.sound, blockLength: 333)
        #expect(spectra.count == 14)
        for (number, spectrum) in spectra.enumerated() {
            let window = (0..<400).map { place -> Double in
                let index = abs(160 * number - 200 + place)
                let sample = index < Self.sound.count ? Double(Self.sound[index]) : 0
                return sample * (0.5 - 0.5 * cos(2 * .pi * Double(place) / 400))
            }
            for bin in stride(from: 0, through: 200, by: 25) {
                var (real, imaginary) = (0.0, 0.0)
                for (place, value) in window.enumerated() {
                    real += value * cos(2 * .pi * Double(bin * place) / 400)
                    imaginary -= value * sin(2 * .pi * Double(bin * place) / 400)
                }
                let power = real * real + imaginary * imaginary
                #expect(abs(Double(spectrum[bin]) - power) < 1e-4 * power + 1e-3, "spectrum \(number), bin \(bin)")
            }
        }
    }

    @Test("do not depend on the blocks, and come in pairs", arguments: [1, 159, 160, 400, 5000])
    func blocks(length: Int) {
        #expect(Self.spectra(Self.sound, blockLength: length) == Self.spectra(Self.sound, blockLength: 2000))
        let part = Array(Self.sound.prefix(length))
        #expect(Self.spectra(part, blockLength: 77).count == 2 * (part.count / 320 + 1))
    }
}
