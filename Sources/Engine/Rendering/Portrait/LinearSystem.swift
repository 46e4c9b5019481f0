import CKernels

/// Small dense systems of linear equations.
enum LinearSystem {
    /// Solves for one right-hand side, the last column of `rows` (row-major, `unknowns + 1` long); `nil` where the
    /// matrix is singular.
    static func solve(_ rows: inout [Double], unknowns: Int) -> [Double]? {
        let isSingular = rows.withUnsafeMutableBufferPointer {
            lipsmith_solve($0.baseAddress!, Int32(unknowns), 1) != 0
        }
        return isSingular ? nil : (0..<unknowns).map { rows[$0 * (unknowns + 1) + unknowns] }
    }
}
