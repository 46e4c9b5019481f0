import Generations

/// How the attempts at a job, or at a part of one, are kept.
extension AttemptLedger {
    /// The columns, in the order of `read` and `values`.
    static let columns = "due_ms, fence, worker, lease_ms, failures, losses, first_loss_ms"
    static let columnCount: Int32 = 7
    /// The right side of an UPDATE's SET.
    static let assignments =
        "due_ms = ?, fence = ?, worker = ?, lease_ms = ?, failures = ?, losses = ?, first_loss_ms = ?"

    /// - Parameter first: The position of the first of `columns`.
    static func read(_ row: Row, from first: Int32) -> AttemptLedger {
        let fence = row.integer(first + 1)
        return AttemptLedger(
            dueAt: row.time(first), fence: fence,
            lease: row.optionalTime(first + 3).map { Lease(worker: row.text(first + 2), fence: fence, expiresAt: $0) },
            failureCount: row.int(first + 4), lossCount: row.int(first + 5),
            firstLossAt: row.optionalTime(first + 6))
    }

    var values: [SQLValue] {
        [
            .time(dueAt), .integer(fence), .optional(lease?.worker), .time(lease?.expiresAt),
            .integer(Int64(failureCount)), .integer(Int64(lossCount)), .time(firstLossAt),
        ]
    }
}
