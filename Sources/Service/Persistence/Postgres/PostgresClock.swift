import Synchronization
import Time

/// The database's time of day, followed by the machine's monotonic clock between two looks, so that all machines that work
/// on one database count leases alike.
final class PostgresClock: Sendable {
    private struct Reading {
        /// What is to be added to the monotonic clock, in milliseconds.
        var offset: Int64
        /// How far it may be off, in milliseconds: the time of the question and its answer.
        var doubt: Int64
        var takenAt: MonotonicTime
    }

    private let reading = Mutex<Reading?>(nil)

    /// A doubtful reading replaces a good one that is older than this.
    private static let goodFor = Duration.seconds(10)

    /// The present moment; the machine's own time of day before the first reading.
    var now: Timestamp {
        guard let offset = reading.withLock({ $0?.offset }) else { return SystemClock().now }
        return Timestamp(milliseconds: MonotonicTime.now().nanoseconds / 1_000_000 + offset)
    }

    /// Takes a reading.
    ///
    /// - Parameters:
    ///   - milliseconds: The database's time of day.
    ///   - askedAt: When it was asked for.
    func take(_ milliseconds: Int64, askedAt: MonotonicTime) {
        let answeredAt = MonotonicTime.now()
        let (asked, answered) = (askedAt.nanoseconds / 1_000_000, answeredAt.nanoseconds / 1_000_000)
        let new = Reading(offset: milliseconds - (asked + answered) / 2, doubt: answered - asked, takenAt: answeredAt)
        reading.withLock { known in
            // One that contradicts the old one is right: the database's clock was set, or this machine slept.
            guard let old = known, new.doubt > old.doubt, answeredAt < old.takenAt + Self.goodFor,
                abs(new.offset - old.offset) <= new.doubt + old.doubt
            else {
                known = new
                return
            }
        }
    }
}
