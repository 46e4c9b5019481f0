import Synchronization

/// How far an attempt is, for whoever keeps its lease.
final class AttemptProgress: Sendable {
    /// The share of the whole that inputs take.
    static let resolvedShare = 0.05
    /// The share at which the output is made, and about to be stored.
    private static let renderedShare = 0.97

    /// The share of the whole at which `fraction` of the output is made.
    static func rendered(_ fraction: Double) -> Double { resolvedShare + fraction * (renderedShare - resolvedShare) }

    private let share = Mutex(0.0)

    /// 0 … 1.
    var value: Double { share.withLock { $0 } }

    /// Shows a share unless a larger one was shown.
    func show(_ value: Double) { share.withLock { $0 = max($0, value) } }
}
