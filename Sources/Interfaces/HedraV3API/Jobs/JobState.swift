import Generations

/// Where a job stands, in the contract's four words.
enum JobState: String, Sendable {
    case queued = "IN_QUEUE"
    case running = "IN_PROGRESS"
    case completed = "COMPLETED"
    case failed = "FAILED"

    init(_ status: GenerationStatus) {
        switch status {
        case .pending: self = .queued
        case .processing, .finalizing: self = .running
        case .completed: self = .completed
        case .failed, .rejected: self = .failed
        }
    }

    /// Where a job stands after an event.
    init(after kind: JobEvent.Kind) {
        switch kind {
        case .queued: self = .queued
        case .started, .recovered, .retryScheduled, .progress, .finalizing: self = .running
        case .completed: self = .completed
        case .failed: self = .failed
        }
    }

    var isTerminal: Bool { self == .completed || self == .failed }

    /// How far, as a fraction that is 1 for the completed alone.
    func shown(_ progress: Double) -> Double { self == .completed ? 1 : min(max(progress, 0), 0.99) }
}
