package import CKernels
import Media

extension Plane {
    /// The plane as the C kernels take it; valid as long as the plane's memory.
    package var kernelPlane: lipsmith_plane {
        lipsmith_plane(base: UnsafePointer(base), width: Int32(width), height: Int32(height), stride: stride)
    }

    /// The mean of every `step`th sample of every `step`th line in a rectangle inside the plane; 0 for an empty one.
    @inline(__always)
    func mean(_ columns: Range<Int>, _ rows: Range<Int>, step: Int) -> Float {
        // Counted loops: a stride's overflow checks take several times as long as the sum.
        let columnCount = (columns.count + step - 1) / step
        let rowCount = (rows.count + step - 1) / step
        var sum = 0
        var line = base + rows.lowerBound * stride + columns.lowerBound
        for _ in 0..<rowCount {
            for index in 0..<columnCount { sum &+= Int(line[index &* step]) }
            line += step * stride
        }
        return Float(sum) / Float(max(columnCount * rowCount, 1))
    }
}
