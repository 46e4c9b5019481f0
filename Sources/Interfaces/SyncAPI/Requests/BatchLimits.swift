import Generations
import Text

/// What a batch's file may hold.
public struct BatchLimits: Sendable {
    /// The fewest lines.
    public var minimumLines = 20
    /// The most lines.
    public var maximumLines = 1000
    /// The most bytes.
    public var maximumByteCount = 5 * 1024 * 1024

    /// The contract's limits.
    public init() {}

    /// Refuses a file with too few or too many lines, or with a name used twice; names the first wrong line.
    ///
    /// - Parameter lines: The number of each name's line, where it is not its place in the list, from 1.
    public func check(requestNames: [String], lines: [Int]? = nil) throws(SyncError) {
        guard (minimumLines...maximumLines).contains(requestNames.count) else {
            throw SyncError(
                .generationInputValidationFailed,
                "A batch has \(minimumLines) to \(maximumLines) lines; this one has \(requestNames.count).")
        }
        var seen: Set<String> = []
        for (index, name) in requestNames.enumerated() where name.isEmpty || !seen.insert(name).inserted {
            let line = lines?[index] ?? index + 1
            throw SyncError(
                .generationInputValidationFailed, "Line \(line): request_id must be there and must be unique.",
                field: "request_id", parameters: ["lineNumber": .integer(Int64(line))])
        }
    }
}
