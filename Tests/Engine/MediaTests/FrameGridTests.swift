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

    static func deliveries(
        _ stamps: [Int], timeBase: Rational, rate: Rational, end: Int = 0, positions: FramePositions? = nil
    ) -> [Int] {
        let grid = FrameGrid(origin: stamps[0], timeBase: timeBase, rate: rate, positions: positions)
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
                    timestamps: stamps, timeBase: timeBase, claims: [Rational(90000), Rational(0)])
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
                    timestamps: stamps, timeBase: Rational(1, 1000), claims: [rate])
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
            timestamps: few, timeBase: Rational(1, 90000), claims: [Rational(30), Rational(147, 5)])
        #expect(estimate == FrameRateEstimate(rate: Rational(30), isVariable: false))
        let pause = all.enumerated().filter { !(300..<600).contains($0.offset) }.map(\.element)
        #expect(
            FrameRateEstimate(
                timestamps: pause, timeBase: Rational(1, 90000), claims: [Rational(20)])
                == FrameRateEstimate(rate: Rational(30), isVariable: false))
        let half = all.enumerated().filter { $0.offset % 7 < 3 }.map(\.element)
        let irregular = FrameRateEstimate(
            timestamps: half, timeBase: Rational(1, 90000), claims: [Rational(30)])
        #expect(irregular == FrameRateEstimate(rate: Rational(30), isVariable: true))
    }

    /// Time stamps in milliseconds whose steps lie in a range, by a seed.
    static func irregular(count: Int, steps: ClosedRange<Int>, seed: UInt64) -> [Int] {
        var seed = seed
        var stamps = [0]
        for _ in 0..<count {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1
            stamps.append(stamps.last! + steps.lowerBound + Int(seed >> 33) % steps.count)
        }
        return stamps
    }

    @Test(
        "A variable rate loses no picture and keeps time: none is shown noticeably beside its own time",
        arguments: [20...59, 30...36, 15...51, 1...90])
    func variableDoesNotDrift(steps: ClosedRange<Int>) {
        let stamps = Self.irregular(count: 5000, steps: steps, seed: 1)
        let timeBase = Rational(1, 1000)
        let estimate = FrameRateEstimate(timestamps: stamps, timeBase: timeBase, claims: [Rational(1000)])
        #expect(estimate.isVariable)
        #expect(estimate.rate.value <= 120)
        let delivered = Self.deliveries(
            stamps, timeBase: timeBase, rate: estimate.rate, positions: estimate.positions)
        let frame = estimate.rate.inverse.value
        #expect(Set(delivered).count == stamps.count)
        var previous = -1
        for (index, picture) in delivered.enumerated() where picture != previous {
            let delay = Double(index) * frame - Double(stamps[picture]) / 1000
            #expect(delay < 0.0451, "\(delay)")
            #expect(delay >= -frame / 2 - 1e-9, "\(delay)")
            previous = picture
        }
        #expect(abs(Double(delivered.count) * frame - Double(stamps.last!) / 1000) < 0.046 + frame)
    }

    @Test("A camera that wavers around its rate keeps it instead of getting twice as many frames")
    func jitter() {
        let jitter = Self.irregular(count: 3000, steps: 0...16, seed: 5)
        let stamps = (0...3000).map { $0 * 100 / 3 + (jitter[$0] - (jitter.first ?? 0)) % 17 }.sorted()
        let estimate = FrameRateEstimate(timestamps: stamps, timeBase: Rational(1, 1000), claims: [])
        #expect(estimate.isVariable)
        #expect(estimate.rate.value <= 30)
    }

    @Test("Positions depend on the time stamp alone, and times between them lie between them")
    func positions() throws {
        let stamps = [1000, 1010, 1020, 1200, 1210]
        let positions = try #require(FramePositions(stamps, timeBase: Rational(1, 1000), rate: Rational(60)))
        let grid = FrameGrid(origin: 1000, timeBase: Rational(1, 1000), rate: Rational(60), positions: positions)
        #expect(stamps.map(grid.index) == [0, 1, 2, 12, 13])
        #expect([900, 1005, 1015, 1100, 1205, 1260].map(grid.index) == [-6, 0, 1, 6, 12, 16])
        #expect([0, 1, 2, 5, 12, 13, 99].map(grid.timestamp) == [1000, 1010, 1020, 1020, 1200, 1210, 1210])
        // A reader whose first picture is a later one begins there.
        let later = FrameGrid(origin: 1020, timeBase: Rational(1, 1000), rate: Rational(60), positions: positions)
        #expect(stamps.map(later.index) == [-2, -1, 0, 10, 11])
        #expect(FramePositions([0, 1, 2, 3, 4], timeBase: Rational(1, 1000), rate: Rational(30)) == nil)
    }

    @Test("Nonsense rates are ignored")
    func nonsense() {
        let none = FrameRateEstimate(
            timestamps: [], timeBase: Rational(1, 90000), claims: [Rational(90000), Rational(0)])
        #expect(none.rate == Rational(25))
        let fast = FrameRateEstimate(
            timestamps: Array(0..<500), timeBase: Rational(1, 1000), claims: [Rational(1000)])
        #expect(fast.rate == Rational(240))
        let slow = FrameRateEstimate(
            timestamps: [0, 4000, 9000, 30000], timeBase: Rational(1, 1000), claims: [])
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
