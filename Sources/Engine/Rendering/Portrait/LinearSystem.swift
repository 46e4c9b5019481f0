import CKernels

/// Small dense systems of linear equations.
enum LinearSystem {
    /// Solves for one right-hand side, the last column of `rows`; `nil` when the matrix is singular.
    ///
    /// - Parameter rows: Row-major, `unknowns` rows of `unknowns + 1` values; overwritten.
    static func solve(_ rows: inout [Double], unknowns: Int) -> [Double]? {
        let isSingular = rows.withUnsafeMutableBufferPointer {
            lipsmith_solve($0.baseAddress!, Int32(unknowns), 1) != 0
        }
        return isSingular ? nil : (0..<unknowns).map { rows[$0 * (unknowns + 1) + unknowns] }
    }
}
