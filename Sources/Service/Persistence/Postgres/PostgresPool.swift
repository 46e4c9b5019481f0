import Dispatch
import Generations
import Queues
import Synchronization
import Time

/// A bounded number of connections, each made when it is needed first and used by one caller at a time, on a thread that
/// may wait. Who finds none free waits in turn, for a limited time.
final class PostgresPool: Sendable {
    /// A connection and the thread on which it is used.
    private final class Place: Sendable {
        // Touched on `queue` alone, which the compiler cannot see.
        struct Box: @unchecked Sendable {
            var connection: PostgresConnection?
        }

        let queue: DispatchQueue
        let box = Mutex(Box())

        init(_ number: Int) { queue = DispatchQueue(label: "lipsmith.postgres.\(number)") }
    }

    private struct Waiting {
        let number: Int
        let continuation: CheckedContinuation<Place?, Never>
    }

    private struct State {
        var free: [Place]
        var waiting: [Waiting] = []
        var lastNumber = 0
    }

    private let makeConnection: @Sendable () throws -> PostgresConnection
    private let waitLimit: Duration
    private let state: Mutex<State>
    /// The newest failure to connect, for those who come shortly after it: a server that is away must not keep each of them
    /// waiting.
    private let refusal = Mutex<(error: PostgresError, at: MonotonicTime)?>(nil)
    private static let refusalTime = Duration.milliseconds(300)

    /// - Parameters:
    ///   - size: The most connections at once.
    ///   - waitLimit: How long a caller waits for a free one.
    init(size: Int, waitLimit: Duration, makeConnection: @escaping @Sendable () throws -> PostgresConnection) {
        self.makeConnection = makeConnection
        self.waitLimit = waitLimit
        state = Mutex(State(free: (0..<max(size, 1)).map(Place.init)))
    }

    /// Runs `body` with a connection, which is given up if it was lost.
    ///
    /// - Throws: `StoreError` of code `busy` where none was free in time; `PostgresError`; what `body` throws.
    func use<Value: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> Value) async throws -> Value {
        guard let place = await takePlace() else {
            throw StoreError(code: .busy, detail: "no connection to the database was free in time")
        }
        defer { giveBack(place) }
        return try await place.queue.value { [self] in
            try place.box.withLock { box in
                if box.connection?.isUsable != true { box.connection = nil }
                let connection = try box.connection ?? connect()
                box.connection = connection
                do {
                    try connection.tidyUp()
                    return try body(connection)
                } catch let error as PostgresError where error.isConnectionLost {
                    box.connection = nil
                    throw error
                }
            }
        }
    }

    private func connect() throws -> PostgresConnection {
        let known = refusal.withLock { $0 }
        if let known, MonotonicTime.now() < known.at + Self.refusalTime { throw known.error }
        do { return try makeConnection() } catch let error as PostgresError {
            refusal.withLock { $0 = (error, .now()) }
            throw error
        }
    }

    private func takePlace() async -> Place? {
        let (place, number) = state.withLock { state -> (Place?, Int) in
            state.lastNumber += 1
            // The last one that was used has the warmest connection.
            return (state.waiting.isEmpty ? state.free.popLast() : nil, state.lastNumber)
        }
        if let place { return place }
        let timer = Task { [waitLimit] in
            try? await Task.sleep(for: waitLimit)
            self.sendAway(number)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            let place = state.withLock { state -> Place? in
                if let place = state.free.popLast() { return place }
                state.waiting.append(Waiting(number: number, continuation: continuation))
                return nil
            }
            if let place { continuation.resume(returning: place) }
        }
    }

    private func sendAway(_ number: Int) {
        let waiting = state.withLock { state -> Waiting? in
            state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
        }
        waiting?.continuation.resume(returning: nil)
    }

    private func giveBack(_ place: Place) {
        let next = state.withLock { state -> Waiting? in
            guard !state.waiting.isEmpty else {
                state.free.append(place)
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.continuation.resume(returning: place)
    }
}
