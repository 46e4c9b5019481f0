import Foundation
import Speech
import Testing

@Suite("Windows of the mouth network")
struct SpeechWindowsTests {
    /// 15 s: two gliding voices of harmonics, the second one 25 dB softer, a pause and a hiss of sines between them. The
    /// same sound as in Training/MouthNetwork/reference.py.
    private static let sound: [Float] = (0..<15 * 16_000).map { index in
        let time = Double(index) / 16_000
        let syllables = 0.5 - 0.5 * cos(2 * .pi * 4 * time)
        let gain = time < 6.5 ? 0.5 : time < 8 ? 0 : 0.5 * pow(10, -25.0 / 20)
        let phase = 2 * Double.pi * (130 * time + 6 * sin(2 * time))
        let voice = (1..<30).reduce(0.0) { $0 + sin(phase * Double($1)) / Double($1) }
        let hiss = [611.0, 1733, 3191, 5003, 7321].reduce(0.0) { $0 + sin(2 * .pi * $1 * time) }
        return Float(0.3 * gain * syllables * voice + 0.0001 * hiss)
    }

    private static func windows(_ samples: [Float], blockLength: Int) -> [SpeechWindows.Window] {
        var windows = SpeechWindows()
        var result: [SpeechWindows.Window] = []
        for start in stride(from: 0, to: samples.count, by: blockLength) {
            windows.append(samples[start..<min(start + blockLength, samples.count)])
            while let window = windows.next() { result.append(window) }
        }
        windows.finish()
        while let window = windows.next() { result.append(window) }
        return result
    }

    /// Window, moment, and the values of bands 0, 7, 21, 40, 63 and 79: what Training/MouthNetwork/reference.py prints.
    private static let reference: [(Int, Int, [Float])] = [
        (0, 0, [-0.87500, -0.87500, -0.87500, -0.87500, -0.87500, -0.87500]),
        (0, 99, [-0.87500, -0.87500, -0.87500, -0.87500, -0.87500, -0.87500]),
        (0, 100, [-0.39647, -0.35408, -0.57890, -0.54940, -0.87500, -0.87500]),
        (0, 101, [-0.43370, 0.09245, -0.17208, -0.33181, -0.57291, -0.87500]),
        (0, 137, [0.34270, 0.94245, 0.70517, 0.45099, 0.09082, -0.87500]),
        (0, 555, [0.12620, 0.56959, 0.45009, 0.22284, -0.87500, -0.87500]),
        (0, 700, [-0.49931, -0.31315, -0.56564, -0.48662, -0.87500, -0.87500]),
        (0, 790, [-0.87500, -0.87500, -0.87500, -0.49082, -0.87500, -0.87500]),
        (0, 1000, [-0.87500, -0.79762, -0.87500, -0.30411, -0.87500, -0.87500]),
        (0, 1199, [-0.45120, -0.32083, -0.46312, -0.17004, -0.87500, -0.87500]),
        (1, 0, [-0.52803, -0.35981, -0.60402, 0.13370, -0.87500, -0.87500]),
        (1, 99, [-0.33903, 0.07938, -0.13722, 0.15058, -0.87500, -0.87500]),
        (1, 100, [-0.46048, -0.37615, -0.60612, 0.13459, -0.87500, -0.87500]),
        (1, 101, [-0.31545, 0.07570, -0.14273, 0.11154, -0.87500, -0.87500]),
        (1, 137, [0.27962, 0.86049, 0.55714, 0.49936, -0.87500, -0.87500]),
        (1, 555, [0.05599, 0.58896, 0.40327, 0.36305, -0.87500, -0.87500]),
        (1, 700, [-0.87500, -0.87500, -0.87500, -0.87500, -0.87500, -0.87500]),
        (1, 790, [-0.87500, -0.87500, -0.87500, -0.87500, -0.87500, -0.87500]),
        (1, 1000, [-0.87500, -0.87500, -0.87500, -0.87500, -0.87500, -0.87500]),
        (1, 1199, [-0.87500, -0.87500, -0.87500, -0.87500, -0.87500, -0.87500]),
    ]

    @Test("hold what the trainer's own code makes of the same sound", arguments: [160, 4096, 240_000])
    func reference(blockLength: Int) {
        let windows = Self.windows(Self.sound, blockLength: blockLength)
        #expect(windows.map(\.outputCount) == [500, 251])
        for (number, moment, values) in Self.reference {
            for (band, value) in zip([0, 7, 21, 40, 63, 79], values) {
                let own = windows[number].values[moment * SpeechWindows.bandCount + band]
                #expect(abs(own - value) < 1e-4, "window \(number), moment \(moment), band \(band): \(own)")
            }
        }
    }

    @Test("of sounds without a window's length hold silence around them", arguments: [1, 200, 201, 320, 5000])
    func short(length: Int) {
        let windows = Self.windows(Array(Self.sound[4000..<4000 + length]), blockLength: 77)
        #expect(windows.count == 1)
        #expect(windows[0].outputCount == length / 320 + 1)
        #expect(windows[0].values.allSatisfy { $0.isFinite && $0 >= -0.875 && $0 <= 1.125 })
        #expect(windows[0].values[..<(100 * SpeechWindows.bandCount)].allSatisfy { $0 == -0.875 })
    }

    @Test("of digital silence are as low as they can be, and those of nothing are none")
    func silence() throws {
        let windows = Self.windows([Float](repeating: 0, count: 16_000), blockLength: 1000)
        try #require(windows.count == 1)
        #expect(windows[0].values.allSatisfy { $0 == -0.875 })
        #expect(Self.windows([], blockLength: 10).isEmpty)
    }

    @Test("do not keep what was heard: ten minutes take no more memory than one")
    func memory() {
        var windows = SpeechWindows()
        let block = [Float](Self.sound.prefix(16_000))[...]
        var count = 0
        for _ in 0..<600 {
            windows.append(block)
            while windows.next() != nil { count += 1 }
            #expect(windows.keptValueCount <= (SpeechWindows.length + 110) * SpeechWindows.bandCount)
        }
        #expect(count == 59)
    }
}
