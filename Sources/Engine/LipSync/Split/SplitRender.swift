import Foundation
import Synchronization

/// Renders a plan in pieces on one machine: several steps at the same time, each by whoever performs it, a child process or
/// this one.
///
/// ```swift
/// let report = try SplitRender(plan, rule: SplitRule(workerCount: 8), folder: folder).run { task, observer in
///     try engine.run(.step(task), cancellation: cancellation, observer: observer)
/// }
/// ```
public struct SplitRender: Sendable {
    private let plan: RenderPlan
    private let rule: SplitRule
    private let folder: String

    /// - Parameters:
    ///   - rule: As many steps run at the same time as it has workers.
    ///   - folder: An empty folder for the files of the steps, up to two megabytes for each second of 720p; they are removed in
    ///     the end.
    public init(_ plan: RenderPlan, rule: SplitRule, folder: String) {
        self.plan = plan
        self.rule = rule
        self.folder = folder
    }

    /// Does all steps. Blocks the calling thread.
    ///
    /// - Parameters:
    ///   - onProgress: As in `RenderObserver`.
    ///   - perform: Does one step; called on several threads, which the first error stops.
    /// - Throws: The first error of `perform`; `RenderFailure` of code `stepUnusable` where steps name no end.
    public func run(
        cancellation: Cancellation = Cancellation(),
        onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in },
        perform: @escaping @Sendable (SplitTask, RenderObserver) throws -> EngineResult
    ) throws -> RenderReport {
        var files: Set<String> = []
        defer { for name in files { try? FileManager.default.removeItem(atPath: folder + "/" + name) } }
        let meter = ProgressMeter(onProgress)
        var steps = [SplitStep.survey]
        var stageCount = 0
        var stageLimit = SplitStep.stageLimit(stepsBehindSurvey: 0)
        while stageCount < stageLimit {
            let results = try performAll(steps, meter, cancellation, perform)
            if case .render(let report) = results.first { return report }
            let outcomes = results.compactMap { if case .step(let outcome) = $0 { outcome } else { nil } }
            files.formUnion(outcomes.flatMap(\.files))
            let next = SplitStep.following(outcomes.map(\.next))
            if case .survey = steps[0] { stageLimit = SplitStep.stageLimit(stepsBehindSurvey: next.count) }
            if next.contains(where: { if case .section = $0 { true } else { false } }) {
                remove(&files, unless: next)
            }
            steps = next
            guard !steps.isEmpty else { break }
            stageCount += 1
        }
        throw StepFile.unusable("steps without an end: \(steps)")
    }

    /// Removes what the steps before the sections have left for each other.
    private func remove(_ files: inout Set<String>, unless next: [SplitStep]) {
        let needed = Set(next.flatMap(\.inputs))
        for name in files.subtracting(needed) { try? FileManager.default.removeItem(atPath: folder + "/" + name) }
        files.formIntersection(needed)
    }

    private func performAll(
        _ steps: [SplitStep], _ meter: ProgressMeter, _ cancellation: Cancellation,
        _ perform: @escaping @Sendable (SplitTask, RenderObserver) throws -> EngineResult
    ) throws -> [EngineResult] {
        let shares = steps[0].shares
        meter.begin(shares.stage, from: shares.from, to: shares.to)
        let stage = Stage(steps, meter)
        let group = ThreadGroup { stage.stop() }
        for number in 0..<min(rule.workerCount, steps.count) {
            group.start("step \(number)") {
                while let index = stage.take() {
                    try cancellation.check()
                    let task = SplitTask(
                        plan: plan, step: steps[index], rule: rule, inputFolder: folder, outputFolder: folder)
                    let observer = RenderObserver(onProgress: { stage.show(index, $0.fraction) })
                    stage.finish(index, try perform(task, observer))
                }
            }
        }
        try group.wait()
        return stage.results
    }
}

/// Steps that may be done at the same time, and how far they are.
private final class Stage: Sendable {
    private struct State {
        var next = 0
        var isStopped = false
        var fractions: [Double]
        var results: [EngineResult?]
    }

    private let meter: ProgressMeter
    private let state: Mutex<State>

    init(_ steps: [SplitStep], _ meter: ProgressMeter) {
        self.meter = meter
        state = Mutex(
            State(
                fractions: Array(repeating: 0, count: steps.count), results: Array(repeating: nil, count: steps.count)))
    }

    /// The outcomes in the order of the steps.
    var results: [EngineResult] { state.withLock { $0.results.compactMap { $0 } } }

    /// The index of a step that nobody has taken; `nil` when there is none or another one has failed.
    func take() -> Int? {
        state.withLock { state in
            guard !state.isStopped, state.next < state.results.count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    /// No further step is begun.
    func stop() { state.withLock { $0.isStopped = true } }

    func finish(_ index: Int, _ result: EngineResult) {
        state.withLock { $0.results[index] = result }
        show(index, 1)
    }

    func show(_ index: Int, _ fraction: Double) {
        let (sum, count) = state.withLock { state in
            state.fractions[index] = max(state.fractions[index], fraction)
            return (state.fractions.reduce(0, +), state.fractions.count)
        }
        meter.report(done: Int(1000 * sum), expected: 1000 * count)
    }
}
