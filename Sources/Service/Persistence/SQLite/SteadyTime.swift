import Generations
import Time

/// The steady time of a store's file: a machine's monotonic clock and an offset that is kept in the file, so that every
/// process counts alike and the time goes on after the machine was started anew.
enum SteadyTime {
    /// What is to be added to the clock.
    ///
    /// A machine that was started anew, or another machine, has a clock of another epoch. Nobody who held a lease before
    /// lives any more, and how long the machine was off is not known: leases end, and what waits for its pause is due.
    static func offset(of clock: any SteadyClock, in connection: SQLiteConnection) throws -> Int64 {
        try connection.run("BEGIN IMMEDIATE")
        do {
            let offset = try offsetInTransaction(clock, connection)
            try connection.run("COMMIT")
            return offset
        } catch {
            if connection.isInTransaction { try? connection.run("ROLLBACK") }
            throw error
        }
    }

    /// Keeps the present moment, from which the time goes on after a start of the machine.
    static func keep(_ now: Timestamp, _ connection: any Connection) throws {
        try connection.execute("UPDATE steady_clock SET seen_ms = max(seen_ms, ?)", [.time(now)])
    }

    private static func offsetInTransaction(_ clock: any SteadyClock, _ connection: SQLiteConnection) throws -> Int64 {
        let known = try connection.first("SELECT epoch, offset_ms, seen_ms FROM steady_clock") {
            (epoch: $0.text(0), offset: $0.integer(1), seen: $0.integer(2))
        }
        // Where nobody names the epoch, a clock that has gone back tells another one.
        if let known, known.epoch == clock.epoch, clock.milliseconds + known.offset >= known.seen {
            return known.offset
        }
        // The newest moment of which the file knows: kept every minute and at a stop, and leases are renewed every few
        // seconds. A new file begins with the time of day, in which earlier versions counted.
        let newest = try connection.first("SELECT max(lease_ms) FROM jobs") { $0.integer(0) } ?? 0
        let start = known.map { max($0.seen, newest) } ?? SystemClock().now.milliseconds
        let offset = start - clock.milliseconds
        try connection.execute("DELETE FROM steady_clock")
        try connection.execute(
            "INSERT INTO steady_clock VALUES (?, ?, ?)", [.text(clock.epoch), .integer(offset), .integer(start)])
        if known != nil {
            try connection.execute(
                "UPDATE jobs SET lease_ms = min(lease_ms, ?) WHERE lease_ms IS NOT NULL", [.integer(start)])
            try connection.execute(
                "UPDATE jobs SET first_loss_ms = min(first_loss_ms, ?) WHERE first_loss_ms IS NOT NULL",
                [.integer(start)])
            try connection.execute(
                "UPDATE jobs SET due_ms = ? WHERE lease_ms IS NULL AND due_ms > ?", [.integer(start), .integer(start)])
            try connection.execute(
                "UPDATE deliveries SET due_ms = min(due_ms, ?), lease_ms = NULL WHERE status = 'waiting'",
                [.integer(start)])
        }
        return offset
    }
}
