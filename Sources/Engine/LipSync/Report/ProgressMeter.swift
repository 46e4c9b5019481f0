import Foundation
import Time

/// Turns counts of frames into progress reports, at most a few a second.
final class ProgressMeter: @unchecked Sendable {
    /// The share of the whole work that the first pass usually takes.
    static let analysisShare = 0.3
    private static let interval = Duration.milliseconds(200)

    private let lock = NSLock()
    private let sink: @Sendable (RenderProgress) -> Void
    private let start = ContinuousClock.now
    private var stage = RenderProgress.Stage.analysing
    private var range = (from: 0.0, to: 1.0)
    private var stageStart = ContinuousClock.now
    private var lastReport: ContinuousClock.Instant?

    init(_ sink: @escaping @Sendable (RenderProgress) -> Void) { self.sink = sink }

    /// Begins a stage that takes the work from one share to another.
    func begin(_ stage: RenderProgress.Stage, from: Double, to: Double) {
        lock.lock()
        self.stage = stage
        range = (from, to)
        stageStart = .now
        lastReport = nil
        lock.unlock()
    }

    /// Tells that `done` frames of the stage are finished.
    func report(done: Int, expected: Int) {
        lock.lock()
        let now = ContinuousClock.now
        if let lastReport, now - lastReport < Self.interval, done < expected {
            lock.unlock()
            return
        }
        lastReport = now
        let share = min(Double(done) / Double(max(expected, 1)), 1)
        let fraction = range.from + (range.to - range.from) * share
        let elapsed = (now - start).inSeconds
        let progress = RenderProgress(
            stage: stage, fraction: fraction,
            framesPerSecond: Double(done) / max((now - stageStart).inSeconds, 1e-6),
            secondsLeft: fraction > 0.02 && elapsed > 0.5 ? elapsed * (1 - fraction) / fraction : nil)
        lock.unlock()
        sink(progress)
    }
}
