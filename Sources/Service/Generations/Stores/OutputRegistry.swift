public import Time

/// What an installation remembers of the files that it has made. Records come with the end of an attempt
/// (`AttemptReport.records`).
public protocol OutputRegistry: Sendable {
    /// The records of a file, by its digest, or of a watermark, the newest first. Several files can have the same number.
    func outputRecords(digest: String) async throws -> [OutputRecord]
    func outputRecords(watermark: UInt32) async throws -> [OutputRecord]
    /// The newest records of files that have a fingerprint, the newest first.
    func newestFingerprints(limit: Int) async throws -> [OutputRecord]
    /// Removes records from before a moment, some at a time; gives how many.
    func removeOutputRecords(before moment: Timestamp) async throws -> Int
}
