import Generations

/// Where a watcher of a job is in its events.
///
/// Each line of the log is a frame, and where it has changed the job's state or progress, a status is another: line `n` has
/// the frames `2n − 1` and `2n`. Statuses up to the line at which a stream was opened are left out, since its first status
/// has told what came of them; a stream that goes on leaves out the same ones.
struct JobFrame: Hashable, Sendable {
    /// The last frame that was sent; 0 for none.
    var number: Int
    /// The newest line when the stream was first opened.
    var openedAt: Int

    init(number: Int, openedAt: Int) {
        self.number = number
        self.openedAt = openedAt
    }

    /// Reads what a client sends back; nil for anything else.
    init?(id: String) {
        let parts = id.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let openedAt = parts[1], number >= 0, openedAt >= 0,
            "\(number).\(openedAt)" == id
        else { return nil }
        self.init(number: number, openedAt: openedAt)
    }

    /// What is sent as `id`.
    var id: String { "\(number).\(openedAt)" }

    /// The line of the log of which every frame was sent.
    var line: Int { number / 2 }

    static func log(_ line: Int) -> Int { 2 * line - 1 }
    static func status(_ line: Int) -> Int { 2 * line }
}
