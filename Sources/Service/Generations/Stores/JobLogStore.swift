/// The logs of jobs. What changes a job notes the line with it, in the same transaction, so that a log tells every state
/// once and in order.
public protocol JobLogStore: Sendable {
    /// The lines of a generation's log behind `number`, oldest first.
    ///
    /// - Parameter number: 0 for the whole log.
    func jobEvents(of id: GenerationID, after number: Int, limit: Int) async throws -> [JobEvent]
    /// The newest lines of a generation's log, oldest first.
    func newestJobEvents(of id: GenerationID, limit: Int) async throws -> [JobEvent]
}
