import Dispatch
import Generations
import Glibc
import Synchronization
import Text

/// Carries what one process announces to all others that work on the same database, by `NOTIFY` and `LISTEN`.
///
/// It promises nothing: what gets lost, such as while the database is away, is found by those who wait when they look the
/// next time. A connection of its own waits for messages on a thread of its own.
public final class PostgresSignals: Sendable {
    private static let channel = "lipsmith_changes"
    /// A message may have 8,000 bytes.
    private static let messageLimit = 7000
    /// How long after a failure the connection is made anew.
    private static let pause = Duration.milliseconds(500)

    private struct State {
        var waiting: Set<ChangeTopic> = []
        var isEnded = false
    }

    private let signal: ChangeSignal
    private let connect: @Sendable () throws -> PostgresConnection
    /// Tells this process's messages from others'.
    private let sender = RandomBytes.uuid()
    private let state = Mutex(State())
    /// A byte in it ends the thread's wait.
    private let wake: (read: Int32, write: Int32)
    private let queue = DispatchQueue(label: "lipsmith.postgres.signals")

    /// Begins to carry; until `end` is called.
    init(_ signal: ChangeSignal, connect: @escaping @Sendable () throws -> PostgresConnection) {
        self.signal = signal
        self.connect = connect
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        wake = (ends[0], ends[1])
        signal.forward { [weak self] in self?.send($0) }
        queue.async { [self] in work() }
    }

    deinit {
        close(wake.read)
        close(wake.write)
    }

    /// Ends the connection.
    public func end() {
        state.withLock { $0.isEnded = true }
        wakeUp()
    }

    private func send(_ topic: ChangeTopic) {
        let isFirst = state.withLock { state in
            state.waiting.insert(topic)
            return state.waiting.count == 1
        }
        if isFirst { wakeUp() }
    }

    private func wakeUp() {
        var byte: UInt8 = 1
        _ = write(wake.write, &byte, 1)
    }

    private func work() {
        while !state.withLock({ $0.isEnded }) {
            do {
                let connection = try connect()
                try connection.run("LISTEN \(Self.channel)")
                // What was announced while nobody listened is not known.
                signal.announceEverything()
                try carry(connection)
            } catch {
                usleep(UInt32(Self.pause.components.attoseconds / 1_000_000_000_000))
            }
        }
    }

    private func carry(_ connection: PostgresConnection) throws {
        while !state.withLock({ $0.isEnded }) {
            var entries = [
                pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&entries, 2, 5000)
            var bytes = [UInt8](repeating: 0, count: 64)
            while read(wake.read, &bytes, bytes.count) > 0 {}
            let topics = state.withLock { state -> Set<ChangeTopic> in
                defer { state.waiting = [] }
                return state.waiting
            }
            for message in Self.messages(topics, sender: sender) {
                try connection.execute("SELECT pg_notify('\(Self.channel)', ?)", [.text(message)])
            }
            // Without a message it finds out whether the server is still there.
            if topics.isEmpty, entries[0].revents == 0 { try connection.execute("SELECT 1", []) }
            try connection.finish()
            for message in try connection.notifications() { receive(message) }
        }
    }

    private func receive(_ message: String) {
        let words = message.split(separator: " ")
        guard let first = words.first, first != sender else { return }
        for word in words.dropFirst() {
            if let topic = ChangeTopic(word: word) { signal.announceFromElsewhere(topic) }
        }
    }

    /// The topics as messages that are short enough, each beginning with its sender.
    static func messages(_ topics: Set<ChangeTopic>, sender: String) -> [String] {
        var messages: [String] = []
        for topic in topics {
            if let last = messages.last, last.utf8.count + 1 + topic.word.utf8.count <= messageLimit {
                messages[messages.count - 1] += " " + topic.word
            } else {
                messages.append("\(sender) \(topic.word)")
            }
        }
        return messages
    }
}

extension ChangeTopic {
    /// The topic in a message; identifiers have no blanks.
    var word: String {
        switch self {
        case .jobs: "jobs"
        case .deliveries: "deliveries"
        case .batches: "batches"
        case .generation(let id): "g:\(id)"
        case .organisation(let id): "o:\(id)"
        }
    }

    init?(word: Substring) {
        switch word {
        case "jobs": self = .jobs
        case "deliveries": self = .deliveries
        case "batches": self = .batches
        case _ where word.hasPrefix("g:"): self = .generation(GenerationID(rawValue: String(word.dropFirst(2))))
        case _ where word.hasPrefix("o:"): self = .organisation(OrganisationID(rawValue: String(word.dropFirst(2))))
        default: return nil
        }
    }
}
