import Synchronization

/// Something of which somebody may be waiting to hear.
public enum ChangeTopic: Hashable, Sendable {
    /// A job may be due.
    case jobs
    /// A delivery may be due.
    case deliveries
    /// A batch may have come to its end.
    case batches
    /// A generation has changed.
    case generation(GenerationID)
    /// A generation of an organisation has changed or is new.
    case organisation(OrganisationID)
}

/// Wakes whoever waits for a change. It carries no news itself: who wakes reads the store.
///
/// It works within one process; what is told of every announcement may carry it to others.
///
/// To miss nothing, observe first, then read the store, then wait:
/// ```
/// let observation = signal.observe(.jobs)
/// if let job = try await store.claimJob(…) { … } else { await observation.wait(atMost: .seconds(5)) }
/// ```
public final class ChangeSignal: Sendable {
    fileprivate struct State {
        var observations: [ChangeTopic: [ObjectIdentifier: Observation]] = [:]
        var isEnded = false
        var forward: (@Sendable (ChangeTopic) -> Void)?
    }

    fileprivate let state = Mutex(State())

    /// Makes a signal that nobody observes.
    public init() {}

    /// Tells of every announcement of this process, so that it can be carried to others.
    public func forward(to body: @escaping @Sendable (ChangeTopic) -> Void) { state.withLock { $0.forward = body } }

    /// Wakes all who observe `topic`, here and wherever announcements are carried.
    public func announce(_ topic: ChangeTopic) {
        announceFromElsewhere(topic)
        state.withLock { $0.forward }?(topic)
    }

    /// Wakes everybody here: what was announced elsewhere meanwhile is not known.
    public func announceEverything() {
        let observations = state.withLock { $0.observations.values.flatMap(\.values) }
        for observation in observations { observation.fire() }
    }

    /// Wakes all who observe `topic` in this process.
    public func announceFromElsewhere(_ topic: ChangeTopic) {
        let observations = state.withLock { Array($0.observations[topic, default: [:]].values) }
        for observation in observations { observation.fire() }
    }

    /// Wakes all who observe a generation or its organisation.
    public func announceChange(of id: GenerationID, organisation: OrganisationID) {
        announce(.generation(id))
        announce(.organisation(organisation))
    }

    /// Whether the process stops: nobody should wait for changes any more.
    public var isEnded: Bool { state.withLock { $0.isEnded } }

    /// Wakes everybody, since the process stops.
    public func end() {
        let observations = state.withLock { state in
            state.isEnded = true
            return state.observations.values.flatMap(\.values)
        }
        for observation in observations { observation.fire() }
    }

    /// Begins to listen; an announcement from here on ends the next wait.
    public func observe(_ topic: ChangeTopic) -> Observation {
        let observation = Observation(topic: topic, signal: self)
        state.withLock { $0.observations[topic, default: [:]][ObjectIdentifier(observation)] = observation }
        return observation
    }

    fileprivate func forget(_ observation: Observation) {
        state.withLock {
            $0.observations[observation.topic]?[ObjectIdentifier(observation)] = nil
            if $0.observations[observation.topic]?.isEmpty == true { $0.observations[observation.topic] = nil }
        }
    }

    /// One listener. End it with `cancel()`.
    public final class Observation: Sendable {
        private struct Waiting {
            var isFired = false
            /// Counts the waits, so that the timer of an earlier one ends no later one.
            var number = 0
            var endedNumber = 0
            var continuation: CheckedContinuation<Bool, Never>?
        }

        fileprivate let topic: ChangeTopic
        private let signal: ChangeSignal
        private let waiting = Mutex(Waiting())

        fileprivate init(topic: ChangeTopic, signal: ChangeSignal) {
            self.topic = topic
            self.signal = signal
        }

        /// Waits for an announcement since the observation began or since the last wait ended. One caller at a time.
        ///
        /// - Returns: Whether there was one; false when the time is over or the task was cancelled.
        @discardableResult
        public func wait(atMost limit: Duration) async -> Bool {
            let number = waiting.withLock { state in
                state.number += 1
                return state.number
            }
            let timer = Task {
                try? await Task.sleep(for: limit)
                self.end(number)
            }
            defer { timer.cancel() }
            return await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isFired = waiting.withLock { state -> Bool? in
                        if state.isFired {
                            state.isFired = false
                            return true
                        }
                        if state.endedNumber == number { return false }
                        state.continuation = continuation
                        return nil
                    }
                    if let isFired { continuation.resume(returning: isFired) }
                }
            } onCancel: {
                self.end(number)
            }
        }

        /// Stops to listen.
        public func cancel() { signal.forget(self) }

        fileprivate func fire() {
            let continuation = waiting.withLock { state in
                let continuation = state.continuation.take()
                if continuation == nil { state.isFired = true }
                return continuation
            }
            continuation?.resume(returning: true)
        }

        private func end(_ number: Int) {
            let continuation = waiting.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard state.number == number else { return nil }
                state.endedNumber = number
                return state.continuation.take()
            }
            continuation?.resume(returning: false)
        }
    }
}
