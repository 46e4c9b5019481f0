import Foundation

/// Turns what was read back into the measures of a report.
struct MeasureSummary {
    /// A mouth counts as shut below this share of its range (docs/benchmarks.md measures by the same rule).
    private static let shutShare: Float = 0.15
    /// Whatever the range: the mesh's readings of one face's shut lips spread over 0.018 face units, and lips that are wanted
    /// apart by a fifth of the range are read from 0.026 on (the portrait's clip).
    private static let shutGap: Float = 0.02
    /// Delays that are tried: half a second either way, in steps of a hundredth.
    private static let lagMilliseconds = stride(from: -500, through: 500, by: 10)
    /// Fewer frames tell nothing of curves.
    private static let leastFrames = 8
    /// Fewer tell nothing of delays: of 17 frames one clip was read as 100 ms late.
    private static let leastFramesOfOffset = 24

    let wanted: WantedLips
    let results: [Int: FrameMeasuring.Result]
    let pairs: [Int]
    /// One for each scene that `LipReading.scene` counts.
    private(set) var scales: [LipScale]
    /// The filmed gaps of shut lips, scene by scene, in face units; `nil` where the filmed mouth does not move, as on photos.
    let filmedShutGaps: [Float?]
    /// Whether each hundredth of a second of the sound is silent; empty for none.
    let silentWindows: [Bool]
    /// Whether mouths that do not speak are meant to be shut, as those of clips are.
    let restsShut: Bool

    private let frames: [Int]
    private let readings: [LipReading]
    /// The gaps up to which lips count as shut, scene by scene, in face units.
    private var shutLimits: [Float] = []

    init(
        wanted: WantedLips, results: [Int: FrameMeasuring.Result], pairs: [Int], scales: [LipScale],
        filmedShutGaps: [Float?], silentWindows: [Bool], restsShut: Bool
    ) {
        self.wanted = wanted
        self.results = results
        self.pairs = pairs
        self.filmedShutGaps = filmedShutGaps
        self.silentWindows = silentWindows
        self.restsShut = restsShut
        let read = results.compactMap { frame, result in result.lips.map { (frame, $0) } }.sorted { $0.0 < $1.0 }
        frames = read.map(\.0)
        readings = read.map(\.1)
        self.scales = scales
        for scene in scales.indices {
            let gaps = shutGap(ofScene: scene)
            if let gaps, filmedShutGaps[scene] == nil { self.scales[scene].shutGap = gaps.low }
            shutLimits.append(gaps.map { shutLimit($0.low, $0.high, filmed: filmedShutGaps[scene]) } ?? 0)
        }
    }

    /// - Parameter encoded: The comparison with the encoded picture.
    func measures(encoded: (decibels: Double, frames: Int)?) -> RenderReport.Measures {
        let opening = readings.map { scales[$0.scene].opening($0) }
        let width = readings.map { scales[$0.scene].width($0) }
        return .init(
            framesMeasured: frames.count, opening: following(wanted.opening, opening),
            width: following(wanted.width, width), closures: closures, rest: rest,
            offsetMilliseconds: offset(opening), sharpness: ratio(\.sharpness), seam: ratio(\.gradient),
            flicker: flicker, outside: outside(encoded))
    }

    /// What is drawn beside what was wanted, for plots.
    ///
    /// - Parameter mostPoints: Longer outputs have a point for several frames.
    func curves(mostPoints: Int = 3000) -> RenderReport.Curves {
        let step = max(1, (wanted.opening.count + mostPoints - 1) / mostPoints)
        func points(_ values: [Float]) -> [Double] {
            stride(from: 0, to: values.count, by: step).map { Double(values[$0]).rounded(toPlaces: 3) }
        }
        return .init(
            framesPerPoint: step, opening: points(wanted.opening), width: points(wanted.width),
            speech: points(wanted.speech),
            drawn: zip(frames, readings).map { frame, reading in
                let scale = scales[reading.scene]
                return .init(
                    frame: frame, opening: Double(scale.opening(reading)).rounded(toPlaces: 3),
                    width: Double(scale.width(reading)).rounded(toPlaces: 3))
            },
            closures: wanted.closures.map {
                .init(
                    startSeconds: $0.startSeconds.rounded(toPlaces: 3), endSeconds: $0.endSeconds.rounded(toPlaces: 3),
                    isShown: isShown($0))
            },
            phones: wanted.phones)
    }

    // MARK: Lips

    private func following(_ curve: [Float], _ drawn: [Float]) -> RenderReport.Following? {
        guard frames.count >= Self.leastFrames else { return nil }
        let wanted = frames.map { curve[$0] }
        func mean(_ values: [Float]) -> Double {
            (values.reduce(0) { $0 + Double($1) } / Double(values.count)).rounded(toPlaces: 3)
        }
        return .init(
            correlation: CurveStatistics.correlation(wanted, drawn)?.rounded(toPlaces: 3), wantedMean: mean(wanted),
            drawnMean: mean(drawn))
    }

    /// What shut lips and wide ones look like in a scene, the 5th and 95th percentile of its gaps or less, in face units; `nil`
    /// where none was read.
    private func shutGap(ofScene scene: Int) -> (low: Float, high: Float)? {
        // The frames of pairs stand evenly; those of closures would make the usual gap too small.
        let even = Set(pairs.flatMap { [$0, $0 + 1] })
        let own = zip(frames, readings).filter { $0.1.scene == scene }
        let chosen = own.filter { even.contains($0.0) }
        let gaps = (chosen.count >= Self.leastFrames ? chosen : own).map(\.1.gap).sorted()
        guard !gaps.isEmpty else { return nil }
        let (low, high) = (CurveStatistics.percentile(gaps, 0.05), CurveStatistics.percentile(gaps, 0.95))
        // Few even frames may show no shut mouth; most closures do, whatever a single reading says.
        let closed = wanted.closures.compactMap { results[$0.frame]?.lips }.filter { $0.scene == scene }
            .map(\.gap).sorted()
        return (min(low, closed.count >= 3 ? CurveStatistics.percentile(closed, 0.5) : low), high)
    }

    /// The gap up to which a scene's lips count as shut: what its own shut mouth looks like to the mesh, or the drawn one
    /// where that is less, and a little more.
    private func shutLimit(_ low: Float, _ high: Float, filmed: Float?) -> Float {
        let shut = filmed.map { min($0, low) } ?? low
        return shut + max(Self.shutShare * (high - shut), Self.shutGap)
    }

    private func isShut(_ frame: Int) -> Bool? {
        guard let reading = results[frame]?.lips else { return nil }
        return reading.gap <= shutLimits[reading.scene]
    }

    /// Whether one of a closure's frames shows it; `nil` where none was read back.
    private func isShown(_ closure: WantedLips.Closure) -> Bool? {
        let states = ([closure.frame] + [closure.neighbour].compactMap { $0 }).compactMap(isShut)
        return states.isEmpty ? nil : states.contains(true)
    }

    private var closures: RenderReport.Closures? {
        guard !wanted.closures.isEmpty else { return nil }
        let states = wanted.closures.map { ($0, isShown($0)) }
        let missed = states.filter { $0.1 == false }.map { closure, _ in
            RenderReport.Closures.Missed(
                frame: closure.frame, seconds: (Double(closure.frame) / wanted.framesPerSecond).rounded(toPlaces: 3))
        }
        return .init(
            wanted: states.count, measured: states.count { $0.1 != nil }, shown: states.count { $0.1 == true },
            missed: missed)
    }

    private var rest: RenderReport.Rest? {
        guard restsShut else { return nil }
        let silent = frames.filter { wanted.isSilent($0) || wanted.isInPause($0, windows: silentWindows) }
        guard silent.count >= 4 else { return nil }
        return .init(silentFrames: silent.count, restingFrames: silent.count { isShut($0) == true })
    }

    private func offset(_ drawn: [Float]) -> Int? {
        guard frames.count >= Self.leastFramesOfOffset else { return nil }
        let (values, rate) = (wanted.opening, wanted.framesPerSecond)
        func opening(at frame: Int, lag: Int) -> Float {
            let place = Double(frame) - Double(lag) / 1000 * rate
            let limited = min(max(place, 0), Double(values.count - 1))
            let first = Int(limited)
            let part = Float(limited - Double(first))
            return values[first] * (1 - part) + values[min(first + 1, values.count - 1)] * part
        }
        var best: (lag: Int, correlation: Double)?
        for lag in Self.lagMilliseconds {
            guard let value = CurveStatistics.correlation(frames.map { opening(at: $0, lag: lag) }, drawn) else {
                return nil
            }
            // Of equal ones the smallest delay.
            if best.map({ value > $0.correlation + 1e-9 || value > $0.correlation - 1e-9 && abs(lag) < abs($0.lag) })
                ?? true
            {
                best = (lag, value)
            }
        }
        // Lips that hardly follow have no delay either.
        return best.flatMap { $0.correlation >= 0.5 ? $0.lag : nil }
    }

    // MARK: Pixels

    private func ratio(_ pair: KeyPath<FrameMeasuring.Result, FrameMeasuring.Pair?>) -> Double? {
        let pairs = results.values.compactMap { $0[keyPath: pair] }
        guard pairs.count >= Self.leastFrames else { return nil }
        let filmed = CurveStatistics.median(pairs.map(\.filmed))
        return filmed > 1e-9 ? (CurveStatistics.median(pairs.map(\.drawn)) / filmed).rounded(toPlaces: 2) : nil
    }

    private var flicker: Double? {
        var (filmed, drawn, count) = (0.0, 0.0, 0)
        for first in pairs {
            guard let a = results[first], let b = results[first + 1], a.lips?.scene == b.lips?.scene,
                let before = a.skin, let after = b.skin
            else { continue }
            filmed += Self.change(before.filmed, after.filmed)
            drawn += Self.change(before.drawn, after.drawn)
            count += 1
        }
        // A thousandth of a step of the luma: below it nothing moves at all.
        guard count >= 4, filmed / Double(count) > 1e-3 else { return nil }
        return (drawn / filmed).rounded(toPlaces: 2)
    }

    private func outside(_ encoded: (decibels: Double, frames: Int)?) -> RenderReport.Outside? {
        let changed = results.values.compactMap(\.changedSamples)
        guard let most = changed.max() else { return nil }
        return .init(
            frames: changed.count, changedSamples: most, psnrDecibels: encoded.map { $0.decibels.rounded(toPlaces: 1) })
    }

    private static func change(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double(abs($1.0 - $1.1)) } / Double(max(a.count, 1))
    }
}
