/// How large the parts of an upload are whose whole size nobody knows yet.
package enum S3PartPlan {
    /// S3 takes no more parts.
    package static let maximumCount = 10_000

    /// The size of a part: 8 MiB for the first thousand (8 GB), since some services want parts of one size, then more with
    /// each thousand, so that all of them hold 460 GB.
    ///
    /// - Parameter number: 1 … 10,000.
    package static func byteCount(ofPart number: Int, first: Int = 8 << 20) -> Int { first * (1 + (number - 1) / 1000) }

    /// The least size of equal parts that hold a file of known size.
    package static func byteCount(forFileOf byteCount: Int64, first: Int = 8 << 20) -> Int {
        let least = (byteCount + Int64(maximumCount) - 1) / Int64(maximumCount)
        let mebibyte: Int64 = 1 << 20
        return max(first, Int((least + mebibyte - 1) / mebibyte * mebibyte))
    }
}
