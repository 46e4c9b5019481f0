/// Something that was put right and that an operator should know.
public struct S3Notice: Hashable, Sendable, CustomStringConvertible {
    /// A stable name: `s3_clock_corrected` or `s3_region_corrected`.
    public let code: String
    /// One sentence.
    public let sentence: String

    /// The code and the sentence.
    public var description: String { "\(code): \(sentence)" }
}
