import Media
import Testing

@Suite("Constant-rate grid")
struct FrameGridTests {
    static let rates = [
        Rational(24000, 1001), Rational(24), Rational(25), Rational(30000, 1001), Rational(30), Rational(50),
        Rational(60000, 1001), Rational(60),
    ]

    /// Time stamps of a regular video, rounded to ticks as a container does.
    static func stamps(_ rate: Rational, count: Int, timeBase: Rational, start: Int = 0) -> [Int] {
        let ticks = Rational(rate.denominator * timeBase.denominator, rate.numerator * timeBase.numerator)
        return (0..<count).map { start + ticks.scaled($0) }
    }

    static func deliveries(_ stamps: [Int], timeBase: Rational, rate: Rational, end: Int = 0) -> [Int] {
        let grid = FrameGrid(origin: stamps[0], timeBase: timeBase, rate: rate)
        var converter = FrameRateConverter<Int>()
        var next = 0
        var delivered: [Int] = []
        var isInOrder = true
        defer { #expect(isInOrder) }
        while true {
            switch converter.step() {
            case .deliver(let picture, let index):
                isInOrder = isInOrder && index == delivered.count
                delivered.append(picture)
            case .finished: return delivered
            case .needsInput:
                if next < stamps.count {
                    converter.push(next, index: grid.index(of: stamps[next]))
                    next += 1
                } else {
                    converter.end(before: end)
                }
            }
        }
    }

    @Test("Every frame of a regular video stands exactly once, rounded time stamps or not", arguments: rates)
    func regular(rate: Rational) {
        for timeBase in [Rational(1, 1000), Rational(1, 90000), Rational(1, 1_000_000), rate.inverse] {
            for start in [0, 7, -3] {
                let stamps = Self.stamps(rate, count: 5_000, timeBase: timeBase, start: start)
                let estimate = FrameRateEstimate(
                    timestamps: stamps, timeBase: timeBase, lastDuration: 0, claims: [Rational(90000), Rational(0)])
                #expect(estimate == FrameRateEstimate(rate: rate, isVariable: false))
                let delivered = Self.deliveries(stamps, timeBase: timeBase, rate: estimate.rate)
                #expect(delivered == Array(0..<5_000))
            }
        }
    }

    @Test("Short clips find their rate from the claim")
    func short() {
        for rate in Self.rates {
            for count in 1...12 {
                let stamps = Self.stamps(rate, count: count, timeBase: Rational(1, 1000))
                let estimate = FrameRateEstimate(
                    timestamps: stamps, timeBase: Rational(1, 1000), lastDuration: 0, claims: [rate])
                #expect(estimate == FrameRateEstimate(rate: rate, isVariable: false))
            }
        }
    }

    @Test("Holes repeat the picture before them, doubles are dropped")
    func holesAndDoubles() {
        #expect(Self.deliveries([0, 1, 4, 5], timeBase: Rational(1, 25), rate: Rational(25)) == [0, 1, 1, 1, 2, 3])
        #expect(Self.deliveries([0, 10, 11, 20], timeBase: Rational(1, 250), rate: Rational(25)) == [0, 1, 3])
        #expect(Self.deliveries([0, 2, 1, 3], timeBase: Rational(1, 25), rate: Rational(25)) == [0, 0, 1, 3])
        #expect(Self.deliveries([5], timeBase: Rational(1, 25), rate: Rational(25)) == [0])
        #expect(Self.deliveries([0], timeBase: Rational(1, 25), rate: Rational(25), end: 3) == [0, 0, 0])
    }

    @Test("A few lost frames do not make a recording irregular; half of them do")
    func lostFrames() {
        let all = Self.stamps(Rational(30), count: 900, timeBase: Rational(1, 90000))
        let few = all.enumerated().filter { $0.offset % 50 != 3 }.map(\.element)
        let estimate = FrameRateEstimate(
            timestamps: few, timeBase: Rational(1, 90000), lastDuration: 3000, claims: [Rational(30), Rational(147, 5)])
        #expect(estimate == FrameRateEstimate(rate: Rational(30), isVariable: false))
        let pause = all.enumerated().filter { !(300..<600).contains($0.offset) }.map(\.element)
        #expect(
            FrameRateEstimate(
                timestamps: pause, timeBase: Rational(1, 90000), lastDuration: 3000, claims: [Rational(20)])
                == FrameRateEstimate(rate: Rational(30), isVariable: false))
        let half = all.enumerated().filter { $0.offset % 7 < 3 }.map(\.element)
        let irregular = FrameRateEstimate(
            timestamps: half, timeBase: Rational(1, 90000), lastDuration: 3000, claims: [Rational(30)])
        #expect(irregular.isVariable)
        #expect(abs(irregular.rate.value - 30.0 * 3 / 7) < 0.1)
    }

    @Test("A variable rate keeps time: no picture is further than one frame from its own time")
    func variableDoesNotDrift() {
        var seed: UInt64 = 1
        var stamps = [0]
        for _ in 0..<5000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1
            stamps.append(stamps.last! + 20 + Int(seed >> 33) % 40)
        }
        let timeBase = Rational(1, 1000)
        let estimate = FrameRateEstimate(timestamps: stamps, timeBase: timeBase, lastDuration: 40, claims: [])
        #expect(estimate.isVariable)
        let delivered = Self.deliveries(stamps, timeBase: timeBase, rate: estimate.rate)
        let frame = estimate.rate.inverse.value
        for (index, picture) in delivered.enumerated() {
            #expect(abs(Double(index) * frame - Double(stamps[picture]) / 1000) < 0.061 + frame)
        }
        #expect(abs(Double(delivered.count) * frame - Double(stamps.last!) / 1000) < 2 * frame)
    }

    @Test("Nonsense rates are ignored")
    func nonsense() {
        let none = FrameRateEstimate(
            timestamps: [], timeBase: Rational(1, 90000), lastDuration: 0, claims: [Rational(90000), Rational(0)])
        #expect(none.rate == Rational(25))
        let fast = FrameRateEstimate(
            timestamps: Array(0..<500), timeBase: Rational(1, 1000), lastDuration: 1, claims: [Rational(1000)])
        #expect(fast.rate == Rational(240))
        let slow = FrameRateEstimate(
            timestamps: [0, 4000, 9000, 30000], timeBase: Rational(1, 1000), lastDuration: 0, claims: [])
        #expect(slow.rate == Rational(1))
    }

    @Test("Damaged time stamps overflow nothing")
    func damagedStamps() {
        for timeBase in [Rational(1, Int(Int32.max)), Rational(1, 90000), Rational(Int(Int32.max))] {
            let stamps = [Int.min + 1, -5, 0, 3, Int.max].map { $0 }
            for origin in stamps {
                let grid = FrameGrid(origin: origin, timeBase: timeBase, rate: Rational(240_000, 1001))
                for stamp in stamps {
                    #expect(abs(grid.index(of: stamp)) <= 1 << 40)
                    _ = grid.timestamp(of: stamp)
                }
            }
        }
    }

    @Test("A converter started in the middle delivers what sequential reading delivers there")
    func startInTheMiddle() {
        var converter = FrameRateConverter<String>(firstIndex: 5)
        converter.push("a", index: 2)
        converter.push("b", index: 4)
        guard case .needsInput = converter.step() else { return #expect(Bool(false)) }
        converter.push("c", index: 7)
        guard case .deliver("b", 5) = converter.step(), case .deliver("b", 6) = converter.step(),
            case .deliver("c", 7) = converter.step()
        else { return #expect(Bool(false)) }
        converter.end()
        guard case .finished = converter.step() else { return #expect(Bool(false)) }
    }
}
